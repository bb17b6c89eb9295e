"""Sentences that differ in their figures alone: the translation of one is that of the other, with its figures.

Only where each figure of the source stands once in the translation, as it is or as its language writes it, and where no
word beside it depends on which figure it is. A figure is numbers with what stands between their digits.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline import languages
from pipeline.memory.writing import Number, read, sounds_alike, takes_same_form, write

_FIGURE = re.compile(r"[0-9]+(?:[.,:'\u2019][0-9]+|[\u00a0\u202f][0-9]{3}(?![0-9]))*+")
_PLACE = "\0"
# An ending or a sign of a unit: 3rd, 5e, 10km, 5'te.
_BEHIND = re.compile(r"['\u2019:]?[^\W\d_]{1,20}")
_BEFORE = re.compile(r"[^\W\d_]{1,20}['\u2019]?\Z|['\u2019]\Z")
_CLOCK = re.compile(r" ?(?:[ap]\.? ?m\b|o['\u2019]clock)", re.IGNORECASE)
# Scripts without spaces: what stands beside a figure is a word of its own.
_UNSPACED = frozenset(("ja", "zh", "yue"))
_MOST = 64
_NEAR = 24


class Figure(NamedTuple):
    """A figure in a text."""

    text: str
    start: int
    end: int


def figures(text: str) -> list[Figure]:
    """Return the figures of a text, in order."""
    return [Figure(match[0], *match.span()) for match in _FIGURE.finditer(text)]


def without(text: str) -> str | None:
    """Return a text with its figures taken out, each leaving its place; None if it has none, or more than 64."""
    masked, often = _FIGURE.subn(_PLACE, text.replace(_PLACE, " "))
    return masked if 0 < often <= _MOST else None


def exchanged(source: str, translation: str, wanted: str, pair: tuple[str, str]) -> str | None:
    """Return the translation of `wanted`, made from that of a source that differs from it in its figures alone.

    None where they differ in more, or where it is not certain what it would be.
    """
    old, new, there = figures(source), figures(wanted), figures(translation)
    if without(source) != without(wanted) or not len(old) == len(new) == len(there):
        return None
    places = _places(old, new, there, pair)
    if places is None:
        return None
    out: list[str] = []
    position = 0
    for figure, index in zip(there, places, strict=True):
        said = figure.text
        if old[index].text != new[index].text:
            change = _Change(source, translation, old[index], new[index].text, figure, pair)
            if (said := change.said() or "") == "":
                return None
        out += (translation[position : figure.start], said)
        position = figure.end
    return "".join((*out, translation[position:]))


def _places(
    old: Sequence[Figure], new: Sequence[Figure], there: Sequence[Figure], pair: tuple[str, str]
) -> list[int] | None:
    """Return for each figure of a translation which of its source it is; None unless each is exactly one of them."""
    free = set(range(len(old)))
    found: list[int] = []
    for figure in there:
        same = [index for index in free if _is_same(old[index].text, figure.text, pair)]
        # Of several that are the same in the unit, only those that are the same again leave no doubt which is which.
        if not same or len({(old[index].text, new[index].text) for index in same}) > 1:
            return None
        found.append(min(same))
        free.discard(found[-1])
    return found


def _is_same(old: str, there: str, pair: tuple[str, str]) -> bool:
    if old == there:
        return True
    before, after = read(old, pair[0]), read(there, pair[1])
    return before is not None and after is not None and before.worth == after.worth


class _Change(NamedTuple):
    """One figure of a unit and what it becomes."""

    source: str
    translation: str
    old: Figure
    new: str
    there: Figure
    pair: tuple[str, str]

    def said(self) -> str | None:
        """Return what is to stand in the translation; None where that is not certain."""
        before, after = read(self.old.text, self.pair[0]), read(self.new, self.pair[0])
        if before is None or after is None:
            return self._as_it_is()
        if not (takes_same_form(before, after, self.pair[1]) and self._fits(before, after)):
            return None
        there = read(self.there.text, self.pair[1])
        if there is None or there.worth != before.worth:
            # It was left as the source has it, though its language would write it otherwise.
            return self._as_it_is()
        return write(after, self.pair[1])

    def _as_it_is(self) -> str | None:
        """Return a date, a version, a ratio or a time as the source has it, if the unit has it so, and it is like it."""
        alike = re.sub("[0-9]+", "0", self.old.text) == re.sub("[0-9]+", "0", self.new)
        return self.new if alike and self.there.text == self.old.text and not self._is_bound() else None

    def _fits(self, before: Number, after: Number) -> bool:
        near = self.translation[max(0, self.there.start - _NEAR) : self.there.start]
        return not self._is_bound() and sounds_alike(before, after, near, self.pair[1])

    def _is_bound(self) -> bool:
        """Whether what stands beside it in the translation may depend on it."""
        if _CLOCK.match(self.translation, self.there.end):
            return True
        if languages.primary(self.pair[1]) in _UNSPACED:
            return False
        beside, source = self._beside(self.translation, self.there), self._beside(self.source, self.old)
        return any(there and there != here for there, here in zip(beside, source, strict=True))

    @staticmethod
    def _beside(text: str, figure: Figure) -> tuple[str, str]:
        before = _BEFORE.search(text[max(0, figure.start - _NEAR) : figure.start])
        behind = _BEHIND.match(text, figure.end)
        return before[0] if before else "", behind[0] if behind else ""
