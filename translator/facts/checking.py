"""Whether every fact of a source stands in its translation: numbers, times, measures, days, signs and codes.

Both texts are read for what they say, not for how: `1.234,50 €` is 1234.5 and euro, and so is `1,234.5 euros`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from translator.facts import clock, meaning, numbers, words

_WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*+")
# What is measured stands behind the number, a currency before it too.
_MEASURE = re.compile(r"(?<=\d)(?:,-+|,\u2013)?[ \u00a0\u202f]?([%‰€$£¥°][CF]?|[a-zA-ZäöüßµμÄÖÜ][\w/²³-]{0,30})(?!\w)")
# "2,5 Mrd. Euro": what is counted stands behind the power of ten.
_POWERS = (
    r"(?<=\d)[ \u00a0\u202f]?"
    r"((?:Tsd|Mio|Mill|Mrd|Bio)\.|Tausend|Mio|Mrd|Million(?:en)?|Milliarden?|Billion(?:en)?)[ \u00a0\u202f]"
)
POWER = re.compile(_POWERS)
# Behind a number: a word that it counts.
_OF_SOMETHING = re.compile(r"[.)]?[ \u00a0\u202f-]?[^\W\d_]|[.%°€$/]")
_OF_POWER = re.compile(rf"{_POWERS}(?P<unit>[€$£¥]|[A-ZÄÖÜ][a-zA-ZäöüßÄÖÜ-]{{1,20}})(?!\w)")
_BEFORE = re.compile(r"(?<![\w])([€$£¥]|EUR|USD|CHF|GBP)[ \u00a0\u202f]?(?=\d)")
# These mean something else in the other case: 5 G, 100 v. Chr.
_CASED = frozenset(("g", "m", "t", "l", "s", "h", "v", "w", "bar", "mb", "mw"))
_CASE_OF = {"v": "V", "w": "W", "mb": "MB", "mw": "MW"}
# Letters and digits in one word, that is no number with an ending: A4, 0x80070005, H2O.
_CODE = re.compile(r"(?<!\w)(?=[^\W\d_]{0,20}\d)(?:[^\W\d_]{1,20}\d|\d{1,20}[A-Za-z](?![a-zäöüß]{2}))\w*+(?!\w)")
# What begins with a letter has no number that answers for one of the source: the 1 of X1. Only in scripts that put spaces
# between words and nothing before a number: others write 持续45分钟.
_NAMED = re.compile(r"(?<!\w)[A-Za-z\u00c0-\u024f\u0370-\u04ff]{1,20}\d\w*+")
_ENDINGS = re.compile(r"\d+(?:er|te[nrs]?|st|x|h|e|s|m|km|g|kg|l|cm|mm|[ap]m)")
# A sign belongs to a number if nothing stands before it, and no range or part of a word is meant.
_NEGATIVE = re.compile(r"(?:^|(?<=[\s(]))[-\u2212\u2013]\d|\b[Mm]inus \d")
_MINUS = re.compile(r"[-\u2212\u2013]\s?\d|\b[Mm]inus\b|\b(?:below|under|negative)\b")
# "in den 80er Jahren", "die 60er und 70er Jahre": not 80 years.
_DECADE = re.compile(r"(?<![\d.,])(\d{1,3}0)er\b(?=[- ](?:Jahre|(?:und|bis|oder|zu den) \d{1,3}0er[- ]Jahre))")
# A number or sign with a part of a word behind it ("1duction", "€Really"), or two words in one; "1990s" and "18th" are well.
_GLUED = re.compile(r"\d[^\W\d_]{3,}|[€$£%§][^\W\d_]{2}|[^\W\d_]{2}\.[a-z]")
_SIGNS = {
    "½": "half 1/2 .5",
    "¼": "quarter 1/4 .25",
    "¾": "three 3/4 .75",
    "²": "square squared sq",
    "³": "cubic cubed cc",
    "\u00d7": "x by times",
    "±": "plus-minus plus",
    "‰": "permille per mille thousand",
    "§": "section sections para paragraph article",
    "°": "degrees degree",
    "€": "euro euros eur",
    "£": "pound pounds gbp",
    "$": "dollar dollars usd",
    "¥": "yen",
    "%": "percent per percentage pct",
    "µ": "micro microns micrometres micrometers microgram micrograms",
    "™": "",
    "®": "",
    "©": "",
    "÷": "divided",
    "¹": "",
    "=": "equals equal",
    "+": "plus and",
}
# Less and more than a number, and before and after Christ: in figures or in words.
_COMPARED = [
    (re.compile(source), re.compile(target))
    for source, target in (
        (r"<(?= ?\d)", r"<|\b(?:less|under|below|fewer|smaller|than|lower)\b"),
        (r"(?<![-=>])>(?= ?\d)", r">|\b(?:more|over|above|greater|larger|than|higher)\b"),
        (r"\d ?v\. ?Chr\b", r"\bB\.? ?C\b|\bBCE\b|before"),
        (r"\d ?n\. ?Chr\b", r"\bA\.? ?D\b|\bCE\b|after"),
    )
]
_SIGN = re.compile(f"[{re.escape(''.join(_SIGNS))}\u2070-\u2094\u2150-\u215f]")


# A king's number, a volume's, a century's.
_ROMAN = re.compile(r"(?<![\w-])[IVX]{2,8}(?![\w-])")
DIGIT = re.compile(r"\d")
_MONTH_OF = {str(number): month.lower() for number, month in enumerate(words.GERMAN_MONTHS, 1)}
_DAYS = frozenset(day for day in words.CALENDAR.values() if day.endswith("day"))
_SAYS = frozenset(("uhr", *words.GERMAN, *words.CALENDAR))


class Said:
    """What a translation says: its numbers, words and times, of which each answers for one fact of the source."""

    def __init__(self, text: str, *, comma: bool) -> None:
        self.text = text
        self.folded = text.casefold().replace("per cent", "percent")
        self.words = Counter(_WORD.findall(self.folded))
        for word in list(self.words):
            if "-" in word and word not in words.ENGLISH:
                self.words.update(word.split("-"))
        self.measures = set(_MEASURE.findall(self.folded))
        found = list(numbers.read(_NAMED.sub(" ", text), comma=comma))
        self.texts = Counter(number.text for number in found if not number.worth or "." in number.text)
        self.worths = Counter(number.worth for number in found if number.worth)
        self.parts = Counter(part for number in found if not number.worth for part in number.parts)
        dates = (number.parts for number in found if len(number.parts) == 3)
        self.months = {
            words.GERMAN_MONTHS[int(part) - 1].lower()
            for date in dates
            for part in date[:2]
            if 0 < int(part[-9:]) <= 12
        }
        self.digits = {number.digits for number in found} | {part for number in found for part in number.parts}

    def has(self, worth: str) -> bool:
        """Whether there is one more of a number, in figures or in words."""
        for counter in (self.worths, self.parts):
            if counter[worth] > 0:
                counter[worth] -= 1
                return True
        return self._in_words(worth)

    def has_decade(self, digits: str) -> bool:
        """Whether there is a decade in words: `sixties` for 60 or 1960."""
        tens = int(digits[-2:])
        return any(
            word.endswith("ties") and words.ENGLISH[word] == tens for word in self.words if word in words.ENGLISH
        )

    def has_text(self, text: str) -> bool:
        """Whether there is one more of something written in figures, to the letter."""
        self.texts[text] -= 1
        return self.texts[text] >= 0

    def _in_words(self, worth: str) -> bool:
        whole, _, fraction = worth.partition(".")
        if fraction:
            return (fraction == "5" and "half" in self.words) or (fraction in ("25", "75") and "quarter" in self.words)
        if len(whole) > 12:
            return False
        number = int(whole)
        if not words.SAID.get(number, frozenset()).isdisjoint(self.words):
            return True
        for size, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
            if number % size == 0 and (name in self.words or f"{name}s" in self.words):
                return number == size or self.has(str(number // size))
        return False


def lost(source: str, translation: str, *, comma: bool, german: bool, english: bool) -> list[str]:
    """Return the facts of a source that are not in its translation, and what is there that cannot be right.

    `comma`: the source's language writes a comma before decimals; `german`, `english`: the words of the one and of the other
    text can be read.
    """
    spoken = german and english
    changed = list(meaning.changed(source, translation)) if spoken else []
    changed += ["glued"] * bool(_GLUED.search(translation) and not _GLUED.search(source))
    has_digits, has_signs = DIGIT.search(source), _SIGN.search(source)
    romans = _ROMAN.findall(source) if spoken else []
    named = spoken and not _SAYS.isdisjoint(_WORD.findall(source.lower()))
    if not (has_digits or has_signs or named or romans):
        # Most sentences have none.
        return [*changed, *(_added(source, translation, []) if spoken and DIGIT.search(translation) else ())]
    times = list(clock.german(source)) if spoken else []
    there = list(clock.english(translation)) if times else []
    said = Said(_without(translation, there), comma=comma and not english)
    found = list(_lost_times(times, there, said))
    if has_digits:
        found += _lost_numbers(_without(source, times), said, comma=comma, english=english)
        found += _lost_measures(source, said) if spoken else ()
        found += (
            f"{one}s" for one in _DECADE.findall(source) if f"{one}s" not in said.folded and not said.has_decade(one)
        )
        found += ["minus"] * (len(_NEGATIVE.findall(source)) > len(_MINUS.findall(translation)))
        found += (
            match[0] for one, other in _COMPARED if (match := one.search(source)) and not other.search(translation)
        )
    found += _lost_signs(source, said) if has_signs else ()
    there_too = _ROMAN.findall(translation) if romans else []
    found += (one for one in romans if one not in there_too and not said.has(str(_roman(one))))
    found += _lost_words(_without(source, times), said) if named else ()
    return [*found, *changed, *(_added(source, translation, times) if spoken and DIGIT.search(translation) else ())]


def _roman(text: str) -> int:
    """Return what a number in Roman figures is worth."""
    values = [{"I": 1, "V": 5, "X": 10}[figure] for figure in text]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < after else value for value, after in pairs)


def _lost_times(times: Sequence[clock.Time], there: Sequence[clock.Time], said: Said) -> Iterator[str]:
    left = Counter(time.minutes % 1440 for time in there)
    for time in times:
        minutes = time.minutes % 1440
        left[minutes] -= 1
        # "at nine", "from 9 to 13:00".
        if left[minutes] < 0 and (minutes % 60 or not said.has(str(time.minutes // 60))):
            yield clock.written(time.minutes)


def _without(text: str, times: Sequence[clock.Time]) -> str:
    if not times:
        return text
    out: list[str] = []
    position = 0
    for time in times:
        out.append(text[position : time.start])
        position = time.end
    return " ".join((*out, text[position:]))


def _lost_numbers(source: str, said: Said, *, comma: bool, english: bool) -> Iterator[str]:
    codes = [code for code in _CODE.findall(source) if not _ENDINGS.fullmatch(code)]
    if codes:
        yield from (code for code in codes if code.casefold() not in said.folded)
        source = _CODE.sub(lambda match: match[0] if _ENDINGS.fullmatch(match[0]) else " ", source)
    for number in numbers.read(source, comma=comma):
        if number.worth == "1" and english and not _OF_SOMETHING.match(source, number.end):
            # "den Wert 1": an article does not say so.
            if not (
                said.parts["1"] > 0 or said.worths["1"] > 0 or {"one", "first", "once", "single"} & said.words.keys()
            ):
                yield number.text
            continue
        if number.worth is None and said.has_text(number.text):
            continue
        for worth in [number.worth] if number.worth else number.parts:
            if not said.has(worth) and (english or len(worth) > 1):
                yield number.text


def measures(source: str) -> Iterator[tuple[str, int, int]]:
    """Yield the measures beside the numbers of a German text: the name of each, and where it stands."""
    for pattern in (_MEASURE, _OF_POWER, _BEFORE):
        for match in pattern.finditer(source):
            group = "unit" if pattern is _OF_POWER else 1
            unit = match[group].replace("μ", "µ")
            name = words.MEASURES.get(unit.casefold().rstrip("-"))
            if name and (name not in _CASED or len(unit) > 2 or unit == _CASE_OF.get(name, name)):
                yield name, match.start(group), match.end(group)


def _lost_measures(source: str, said: Said) -> Iterator[str]:
    for name in {name for name, _, _ in measures(source)}:
        if not has_measure(name, said):
            yield name


def has_measure(name: str, said: Said) -> bool:
    """Whether a measure is in a translation."""
    return any(
        one in said.words or one in said.measures or (not one.isalpha() and one in said.folded)
        for one in words.ENGLISH_MEASURES[name]
    )


def _added(source: str, translation: str, times: Sequence[clock.Time]) -> Iterator[str]:
    """Yield numbers of the translation of which the source says nothing, or that it says less often."""
    known = {one for number in numbers.read(source, comma=True) for one in (number.digits, number.worth, *number.parts)}
    known |= {str(words.GERMAN[word]) for word in _WORD.findall(source.lower()) if word in words.GERMAN}
    known |= {str(time.minutes // 60) for time in times}
    meant = {time.minutes % 1440 for time in times}
    if meant:
        translation = _without(
            translation, [time for time in clock.english(translation) if time.minutes % 1440 in meant]
        )
    left = Counter(one for number in numbers.read(source, comma=True) for one in {number.digits, *number.parts})
    left.update(str(words.GERMAN[word]) for word in _WORD.findall(source.lower()) if word in words.GERMAN)
    figures = set(left)
    for number in numbers.read(translation, comma=False):
        left[number.digits] -= 1
        # There is a number that the source does not have, or one twice that is there once.
        unknown = not {number.digits, number.worth} & known and not known.issuperset(number.parts)
        if unknown or (left[number.digits] < 0 and number.digits in figures):
            yield f"+{number.text}"


def _lost_signs(source: str, said: Said) -> Iterator[str]:
    for sign, often in Counter(_SIGN.findall(source)).items():
        there = said.text.count(sign) + (said.text.count("μ") if sign == "µ" else 0)
        if there < often and not any(
            one in said.words or (one in said.text and not one.isalpha()) for one in _SIGNS.get(sign, "").split()
        ):
            yield sign


def _lost_words(source: str, said: Said) -> Iterator[str]:
    meant = Counter(words.CALENDAR.get(word) for word in _WORD.findall(source.lower()))
    # "Monday, Tuesday, Tuesday"
    yield from (f"+{day}" for day in _DAYS if said.words[day] > max(1, meant[day]))
    for match in _WORD.finditer(source):
        word, start = match[0], match.start()
        small = word.casefold() if word.isascii() else word.lower()
        # "montags" has no capital.
        day = words.CALENDAR.get(small) if word[0].isupper() or small.endswith("s") else None
        if (
            day
            and day not in said.words
            and small not in said.months
            and f"{day}s" not in said.words
            and f"{day}'s" not in said.words
        ):
            yield word
        # "Die Elf" is a team, "in Acht nehmen" no number; "Fünfter" is one.
        noun = word[0].isupper() and start and small in words.GERMAN_NOUNS
        number = None if noun else words.GERMAN.get(small)
        if number and not said.has(str(number)):
            yield word
