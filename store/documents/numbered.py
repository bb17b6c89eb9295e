"""Chapters of a plain text that have a number and no name: each stands alone, and they follow each other from 1."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_FEWEST = 3
"""Numbers that make a sequence; fewer are numbers by chance."""
_MOST = 1000
_NUMBER = re.compile(r"(\d{1,3})\.?")
# Numbers of pages stand amid sentences as often as not.
_ENDED = re.compile(r"[.!?…:*_—–-][\"'“”«»’)\]*_]{0,3}$")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A number over a chapter."""

    part: int
    index: int
    """Of the first sentence behind it."""
    sentence: int
    """How many sentences of the document are before it."""
    words: str


@dataclass(slots=True)
class NumberedChapters:
    """Finds them in the parts of a document, in order. Memory is bounded: a few hundred numbers, and the end of a part."""

    _found: list[Numbered] = field(default_factory=list)
    _running: list[Numbered] = field(default_factory=list)
    _doubtful: bool = False
    _rest: str = ""
    _last: str = ""

    def add(self, part: int, text: str, spans: Sequence[int], levels: Sequence[int], before: int) -> None:
        """Take the next part, whose sentences have these levels as headings, with `before` sentences before it."""
        position = 0
        for index, level in enumerate(levels):
            start, end = spans[2 * index : 2 * index + 2]
            gap = self._rest + text[position:start]
            if (words := alone(gap, begins=not before and not index)) is not None:
                self._take(Numbered(part, index, before + index, words))
            # What stands before a chapter is at its end: a sentence, or a heading.
            self._rest, self._last = "", "." if level else text[max(start, end - 20) : end]
            position = end
        self._rest += text[position:]

    @property
    def found(self) -> list[Numbered]:
        """Those of the parts so far."""
        return (self._found + self._whole())[:_MOST]

    def _take(self, one: Numbered) -> None:
        number = int(one.words.rstrip("."))
        if number == 1:
            self._found = (self._found + self._whole())[:_MOST]
            self._running, self._doubtful = [], False
        if number == len(self._running) + 1:
            self._running.append(one)
            self._doubtful = self._doubtful or not (self._last == "" or _ENDED.search(self._last))

    def _whole(self) -> list[Numbered]:
        return self._running if len(self._running) >= _FEWEST and not self._doubtful else []


def alone(gap: str, *, begins: bool = False) -> str | None:
    """Return the number that is all there is between two sentences, with blank lines around it; None if there is none.

    `begins`: whether the text begins with it, so that no line need be before it.
    """
    words = gap.strip()
    if not _NUMBER.fullmatch(words) or not words.isascii():
        return None
    place = gap.index(words)
    before, behind = (len(one.splitlines()) for one in (gap[:place] + "x", gap[place:] + "x"))
    return words if behind > 2 and (before > 2 or begins) else None
