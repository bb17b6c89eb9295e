"""Lines of a page, in the order in which people read them: column after column."""

import re
from collections.abc import Sequence
from statistics import median

import msgspec

from formats.pdf.layout import Chunk, Run


class TextLine(msgspec.Struct):
    """What stands on one base line within a column."""

    base: float
    chunks: list[Chunk]
    """From left to right."""

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.chunks[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return max(chunk.right for chunk in self.chunks)

    @property
    def size(self) -> float:
        """Of its letters."""
        return max(chunk.size for chunk in self.chunks)


class Region(msgspec.Struct):
    """Lines that stand below each other."""

    lines: list[TextLine]

    @property
    def right(self) -> float:
        """How far its lines reach."""
        return max(line.right for line in self.lines)


LABEL = re.compile(r"[•◦▪‣·*–—-]|\(?(?:\d{1,3}(?:\.\d{1,3})*[.)]?|[a-zA-Z][.)]|[ivxIVX]{1,5}[.)])")
"""Number or bullet of an item of a list."""

_FEWEST = 3
# Cells of a table are so many letters' sizes apart.
_WIDE = 1.5
# So many candidates for the space between columns are tried; lines of one column begin at few places.
_CANDIDATES = 12


def regions(chunks: Sequence[Chunk], depth: int = 3) -> list[Region]:
    """Return the columns of a page, and what goes over several of them, in the order of reading."""
    gutter = _gutter(chunks) if depth else None
    if gutter is None:
        return [Region(_lines(chunks))] if chunks else []
    found: list[Region] = []
    band: list[Chunk] = []
    across: list[Chunk] = []
    for chunk in sorted(chunks, key=lambda one: one.base):
        crossing = chunk.left < gutter - 1 and chunk.right > gutter
        if crossing and band:
            found += _columns(band, gutter, depth)
            band = []
        if not crossing and across:
            found.append(Region(_lines(across)))
            across = []
        (across if crossing else band).append(chunk)
    return found + (_columns(band, gutter, depth) if band else [Region(_lines(across))])


def _columns(band: Sequence[Chunk], gutter: float, depth: int) -> list[Region]:
    left = [chunk for chunk in band if chunk.left < gutter - 1]
    right = [chunk for chunk in band if chunk.left >= gutter - 1]
    return regions(left, depth - 1) + regions(right, depth - 1)


def _lines(chunks: Sequence[Chunk]) -> list[TextLine]:
    lines: list[TextLine] = []
    for chunk in sorted(chunks, key=lambda one: one.base):
        if lines and chunk.base - lines[-1].base < 0.35 * min(chunk.size, lines[-1].size):
            lines[-1].chunks.append(chunk)
        else:
            lines.append(TextLine(chunk.base, [chunk]))
    for line in lines:
        line.chunks = _together(sorted(line.chunks, key=lambda one: one.left))
    return lines


def _together(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the chunks of a line; those that are hardly wider apart than words are one, but for the label of an item."""
    found = list(chunks[:1])
    for chunk in chunks[1:]:
        last = found[-1]
        labelled = len(found) == 1 and LABEL.fullmatch(last.text.strip())
        if chunk.left - last.right < _WIDE * chunk.size and not labelled:
            runs = [*last.runs, Run(" "), *chunk.runs]
            found[-1] = Chunk(last.left, chunk.right, last.base, max(last.size, chunk.size), runs)
        else:
            found.append(chunk)
    return found


def _gutter(chunks: Sequence[Chunk]) -> float | None:
    """Return where the right one of two columns begins; None if there is one column, or a table."""
    if len(chunks) < 2 * _FEWEST:
        return None
    begins: dict[int, int] = {}
    for chunk in chunks:
        begins[round(chunk.left)] = begins.get(round(chunk.left), 0) + 1
    first = min(begins)
    often = sorted((place for place in begins if place > first), key=lambda place: -begins[place])[:_CANDIDATES]
    best: tuple[int, float] | None = None
    for place in often:
        left = [chunk for chunk in chunks if chunk.right <= place - 0.5 * chunk.size]
        right = [chunk for chunk in chunks if chunk.left >= place - 1]
        crossing = len(chunks) - len(left) - len(right)
        if crossing <= 0.35 * len(chunks) and _are_columns(left, right, place):
            score = min(len(left), len(right)) - 2 * crossing
            if best is None or score > best[0]:
                best = score, float(place)
    return best[1] if best else None


def _are_columns(left: Sequence[Chunk], right: Sequence[Chunk], gutter: float) -> bool:
    if min(len(left), len(right)) < _FEWEST:
        return False
    size = median(chunk.size for chunk in (*left, *right))
    start, end = min(chunk.left for chunk in left), max(chunk.right for chunk in right)
    # Numbers before and amounts behind lines are no column.
    if min(max(chunk.right for chunk in left) - start, end - gutter) < 6 * size:
        return False
    top = max(min(chunk.base for chunk in side) for side in (left, right))
    bottom = min(max(chunk.base for chunk in side) for side in (left, right))
    if bottom - top < 2 * size:
        return False
    return not _is_table(left, right, (start, gutter, end), size)


def _is_table(left: Sequence[Chunk], right: Sequence[Chunk], places: tuple[float, float, float], size: float) -> bool:
    """Whether lines of both sides belong together in rows: on the same base lines, and not filling their columns."""
    start, gutter, end = places
    rows = {round(chunk.base / 3) for chunk in right}
    shared = sum(any(round(chunk.base / 3) + near in rows for near in (-1, 0, 1)) for chunk in left) / len(left)
    filled = min(
        median((chunk.right - chunk.left) / max(gutter - size - start, 1) for chunk in left),
        median((chunk.right - chunk.left) / max(end - gutter, 1) for chunk in right),
    )
    narrow = len(left) < 0.6 * len(right) and gutter - start < 0.35 * (end - start)
    return (shared >= 0.7 and filled < 0.55) or (shared >= 0.9 and narrow)
