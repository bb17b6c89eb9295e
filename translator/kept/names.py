"""Names that stand for what a model must not touch: of a family that the text does not use, found again if changed.

The bundled model copies a letter with a number as it is; X1, X2, … best, then QX1, then other letters (decision 40).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

CODE = re.compile(r"\b(?:[A-Z]{1,2}|X{3,200})\d+\b")
"""A name, or what looks like one and is the text's own: "X5", "A4", "QX1"."""
_PREFIXES = ("X", "QX", "ZX", "K", "H", "V", "B")
# What a text uses of a family: "X5", "x 5", "X-5".
_USED = {prefix: re.compile(rf"{prefix}[ -]?\d", re.IGNORECASE) for prefix in _PREFIXES}
_RUN = re.compile(r"(?<!X)(X++)[ -]?\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Names:
    """One family of names: a prefix and a number."""

    prefix: str = "X"

    def of(self, number: int) -> str:
        """Return the name with a number."""
        return f"{self.prefix}{number}"

    def find(self, text: str) -> list[str]:
        """Return all names of the family in a text, in order."""
        return _exact(self.prefix).findall(text)

    def apart(self, text: str) -> list[str]:
        """Return what stands between the names, and the names with the space around them, in turn."""
        return _with_space(self.prefix).split(text)

    def mend(self, text: str, wanted: Sequence[str]) -> str:
        """Return a translation in which each wanted name stands once, as far as what became of it can be told.

        A name that was written in another way ("x1", "X 1", "X11" for X1) gets its form again. What looks like a name and
        is none that is wanted goes out.
        """
        found = self.find(text)
        if sorted(found) == sorted(wanted):
            return text
        lost = [name for name in wanted if name not in found]

        def rename(match: re.Match[str]) -> str:
            written = match.group()
            if written in wanted:
                return written
            exact = _exact(self.prefix).fullmatch(written) is not None
            name = _meant(f"{self.prefix}{match.group(1)}", lost, exact=exact)
            if name is None:
                return "" if exact else written
            lost.remove(name)
            return name

        return _like(self.prefix).sub(rename, text)


def unused(text: str) -> Names:
    """Return the best family of which a text uses no name, however written."""
    for prefix, used in _USED.items():
        if not used.search(text):
            return Names(prefix)
    return Names("X" * (1 + max(map(len, _RUN.findall(text)))))


def _meant(written: str, lost: Sequence[str], *, exact: bool) -> str | None:
    """Return which of the lost names was meant by one that is none of them; `exact`: it has the form of one."""
    if written in lost or not exact:
        return written if written in lost else None
    # A doubled digit, or one too many.
    close = [name for name in lost if written.startswith(name)]
    if close:
        return max(close, key=len)
    return lost[0] if len(lost) == 1 else None


@lru_cache(64)
def _exact(prefix: str) -> re.Pattern[str]:
    return re.compile(rf"{prefix}\d+")


@lru_cache(64)
def _like(prefix: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{prefix}|(?<![^\W_])(?i:{prefix})[ -]?)(\d+)")


@lru_cache(64)
def _with_space(prefix: str) -> re.Pattern[str]:
    # Space is looked at from its beginning only.
    return re.compile(rf"((?:(?<!\s)\s++)?{prefix}\d+\s*)")
