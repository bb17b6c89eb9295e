"""The layout of a text: which stretches of it are prose, and what stays outside of them.

The first of two steps. It reads the lines of a text once and looks at their lengths, indents and marks only. The second,
`boundaries.py`, finds the sentences in each block.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from segmenter import marks, quotes, wrapping
from segmenter.lines import Line, lines_of

Span = tuple[int, int]


class Layout(NamedTuple):
    """What a reader sees in the layout of a text.

    `blocks`: start and end of each stretch of prose, in order and disjoint: a paragraph, a line that stands for itself, an
    item, a cell. Each has a letter, and neither begins nor ends with white space. No sentence goes beyond its block.

    `text`: the text, as long as it was, with spaces for the marks that lines inside of blocks begin with (`> ` of a quoted
    mail). A line break inside of a block says no more than a space, but that a writer is a little more likely to end a
    sentence there.
    """

    text: str
    blocks: list[Span]


def read(text: str) -> Layout:
    """Return the layout of a text. Takes linear time."""
    lines = lines_of(text)
    paragraphs = list(_paragraphs(lines))
    width = wrapping.width_of([[line.text for line in lines] for lines in paragraphs])
    blocks = [block for lines in paragraphs for block in _blocks(text, lines, width)]
    return Layout(quotes.blank(text, lines, blocks), blocks)


def _paragraphs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the lines between blank ones; those of quoted mail without its marks."""
    pending: list[Line] = []
    depth = 0
    for line in lines:
        if len(line.text) == quotes.mark(line.text):
            if pending:
                yield pending
                pending = []
            continue
        mark = quotes.mark(line.text)
        now = line.text[:mark].count(">") if mark else 0
        if now != depth and pending:
            yield pending
            pending = []
        depth = now
        pending.append(line.after(mark) if mark else line)
    if pending:
        yield pending


def _blocks(text: str, lines: Sequence[Line], width: int) -> Iterator[Span]:
    """Yield the blocks of a paragraph."""
    joined = [False, *wrapping.joints([line.text for line in lines], width), False]
    spaces = 2 if sum(marks.has_columns(line.text) for line in lines) > 1 else 3
    start = end = -1
    items: set[str] = set()
    for number, whole in enumerate(lines):
        goes_on = joined[number] and start >= 0
        line = whole
        if skipped := marks.marker(whole.text):
            kind = marks.kind(whole.text)
            if not goes_on or kind in items or marks.is_strong(whole.text) or wrapping.is_over(lines[number - 1].text):
                items.add(kind)
                goes_on = False
                line = whole.after(skipped)
        cells = marks.cells(line, spaces=0 if joined[number] or joined[number + 1] else spaces)
        if goes_on and (cells == [line] or marks.ends_sentence(line.text)):
            end = line.end
            continue
        if start >= 0:
            yield from _trimmed(text, start, end)
        start = end = -1
        if cells == [line]:
            start, end = line.start, line.end
        else:
            for cell in cells:
                yield from _trimmed(text, cell.start, cell.end)
    if start >= 0:
        yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    start, end = marks.trim(text, start, end)
    if marks.has_letter(text[start:end]):
        yield start, end
