"""Paragraphs: lines that belong together."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from formats.pdf.layout import BOLD, DIVIDED, Chunk, Run
from formats.pdf.lines import LABEL, Region, TextLine
from formats.pdf.margins import Margin
from formats.pdf.texts import Composer, Text

_LABELLED = re.compile(r"([•◦▪‣·]|[–—*-](?=\s)|\(?(?:\d{1,3}(?:\.\d{1,3})*[.)]|[a-zA-Z]\)|[ivx]{1,5}\)))\s*(?=\S)")
_BULLET = re.compile(r"[•◦▪‣·*–—-]")
_ENDS = re.compile(r"[.!?:…\u3002\uff01\uff1f][\"'»«“”’)\]*\d]*$")


class Block(msgspec.Struct):
    """A paragraph as it is put together."""

    size: float
    left: float
    """Where its second line begins, else its first."""
    lines: list[TextLine]
    right: float
    """How far the lines beside it reach."""
    margin: Margin = ""
    """Whether it is a head or a foot of pages."""
    links: list[str] = []
    composed: Composer = msgspec.field(default_factory=Composer)

    @property
    def row(self) -> bool:
        """Whether it is a row of a table."""
        return len(cells_of(self.lines[0])) > 1

    @property
    def labelled(self) -> bool:
        """Whether it begins with a number or a bullet, as items of lists do."""
        return label_of(self.lines[0]) != ""

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        runs = [run for line in self.lines for chunk in line.chunks for run in chunk.runs if run.text.strip()]
        return bool(runs) and all(run.style & BOLD for run in runs)

    @property
    def open(self) -> bool:
        """Whether its sentence has not ended."""
        return not _ENDS.search(self.composed.text.rstrip())


def label_of(line: TextLine) -> str:
    """Return the number or bullet that a line begins with; empty if it has none."""
    if len(line.chunks) > 1 and LABEL.fullmatch(line.chunks[0].text.strip()):
        return line.chunks[0].text.strip()
    found = _LABELLED.match(line.chunks[0].text)
    return found.group(1) if found else ""


def cells_of(line: TextLine) -> list[Chunk]:
    """Return what stands on a line beside each other with wide gaps, without its label."""
    labelled = len(line.chunks) > 1 and LABEL.fullmatch(line.chunks[0].text.strip())
    return line.chunks[1:] if labelled else line.chunks


def blocks_of(region: Region, leading: float, links: Sequence[str], *, margin: Margin = "") -> Iterator[Block]:
    """Yield the paragraphs of a column; `leading` is the usual distance of lines, in sizes of their letters."""
    block: Block | None = None
    right = region.right
    for line in region.lines:
        if block is not None and not _begins(line, block, leading):
            add(block, line)
            continue
        if block is not None:
            yield block
        block = Block(line.size, line.left, [], right, margin, list(links))
        add(block, line)
    if block is not None:
        yield block


def add(block: Block, line: TextLine) -> None:
    """Add a line to a paragraph."""
    block.lines.append(line)
    if len(block.lines) == 2:
        block.left = line.left
    if not block.row:
        for chunk in line.chunks:
            block.composed.line(chunk.runs, block.links)


def continues(block: Block, after: Block) -> bool:
    """Whether the first paragraph goes on in one that begins a column or a page."""
    if block.row or after.row or after.labelled or abs(block.size - after.size) > 0.06 * block.size:
        return False
    if block.bold != after.bold or not block.open:
        return False
    first = after.composed.text[:1]
    return first.islower() or _divided(block) or _is_full(block, after.lines[0])


def text_of_row(line: TextLine, links: Sequence[str]) -> list[Text]:
    """Return the texts of a row's cells."""
    texts = []
    for chunk in cells_of(line):
        composer = Composer()
        composer.line(chunk.runs, links)
        bold = all(run.style & BOLD for run in chunk.runs if run.text.strip())
        texts.append(composer.done(plain=BOLD if bold else 0))
    return texts


def without_label(block: Block) -> tuple[str, Composer]:
    """Return the label of a paragraph and the rest."""
    label = label_of(block.lines[0])
    composer = Composer()
    for number, line in enumerate(block.lines):
        chunks = line.chunks if number else cells_of(line)
        for position, chunk in enumerate(chunks):
            cut = not number and not position and chunks is line.chunks
            composer.line(_cut(chunk.runs, label) if cut else chunk.runs, block.links)
    return label, composer


def is_bullet(label: str) -> bool:
    """Whether a label is a sign rather than a number."""
    return bool(_BULLET.fullmatch(label))


def _cut(runs: Sequence[Run], label: str) -> list[Run]:
    length, cut = len(label), []
    for run in runs:
        cut.append(msgspec.structs.replace(run, text=run.text[length:]))
        length = max(length - len(run.text), 0)
    return cut


def _begins(line: TextLine, block: Block, leading: float) -> bool:
    """Whether a line begins another paragraph than the one before it."""
    if _apart(line, block, leading) or _begins_item(line, block):
        return True
    if _divided(block) or line.chunks[0].text[:1].islower():
        return False
    full = _is_full(block, line)
    if block.bold != _all_bold(line) and not (block.open and full):
        # A heading in letters of the text's size.
        return True
    indented = len(block.lines) > 1 and line.left > block.left + 0.7 * line.size
    return indented or not full


def _apart(line: TextLine, block: Block, leading: float) -> bool:
    """Whether a line differs in size from a paragraph, is far from it, or one of both is a row of a table."""
    size = max(line.size, 1.0)
    distance = line.base - block.lines[-1].base
    return (
        block.row
        or len(cells_of(line)) > 1
        or abs(line.size - block.size) > 0.08 * block.size
        or not 0 < distance <= max(1.3 * leading, leading + 0.25) * size
    )


def _begins_item(line: TextLine, block: Block) -> bool:
    """Whether a line begins an item of a list: its label stands out, or below the one of the item before it."""
    below = block.labelled and abs(line.left - block.lines[0].left) < 0.5 * line.size
    return bool(label_of(line)) and (below or line.left < block.left - 0.5 * line.size)


def _is_full(block: Block, line: TextLine) -> bool:
    """Whether the first word of a line would not have had room on the one before."""
    last = block.lines[-1]
    text = line.chunks[0].text
    word = text.split(" ", 1)[0]
    per_letter = (line.chunks[0].right - line.chunks[0].left) / max(len(text), 1)
    # Lines are seldom filled to the last letter: within a sentence a good deal of room has to be left.
    room = 1.5 if block.open else 0.3
    return last.right + per_letter * (len(word) + 1) > block.right - room * line.size


def _divided(block: Block) -> bool:
    return block.composed.text.endswith((DIVIDED, "-", "\u2010", "\u00ad"))


def _all_bold(line: TextLine) -> bool:
    runs = [run for chunk in line.chunks for run in chunk.runs if run.text.strip()]
    return bool(runs) and all(run.style & BOLD for run in runs)
