"""Ways of writing that a model has seldom seen, turned into usual ones before translation.

All capitals, letters set apart for emphasis, words divided in a line, ligatures, and what `german.py` knows.
"""

import re
import unicodedata

from translator.kept.names import CODE
from translator.writing import Length, german

# Letters that printers set as one.
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)
_LIGATURE = re.compile("[\ufb00-\ufb06]")

# "s e h r": three or more letters with one space between; the first may be a capital.
_SET_APART = re.compile(r"(?<!\S)[^\W\d_](?: [^\W\d_A-ZÄÖÜ]){2,}(?![^\W_])")
# "Fens- ter", as copied from a page; "Vor- und Nachteile" is no divided word.
_DIVIDED = re.compile(
    r"(?<=[^\W\d_]{2})[-\u2010] "
    r"(?!(?:und|oder|bis|sowie|bzw|beziehungsweise|wie|noch|als|statt|and|or|to)\b)(?=[a-zäöüß]{2})"
)
_WORD = re.compile(r"\b(?:(?:ge)?th[a-zäöüß]+|[a-zäöüß]*(?:ey|ieng)[a-zäöüß]*)\b")
_OLD_LETTERS = (("Th", "T"), ("th", "t"), ("ey", "ei"), ("ieng", "ing"), ("Oe", "Ö"), ("Ae", "Ä"), ("Ue", "Ü"))
# The second of two compounds lends its end to the first: "Vor- und Nachteile". Longer words are no words, and each of
# their letters would be tried.
_SHORTENED = re.compile(r"\b([A-ZÄÖÜ][a-zäöüß]+)- (und|oder|bis|sowie) ([A-ZÄÖÜ][a-zäöüß]{5,40})\b")
_SHORTEST_END = 4
# Tokens of a word that the model knows: one, and the mark at the end of a sentence that an engine may count.
_KNOWN = 2
_WORD = re.compile(r"[^\W\d_]+")
# Two words of four letters that are all capitals are no abbreviations ("NATO" alone may be one).
_LONG, _LONG_WORDS = 4, 2
# What stands for something that is kept, or looks like it.
_CODE = re.compile(f"({CODE.pattern})")


def usual(text: str, language: str, length: Length) -> str:
    """Return the text in whole letters, without letters set apart and divided words, and German as it is usually spelt."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if _LIGATURE.search(text):
            text = text.translate(_LIGATURES)
    if " " in text:
        text = _SET_APART.sub(lambda match: match.group().replace(" ", ""), text)
        if "- " in text or "\u2010 " in text:
            text = _DIVIDED.sub("", text)
    return german.usual(text, length) if language.partition("-")[0] == "de" else text


def in_capitals(text: str, length: Length) -> bool:
    """Whether the whole text is in capitals, and more than a name or an abbreviation. Masked names do not count.

    A word alone counts where the model knows it better with one capital: STOPP, and not NATO.
    """
    if not text.isupper():
        return False
    long = [word for word in _WORD.findall(text) if len(word) >= _LONG]
    return len(long) >= _LONG_WORDS or any(
        min(map(length, _with_sharp_s(word.capitalize()))) < length(word) for word in long
    )


def small(text: str, length: Length) -> str:
    """Return a text in capitals in small letters, words with a capital where the model knows them so.

    A word that is usually written with a capital has fewer tokens with it. The first word gets one, and so does a longer
    word where both have as many.
    """

    def choose(match: re.Match[str]) -> str:
        word = match.group()
        lower, title = min(_with_sharp_s(word.lower()), key=length), min(_with_sharp_s(word.capitalize()), key=length)
        if match.start() == 0:
            return title
        more = length(title) - length(lower)
        return title if more < 0 or (more == 0 and len(word) > _LONG) else lower

    return "".join(part if _CODE.fullmatch(part) else _WORD.sub(choose, part) for part in _CODE.split(text))


def _with_sharp_s(word: str) -> tuple[str, ...]:
    """Return a word as it is and with ß, which capitals write as SS."""
    return (word, word.replace("ss", "ß")) if "ss" in word else (word,)
