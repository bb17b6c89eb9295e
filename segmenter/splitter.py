"""Text into sentence spans."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from pipeline.events import Splitting
from pipeline.parts import before_joined
from segmenter import blocks, given, marks
from segmenter.boundaries import Boundaries

BUNDLED = Path(__file__).parent.parent / "models"
"""Folder of the models beside the code."""

Span = tuple[int, int]

# Inside of a block a line break is a space, so that prose has the same sentences however it is wrapped.
_ONE_BREAK = re.compile(r"\n(?<=\S\n)(?=\S)")
_LONGER_BREAK = re.compile(r"[\r\n\x85\u2028](?<=\S.)(?:(?<=\r)\n)?+[ \t]*+(?=\S)", re.DOTALL)
LONGEST = 2000
"""Characters of a sentence at most; the longest sentences of ordinary books have about 900."""
# Where a longer one is cut, best first: after the end of something, after a pause, after a line, after white space. Each
# match ends where the next sentence begins.
_CUTS = (
    re.compile(r"[.!?;:…]\s+|[。！？；：]"),  # noqa: RUF001 (full-width punctuation is meant)
    re.compile(r",\s+|\s[-–—]\s+|[、，]"),  # noqa: RUF001
    re.compile(r"\n\s*"),
    re.compile(r"\s+"),
)


class Splitter:
    """Finds the sentences of a text. May be used from several threads.

    Guarantee: spans are in order, do not overlap, have at most `LONGEST` characters each, and hold a letter or are an
    amount. What is outside them (white space, list markers, rules, other numbers alone) is not translated, so it stays as it
    is. Time is linear in the length of the text; memory does not grow, however many different words there are.
    """

    def __init__(self, models: Path) -> None:
        """Load the boundary models from `models`, or those beside the code where it has none. Raises `SetupError`."""
        self._german = Boundaries(_folder(models, "boundaries-de"))
        self._other = Boundaries(_folder(models, "boundaries-xx"))

    def spans(self, text: str, language: str, splitting: Splitting = "all") -> list[Span]:
        """Return start and end of each sentence in code points; `splitting` says what ends one."""
        if splitting == "none":
            return [piece for start, end in given.paragraphs(text) for piece in _bounded(text, start, end)]
        if splitting in ("segments", "punctuation"):
            text = given.without_lines(text)
        boundaries = self._german if language.partition("-")[0] == "de" else self._other
        if splitting == "segments":
            found, starts = list(given.paragraphs(text)), boundaries.find(text)
        else:
            layout = blocks.read(text)
            found, starts = list(layout.blocks), _starts(boundaries, layout.text)
        return [
            piece
            for block in found
            for start, end in pairwise((block[0], *_inside(starts, block), block[1]))
            for piece in _bounded(text, start, end)
        ]


def _starts(boundaries: Boundaries, text: str) -> list[int]:
    """Return where sentences begin in a text with one space in place of each single line break and the indent behind it."""
    text = _ONE_BREAK.sub(" ", text)
    longer = list(_LONGER_BREAK.finditer(text))
    if not longer:
        return boundaries.find(text)
    places: list[int] = []
    shifts = [0]
    for match in longer:
        shifts.append(shifts[-1] + len(match[0]) - 1)
        places.append(match.end() - shifts[-1])
    return [start + shifts[bisect_right(places, start)] for start in boundaries.find(_LONGER_BREAK.sub(" ", text))]


def _inside(starts: Sequence[int], block: Span) -> Sequence[int]:
    """Return those of sorted places that lie inside of a block."""
    return starts[bisect_right(starts, block[0]) : bisect_left(starts, block[1])]


def _trim(text: str, start: int, end: int) -> Span | None:
    """Leave outside what is no part of a sentence at its ends; None if nothing is left to translate."""
    start, end = marks.trim(text, start, end)
    return (start, end) if marks.has_text(text[start:end]) else None


def _bounded(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield a sentence that is not too long; one that is (a file of JSON, a word without end) in pieces."""
    while end - start > LONGEST:
        cut = _cut(text, start)
        if span := _trim(text, start, cut):
            yield span
        start = cut
    if span := _trim(text, start, end):
        yield span


def _cut(text: str, start: int) -> int:
    """Return where to cut a sentence that is too long, in the second half of what it may have."""
    for pause in _CUTS:
        ends = [match.end() for match in pause.finditer(text, start + LONGEST // 2, start + LONGEST)]
        if ends:
            return before_joined(text, ends[-1])
    return before_joined(text, start + LONGEST)


def _folder(models: Path, name: str) -> Path:
    """Return where a boundary model lies: people who bring models for translating into a folder need not copy these."""
    return models / name if (models / name).is_dir() else BUNDLED / name
