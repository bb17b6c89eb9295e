"""Ways of writing that a model has seldom seen, turned into usual ones before translation.

All capitals, letters set apart for emphasis, words divided in a line, German compounds without their end, old spellings.
"""

import re
from collections.abc import Callable

from translator.names import CODE

Length = Callable[[str], int]
"""Counts the tokens of a text. A vocabulary is made from usual text, so what is usual has few tokens."""

# "s e h r": three or more letters with one space between; the first may be a capital.
_SET_APART = re.compile(r"(?<!\S)[^\W\d_](?: [^\W\d_A-ZÄÖÜ]){2,}(?![^\W_])")
# "Fens- ter", as copied from a page; "Vor- und Nachteile" is no divided word.
_DIVIDED = re.compile(
    r"(?<=[^\W\d_]{2})[-\u2010] "
    r"(?!(?:und|oder|bis|sowie|bzw|beziehungsweise|wie|noch|als|statt|and|or|to)\b)(?=[a-zäöüß]{2})"
)
# German before 1901. A text with one of these is old; in others words with a capital may be names (Barth, Meyer, Oetker).
_OLD = re.compile("\u017f|\\b(?:Theil|Thür|Thier|Thurm|Thrän|seyn|sey|bey|gieng|giebt|thun)")
_OLD_BEGINNING = re.compile(r"\b(?:Th|Oe|Ae|Ue)[a-zäöüß]+\b")
_OLD_SMALL_WORD = re.compile(r"\b(?:(?:ge)?th[a-zäöüß]+|[a-zäöüß]*(?:ey|ieng)[a-zäöüß]*)\b")
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
    """Return the text without letters set apart and divided words, and German in the spelling of today."""
    if " " in text:
        text = _SET_APART.sub(lambda match: match.group().replace(" ", ""), text)
        text = _DIVIDED.sub("", text)
    return _german(text, length) if language.partition("-")[0] == "de" else text


def _german(text: str, length: Length) -> str:
    """Return German with old spellings renewed where the model knows the new one better, and compounds completed."""
    is_old = _OLD.search(text) is not None
    text = text.replace("\u017f", "s")

    def renew(match: re.Match[str]) -> str:
        old = new = match.group()
        for was, now in _OLD_LETTERS:
            new = new.replace(was, now)
        return new if new != old and length(new) < length(old) + is_old else old

    def complete(match: re.Match[str]) -> str:
        first, conjunction, second = match.groups()
        cuts = range(2, len(second) - _SHORTEST_END + 1)
        # The cut at which both parts are the best known words, the first of them at a tie: "Nach|teile".
        tokens, cut = min((length(second[:cut]) + length(second[cut:].capitalize()), cut) for cut in cuts)
        whole = first + second[cut:]
        # What the model does not know may be no word.
        known = tokens <= 2 * _KNOWN + 1 and length(whole) <= _KNOWN + 1
        return f"{whole} {conjunction} {second}" if known else match.group()

    text = _OLD_SMALL_WORD.sub(renew, text)
    if is_old:
        text = _OLD_BEGINNING.sub(renew, text)
    return _SHORTENED.sub(complete, text) if "- " in text else text


def in_capitals(text: str) -> bool:
    """Whether the whole text is in capitals, and more than a name or an abbreviation. Masked names do not count."""
    if not text.isupper():
        return False
    return sum(len(word) >= _LONG for word in _WORD.findall(text)) >= _LONG_WORDS


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
