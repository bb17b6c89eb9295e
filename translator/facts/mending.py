"""Facts that a model left as German writes them, or half changed, written as English does.

Only what cannot be meant otherwise is written anew: a number with all its digits, a time that is right but for its half of
the day. The rest is for the checks to say.
"""

import re
from collections import Counter
from collections.abc import Iterable

from translator.facts import checking, clock, numbers, words

_ORDINAL = re.compile(r"\b(\d{1,6})(?:st|nd|rd|th)\b")
# "der 44. Präsident": behind a small word, or the first one; "Rang 5. Dann" and "um 14. Heute" are ends of sentences.
_GERMAN_ORDINAL = re.compile(
    r"(?:(?<!\w)(?!um )[a-zäöüß]++|^\W*+(?!Um )[A-ZÄÖÜ][a-zäöüß]{1,4}) (\d{1,4})\. "
    rf"(?!(?:{'|'.join(month.capitalize() for month in words.MONTHS)})\b)(?=[^\W\d_])"
)
# "er wurde 2., sie"; a sign of multiplication without its spaces.
_BEFORE_COMMA, _TIMES = re.compile(r"(?<![\w.,])(\d{1,4})\.(?=[,;)])"), re.compile("(?<=\\d) ?\u00d7 ?(?=\\d)")
_PLAIN = re.compile(r"(?<![\w.,:/-])(\d{1,4})(?:\.(?= \w))?(?![\w:/-]|[.,]\d)")
# "1. Tag" that is "1 day"; with its full stop it may be the number of a heading.
_FIRST_ORDINAL, _FIRST_NUMBER = re.compile(r"(\d{1,4})\. [A-ZÄÖÜ]"), re.compile(r"(\d{1,4})(?= [a-z])")
_STROKE = re.compile(r"['\u2019]")
_MACHINE = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|0\d.*")
_ROMAN = re.compile(r"\b([IVXLC]{2,7})\.(?= [a-zäöüß])")
_IMPOSSIBLE = re.compile(r"\b(?:1[3-9]|2[0-3])(?:[.:]\d\d)? ?[ap]\.? ?m\b\.?", re.IGNORECASE)
_LETTER = re.compile(r"[^\W_]")
# Behind a number that has lost its unit: an end, or a word that no unit is.
_ALONE = re.compile(
    r"(?: ?[-\u2013]? ?[,;:.!?)]| ?$"
    r"| (?:is|are|was|were|and|or|in|for|per|of|on|at|with|from|than|by|a|the|to|will|has|have)\b)"
)
_POWER = re.compile(r" (?:thousand|million|billion|trillion)s?\b")
_MONTH = re.compile("|".join(month.capitalize() for month in set(words.CALENDAR.values()) if not month.endswith("day")))


# "3, May" for "3. Mai", "83.2 million Mio." for "83,2 Mio.".
_DAY_APART = re.compile(rf"\b(\d{{1,2}}), (?=(?:{_MONTH.pattern})\b)")
_TWICE = re.compile(r"\b([mb]illion) M(?:io|rd)\b\.?")
# "Bild: © Koch" that became "Image:© Koch".
_COPYRIGHT = re.compile(r"(?<=[^\s(\[])©")
# "9–18" that became "9-18".
_RANGE, _HYPHEN = re.compile(r"(?<=\d)\u2013(?=\d)"), re.compile(r"(?<=\d)-(?=\d)")


# "Herrn Bäcker", "Frau Ministerin Koch", each with its name or what stands for it.
_TITLE = re.compile(r"\b(Herrn?|Frau|Fräulein) ([^\W\d_a-zäöü]\w*)(?: ([^\W\d_a-zäöü]\w*))?")
_ENGLISH_TITLE = r"\b(?:[Mm]rs?|[Mm]s|[Mm]iss|Herrn?|Frau|Fräulein|[Ww]oman|[Ww]ife|[Ll]ady|[Gg]entleman)\b\.? "
_TITLES = {"Herr": "Mr", "Herrn": "Mr", "Frau": "Ms", "Fräulein": "Miss"}
_ALSO = {"Ms": ("Ms", "Mrs", "Miss")}


def mended(source: str, translation: str) -> str:
    """Return an English translation of a German source with its facts as English writes them, where it is plain how."""
    translation = _titles(source, translation)
    if "©" in source and " ©" in source:
        translation = _COPYRIGHT.sub(" ©", translation)
    if " \u00d7 " in source and "\u00d7" in translation:
        translation = _TIMES.sub(" \u00d7 ", translation)
    if checking.DIGIT.search(source):
        translation = _measures(source, _numbers(source, translation))
        translation = _DAY_APART.sub(
            lambda match: f"{match[1]} " if re.search(rf"(?<!\d)0?{match[1]}\. ?\w", source) else match[0], translation
        )
        translation = _TWICE.sub(r"\1", translation)
        if _RANGE.search(source) and not _HYPHEN.search(source):
            translation = _HYPHEN.sub("\u2013", translation)
    elif "Uhr" not in source and not _ROMAN.search(source):
        return translation
    return _ordinals(source, _times(source, translation))


def swapped(source: str, translation: str) -> str:
    """Return a translation with amounts that stand there as in the source written with point and comma exchanged."""
    return _numbers(source, translation)


def alone(text: str) -> str:
    """Return a text of numbers and signs with its amounts as English writes them; addresses of machines stay."""
    edits = [
        (number.start, number.end, numbers.in_english(number.text))
        for number in numbers.read(text, comma=True)
        if number.worth and not _MACHINE.fullmatch(number.text)
    ]
    return _edited(text, edits)


def _numbers(source: str, translation: str) -> str:
    """Write numbers that have all the digits of one of the source, in its order, as English does."""
    wanted: dict[str, numbers.Number] = {}
    for number in numbers.read(source, comma=True):
        if len(number.digits) > 1 and wanted.setdefault(number.digits, number).text != number.text:
            return translation
    found = [number for number in numbers.read(translation, comma=False) if number.digits in wanted]
    right = {number.digits for number in found if _is_right(number, wanted[number.digits])}
    edits = [
        (number.start, number.end, numbers.in_english(wanted[number.digits].text))
        for number in found
        if not _is_right(number, wanted[number.digits])
        and (number.digits not in right or number.text == wanted[number.digits].text)
    ]
    return _edited(translation, edits)


def _is_right(number: numbers.Number, meant: numbers.Number) -> bool:
    if meant.worth:
        # Only Swiss texts have strokes.
        return number.worth == meant.worth and not _STROKE.search(number.text)
    return number.text == numbers.in_english(meant.text)


def _edited(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """Return a text with other text between some places."""
    out: list[str] = []
    position = 0
    for start, end, new in sorted(edits):
        out += (text[position:start], new)
        position = end
    return "".join((*out, text[position:]))


def _times(source: str, translation: str) -> str:
    """Write times that are only in the other half of the day, and what no clock of twelve hours shows, in 24 hours."""
    wanted = Counter(time.minutes % 1440 for time in clock.german(source))
    if not wanted:
        return translation
    wrong = []
    for time in clock.english(translation):
        if wanted[time.minutes % 1440] > 0 and not _IMPOSSIBLE.fullmatch(translation, time.start, time.end):
            wanted[time.minutes % 1440] -= 1
        else:
            wrong.append(time)
    edits = []
    for time in wrong:
        meant = [minutes for minutes, often in wanted.items() if often > 0 and minutes % 720 == time.minutes % 720]
        if meant:
            wanted[meant[0]] -= 1
            # The point of "p.m." may be the sentence's.
            ends = translation[time.end - 1] == "." and not _LETTER.search(translation, time.end)
            edits.append((time.start, time.end, clock.written(meant[0]) + "." * ends))
    return _edited(translation, edits)


def _titles(source: str, translation: str) -> str:
    """Write the title before a name that it has in the source: a model makes `Mrs Koch` of `Herrn Koch`."""
    for german, *names in _TITLE.findall(source):
        title = _TITLES[german]
        name = "|".join(re.escape(one) for one in names if one)
        wrong = re.search(rf"{_ENGLISH_TITLE}(?=(?:{name})(?!\w))", translation)
        if wrong and wrong[0].rstrip(". ") not in _ALSO.get(title, (title,)):
            translation = f"{translation[: wrong.start()]}{title} {translation[wrong.end() :]}"
    return translation


def _ordinals(source: str, translation: str) -> str:
    """Write 44 as 44th where the source says "44. Präsident", and 2th as 2nd."""
    translation = _ORDINAL.sub(lambda match: _ordinal(match[1]), translation)
    first, written_first = _FIRST_ORDINAL.match(source), _FIRST_NUMBER.match(translation)
    if first and written_first and first[1] == written_first[1]:
        translation = _ordinal(first[1]) + translation[written_first.end() :]
    wanted = Counter(_GERMAN_ORDINAL.findall(source)) if ". " in source else {}
    if wanted:
        written = Counter(number.text for number in numbers.read(source, comma=True))
        found = [match for match in _PLAIN.finditer(translation) if match[1] in wanted]
        often = Counter(match[1] for match in found)
        edits = [
            (match.start(), match.end(), _ordinal(match[1]))
            for match in found
            # As often as in the source, and never there as another number, or the day of a month.
            if often[match[1]] == wanted[match[1]] == written[match[1]]
            and not _MONTH.search(translation, max(0, match.start() - 10), match.end() + 12)
        ]
        translation = _edited(translation, edits)
    commas = set(_BEFORE_COMMA.findall(source))
    if commas:
        translation = _BEFORE_COMMA.sub(
            lambda match: _ordinal(match[1]) if match[1] in commas else match[0], translation
        )
    romans = set(_ROMAN.findall(source))
    return _ROMAN.sub(lambda match: match[1] if match[1] in romans else match[0], translation)


def _ordinal(digits: str) -> str:
    teen = len(digits) > 1 and digits[-2] == "1"
    return digits + ("th" if teen else {"1": "st", "2": "nd", "3": "rd"}.get(digits[-1], "th"))


def _measures(source: str, translation: str) -> str:
    """Put a unit or currency that was lost behind its number again, where that number stands there once and alone.

    Between both there is a space where the source has one: `85 m²`.
    """
    for _, start, end in checking.measures(source):
        unit = source[start:end]
        if source[start - 1].isspace() and unit[0].isalpha() and unit in translation:
            translation = re.sub(rf"(?<=\d){re.escape(unit)}(?![\w²³])", f" {unit}", translation)
    said = checking.Said(translation, comma=False)
    lost = {name: span for name, *span in checking.measures(source) if not checking.has_measure(name, said)}
    edits = []
    for name, (start, end) in lost.items():
        powers = [one.start(1) for one in checking.POWER.finditer(source) if one.end() == start]
        near = powers[0] if powers else start
        beside = {
            number.worth
            for number in numbers.read(source, comma=True)
            if number.end <= near <= number.end + 4 or number.start - 1 <= end <= number.start
        }
        found = [number for number in numbers.read(translation, comma=False) if number.worth in beside]
        if len(found) != 1:
            continue
        place = found[0].end
        if powers and (written := _POWER.match(translation, place)):
            place = written.end()
        if _ALONE.match(translation, place):
            unit = source[start:end] if end - start < 4 else words.ENGLISH_MEASURES[name][0]
            edits.append((place, place, f"{'' if unit == '%' else ' '}{unit}"))
    return _edited(translation, edits)
