"""The layout of a text: which stretches of it are prose, and what stays outside of them.

The first of two steps. It reads the lines of a text once and looks at their lengths, indents and marks only. The second,
`boundaries.py`, finds the sentences in each block.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from segmenter import code, containers, indented, marks, prefixes, quotes, records, wrapping
from segmenter.lines import Line, lines_of

Span = tuple[int, int]

# Most paragraphs are words, and are done after these: no line begins with a marker or a key, and there are no cells or tags.
_PLAIN = re.compile(r"[\"'»«„“\u201a\u2018\u203a\u2039]{0,2}(?!msg(?:id|str|ctxt)\b)[^\W\d_]++(?![.:)=(])")
_ODD = re.compile(
    r"[|={}<>\[\]\\%#@$`\t_~*+§·†\ufeff\u200b-\u200f\u2022\u2190-\u2bff\ue000-\uf8ff\U0001f000-\U0001faff]"
)
_ROW = re.compile(r"[;,](?=[^\W\d]|[\"'])|\s;\s")


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
    unquoted = quotes.unquoted(lines) if ">" in text or "|" in text else lines
    paragraphs = list(_paragraphs(indented.without_code(text, containers.prose(text, unquoted))))
    width = wrapping.width_of([line.text for line in lines if not marks.is_row(line.text)] for lines in paragraphs)
    blocks: list[Span] = []
    in_tree = False
    for paragraph in paragraphs:
        found, in_tree = _blocks(text, paragraph, width, in_tree=in_tree)
        blocks += found
    return Layout(quotes.blank(text, lines, blocks) if unquoted is not lines else text, blocks)


def _paragraphs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the lines between empty ones."""
    pending: list[Line] = []
    for line in lines:
        if line.text:
            pending.append(line)
        elif pending:
            yield pending
            pending = []
    if pending:
        yield pending


def _blocks(text: str, lines: Sequence[Line], width: int, *, in_tree: bool) -> tuple[Iterable[Span], bool]:
    """Return the blocks of a paragraph, and whether it is YAML; `in_tree`: whether the one before it was."""
    first = lines[0].after(marks.marker(lines[0].text))
    if _PLAIN.match(first.text) and not _is_odd(text[first.start : lines[-1].end]):
        joints = wrapping.joints([line.text for line in lines], width)
        if not in_tree and _are_plain(lines, joints):
            return _grouped(text, [first, *lines[1:]], joints), False
    data = records.values(lines, in_tree=in_tree)
    values = code.comments(lines) if data is None else data.values
    if values is None:
        return _prose(text, lines, width), False
    return _values(text, values, width), data is not None and data.is_tree


def _values(text: str, values: Sequence[Line], width: int) -> Iterator[Span]:
    """Yield the blocks of values, each on its own with the lines that go on with it."""
    pending: list[Line] = []
    for value in values:
        if not value.text:
            continue
        if pending and not value.goes_on:
            yield from _stretch(text, pending, width)
            pending = []
        pending.append(value)
    if pending:
        yield from _stretch(text, pending, width)


def _is_odd(text: str) -> bool:
    """Whether a paragraph has a sign that prose has none of."""
    return _ODD.search(text) is not None or any(
        sign in text for sign in ("  ", " ..", "....", "……", "----", ". .", "::")
    )


def _are_plain(lines: Sequence[Line], joints: Sequence[bool]) -> bool:
    """Whether lines without odd signs are words only: where one may begin with a marker or a key, it does not."""
    return all(
        _PLAIN.match(after.text) or (goes_on and not wrapping.is_over(line.text))
        for (line, after), goes_on in zip(pairwise(lines), joints, strict=True)
    ) and (all(joints) or not any(_ROW.search(line.text) for line in lines))


def _grouped(text: str, lines: Sequence[Line], joints: Sequence[bool]) -> Iterator[Span]:
    """Yield the blocks of lines that have nothing but words."""
    starts = [lines[0].start]
    ends: list[int] = []
    for (line, after), goes_on in zip(pairwise(lines), joints, strict=True):
        if not (goes_on or (after.goes_on and not wrapping.is_over(line.text))):
            ends.append(line.end)
            starts.append(after.start)
    for start, end in zip(starts, [*ends, lines[-1].end], strict=True):
        if marks.has_letter(text[start:end]):
            yield start, end


def _prose(text: str, lines: Sequence[Line], width: int) -> Iterator[Span]:
    """Yield the blocks of lines that are no data; a line without letters parts those above from those below."""
    spaces = 2 if sum(marks.has_columns(line.text) for line in lines) > 1 else 3
    start = 0
    for number, line in enumerate(lines):
        if not (marks.has_text(line.text[marks.marker(line.text) :]) or marks.ends_sentence(line.text)):
            if start < number:
                yield from _stretch(text, lines[start:number], width, spaces)
            start = number + 1
    if start < len(lines):
        yield from _stretch(text, lines[start:], width, spaces)


def _stretch(text: str, lines: Sequence[Line], width: int, spaces: int = 3) -> Iterator[Span]:
    """Yield the blocks of lines that all have letters; `spaces` part the cells of a line."""
    rows = sum(marks.is_row(line.text) for line in lines)
    joints = (
        wrapping.joints([line.text for line in lines], width) if rows * 3 <= len(lines) else [False] * (len(lines) - 1)
    )
    start = end = column = -1
    for number, (line, goes_on) in enumerate(_contents(lines, joints)):
        wrapped = any(joints[max(0, number - 1) : number + 1])
        whole = lines[number].text
        kept = prefixes.is_kept(whole)
        cells = [] if kept else marks.cells(line, spaces=0 if wrapped else spaces)
        joined = goes_on
        if column >= 0:
            # Behind a row only what stands below its last cell goes on with that.
            joined = column == marks.indent(whole) and wrapping.fills(lines[number - 1].text, whole)
        if joined and start >= 0 and (cells == [line] or marks.ends_sentence(line.text)):
            end = line.end
            continue
        if start >= 0:
            yield from _trimmed(text, start, end)
        start = end = column = -1
        for cell in cells[:-1]:
            yield from _trimmed(text, cell.start, cell.end)
        if cells:
            start, end = cells[-1].start, cells[-1].end
            column = start - lines[number].start if len(cells) > 1 else -1
    if start >= 0:
        yield from _trimmed(text, start, end)


def _contents(lines: Sequence[Line], joints: Sequence[bool]) -> Iterator[tuple[Line, bool]]:
    """Yield each line without its marker, and whether it goes on with what the line before has begun."""
    kinds: set[str] = set()
    indent = -1
    before = ""
    firsts = marks.firsts([line.text for line in lines])
    for number, (whole, joined) in enumerate(zip(lines, [False, *joints], strict=True)):
        over = wrapping.is_over(before)
        goes_on = joined or (whole.goes_on and not over)
        line = prefixes.inner(whole)
        if line is not whole:
            if goes_on and not over and "" not in kinds:
                line = whole
            else:
                kinds.add("")
                goes_on = False
                line = line.after(marks.marker(line.text))
        elif skipped := marks.marker(whole.text):
            kind = marks.kind(whole.text)
            if not goes_on or over or kind in kinds or number in firsts or marks.is_strong(whole.text):
                kinds.add(kind)
                goes_on = False
                line = whole.after(skipped)
                indent = marks.indent(whole.text)
        elif 0 <= indent < marks.indent(whole.text):
            goes_on = goes_on or wrapping.fills(before, whole.text)
        before = whole.text
        yield line, goes_on


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    start, end = prefixes.peel(text, *marks.trim(text, start, end))
    if marks.has_text(text[start:end]):
        yield start, end
