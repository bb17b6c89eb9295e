"""How languages write numbers, and what of their words depends on a number."""

import re
from typing import NamedTuple

from pipeline import languages

_POINT = "en ga he hi ja ko ms sw th tl ur zh yue"
_DOTTED = "ca da de el es hr id is it nl pt ro sl sr tr vi"
_SPACED = "be bg cs et fi fr hu lt lv nb nn no pl ru sk sv uk"
_WRITINGS = {
    code: signs
    for codes, signs in ((_POINT, (",", ".")), (_DOTTED, (".", ",")), (_SPACED, ("\u00a0", ",")))
    for code in codes.split()
}
"""By language: what stands between thousands, and before decimals."""
# Words have one form beside 1 (or below 2), and one beside all others; or the same beside all.
_TWO_FORMS = frozenset("bg ca da de el en es et fi fr is it nb nl nn no pt sv tr".split())  # noqa: SIM905 (a table)
_ONE_FORM = frozenset("id ja ko ms th vi yue zh".split())  # noqa: SIM905 (a table)
_SLAVIC = frozenset("be hr ru sr uk cs sk pl".split())  # noqa: SIM905 (a table)
# Words that are other ones before 8 and 11: "an 8", "l'11", "u 8".
_BY_SOUND = {
    "en": re.compile(r"(?i)\ban?[ -]\Z"),
    "es": re.compile(r"(?i)\b[ou]\s\Z"),
    "it": re.compile(r"(?i)\b(?:il|lo|i|gli|[dn]?el|al|dal|sul|l['\u2019])\s?\Z"),
}
_SPACE = re.compile("[\u00a0\u202f]")


class Number(NamedTuple):
    """A number as it stands in a text."""

    whole: str
    """Digits."""
    fraction: str
    grouped: bool
    """Whether something stands between its thousands."""

    @property
    def worth(self) -> tuple[str, str]:
        """What it is worth, however it is written."""
        return self.whole.lstrip("0") or "0", self.fraction.rstrip("0")


def read(text: str, language: str) -> Number | None:
    """Return the number that a figure is in a language; None for what is none: a date, a version, a code, a time."""
    if text.isdigit():
        return None if len(text) > 1 and text[0] == "0" else Number(text, "", grouped=False)
    signs = _WRITINGS.get(languages.primary(language))
    if signs is None:
        return None
    plain = _SPACE.sub("\u00a0", text).replace("\u2019", "'")
    whole, comma, fraction = plain.partition(signs[1])
    if comma and not fraction.isdigit():
        return None
    for sign in (signs[0], "\u00a0", "'"):
        groups = whole.split(sign)
        if not all(map(str.isdigit, groups)) or (len(groups) > 1 and len(groups[0]) > 3):
            continue
        if all(len(one) == 3 for one in groups[1:]):
            return Number("".join(groups), fraction, grouped=len(groups) > 1)
    return None


def write(number: Number, language: str) -> str | None:
    """Return a number as a language writes it; None where that is not known."""
    if not (number.grouped or number.fraction):
        return number.whole
    signs = _WRITINGS.get(languages.primary(language))
    if signs is None:
        return None
    whole = f"{int(number.whole):,}".replace(",", signs[0]) if number.grouped else number.whole
    return f"{whole}{signs[1]}{number.fraction}" if number.fraction else whole


def takes_same_form(one: Number, other: Number, language: str) -> bool:
    """Whether the words of a language beside one number are certainly those beside another: not `1 day` and `2 day`."""
    primary = languages.primary(language)
    if primary in _ONE_FORM:
        return True
    if primary in _TWO_FORMS:
        return _of_two(one) == _of_two(other)
    if primary in _SLAVIC:
        return _of_slavic(one) == _of_slavic(other)
    return one.worth[0][-2:] == other.worth[0][-2:] and bool(one.fraction) == bool(other.fraction)


def _of_two(number: Number) -> str:
    """Return what all languages of two forms treat alike: 0, 1, 1.5 and more are each of their own."""
    whole, fraction = number.worth
    return "many" if len(whole) > 1 or whole > "1" else f"{whole}{'.' if fraction or number.fraction else ''}"


def _of_slavic(number: Number) -> str:
    whole = number.worth[0]
    if number.fraction:
        return "fraction"
    if whole[-2:-1] == "1" or whole[-1] in "056789":
        return "many"
    # Polish and Czech take 21 otherwise than 1, Russian as it.
    return f"{'1' if whole[-1] == '1' else '2'}{len(whole) > 1}"


def sounds_alike(one: Number, other: Number, before: str, language: str) -> bool:
    """Whether what stands before a number may stand before another: `an 8` but `a 7`."""
    pattern = _BY_SOUND.get(languages.primary(language))
    if pattern is None or not pattern.search(before):
        return True
    return _sound(one) == _sound(other)


def _sound(number: Number) -> tuple[bool, bool]:
    """Return whether it begins as eight does, and as eleven or eighteen."""
    whole = number.worth[0]
    first = whole[: (len(whole) - 1) % 3 + 1]
    return whole[0] == "8", first in ("11", "18")
