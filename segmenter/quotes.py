"""The marks before the lines of quoted mail: `> ` and `> > `, `AK> ` with the initials of who wrote it, and `| `."""

import re
from collections.abc import Sequence

from segmenter.lines import Line

_MARK = re.compile(r"[^\S\n]{0,3}(?:(?:[A-ZÄÖÜ]{0,3}>[^\S\n]?)+|\|\s(?=[^|=\n]*$))")


def mark(line: str) -> int:
    """Return the length of the marks that a line begins with, and of the space behind them."""
    if ">" not in line[:6] and "|" not in line[:4]:
        return 0
    found = _MARK.match(line)
    return found.end() if found else 0


def unquoted(lines: Sequence[Line]) -> list[Line]:
    """Return lines without their marks, and an empty one between those of different depth."""
    found: list[Line] = []
    depth = 0
    for line in lines:
        length = mark(line.text)
        now = sum(map(line.text[:length].count, ">|")) if length else 0
        if now != depth:
            found.append(Line(line.start, ""))
            depth = now
        found.append(line.after(length) if length else line)
    return found


def blank(text: str, lines: Sequence[Line], blocks: Sequence[tuple[int, int]]) -> str:
    """Return a text with spaces for the marks that stand inside of blocks."""
    places = [(line.start, line.start + length) for line in lines if (length := mark(line.text))]
    if not places:
        return text
    inside = iter(blocks)
    block = next(inside, None)
    pieces: list[str] = []
    end = 0
    for first, last in places:
        while block and block[1] <= first:
            block = next(inside, None)
        if block and block[0] < first:
            pieces += (text[end:first], " " * (last - first))
            end = last
    return "".join((*pieces, text[end:]))
