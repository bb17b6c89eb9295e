"""Numbers as they stand in a text: each with what it is worth where point and comma say so."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

# Digits with what stands between groups of them: an amount, a date, a ratio.
_NUMBER = re.compile(r"\d+(?:[.,:'\u2019\u2044]\d+)*+")
_GROUPS = re.compile(r"[^\d]")
_COMMA = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?")
_POINT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?")
_SWISS = re.compile(r"(\d{1,3}(?:['\u2019]\d{3})+)(?:[.,](\d+))?")


class Number(NamedTuple):
    """A number in a text. `worth` is its plain decimal form, None for what is no one number (a date, a ratio)."""

    text: str
    start: int
    worth: str | None
    parts: tuple[str, ...]
    """The plain forms of the numbers of which it is made."""

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    @property
    def digits(self) -> str:
        """Its digits alone."""
        return _GROUPS.sub("", self.text)


def read(text: str, *, comma: bool) -> Iterator[Number]:
    """Yield the numbers of a text. `comma`: its language writes a comma before decimals, and points between thousands."""
    for match in _NUMBER.finditer(text):
        worths = [_worth(part, comma=comma) for part in match[0].split(":")]
        parts = chain.from_iterable(
            [worth] if worth else (_plain(group, None) for group in _GROUPS.split(part))
            for worth, part in zip(worths, match[0].split(":"), strict=True)
        )
        yield Number(match[0], match.start(), worths[0] if len(worths) == 1 else None, tuple(parts))


def _worth(text: str, *, comma: bool) -> str | None:
    found = (_COMMA if comma else _POINT).fullmatch(text) or _SWISS.fullmatch(text)
    return _plain(_GROUPS.sub("", found[1]), found[2]) if found else None


def in_english(text: str) -> str:
    """Return a German number with points and commas as English has them; as it is, where it is no one number, or a ratio.

    A number that has no separators gets none.
    """
    if ":" in text:
        return ":".join(map(in_english, text.split(":")))
    comma, swiss = _COMMA.fullmatch(text), _SWISS.fullmatch(text)
    if comma:
        whole, fraction = comma[1].replace(".", ","), comma[2]
    elif swiss:
        whole, fraction = _GROUPS.sub(",", swiss[1]), swiss[2]
    else:
        return text
    return f"{whole}.{fraction}" if fraction else whole


def _plain(whole: str, fraction: str | None) -> str:
    """Return digits without the zeros that say nothing: 0012,50 is 12.5."""
    whole = whole.lstrip("0") or "0"
    fraction = (fraction or "").rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole
