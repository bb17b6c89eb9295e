"""Paragraphs of Word: their texts, and their content with translations."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from formats.document import Piece, Translated, of_level
from formats.office.blocks import Block, Known, Says, Walk
from formats.office.word.fields import Fields
from formats.office.word.items import Item, What
from formats.office.word.joined import BREAK, Joined, Slot
from formats.office.word.nodes import Node
from formats.office.word.runs import Context, Reading
from formats.office.word.spans import looks_of, spans_of
from formats.office.word.styles import outline_level
from formats.office.word.writing import Writer
from formats.strings.inline import Mark, Words, place
from formats.xml.splicing import Edits


class Paragraph:
    """A paragraph; what stands inside of its items is asked for behind its own texts."""

    def __init__(self, context: Context, node: Node, fields: Fields | None = None, says: Says = Says.OWN) -> None:
        self.says = says
        self._part = context.part
        content = [child for child in node.children if child.name != "w:pPr"]
        self._span = (content[0].start, content[-1].end) if content else (node.inner, node.inner)
        self._prefix = self._part.data[node.start + 1 : node.inner].split(b"p", 1)[0] if content else b""
        reading = Reading(context, node)
        self._containers = reading.containers
        fields = fields or Fields()
        self.in_contents = fields.contents
        self._items, kept = fields.resolved(reading.items, self._containers)
        self.in_contents = self.in_contents or fields.contents
        if kept:
            context.notes.left["fields"] += kept
        self._joined = Joined(self._items)
        self._slots = list(self._joined.slots())
        about = node.child("w:pPr")
        style = None if about is None else about.value("w:pStyle")
        self.is_heading = style in context.styles.headings or (
            about is not None and about.child("w:outlineLvl") is not None
        )
        own = outline_level(about)
        self._level = context.styles.levels.get(style or "", 0) if own is None else own
        if self._slots and style in context.styles.code:
            context.notes.left["code"] += 1
            self._slots = []

    @property
    def texts(self) -> Sequence[str]:
        """Its own texts, mostly one."""
        return [of_level(self._joined.text(slot), 0 if self.in_contents else self._level) for slot in self._slots]

    def all(self, edits: Edits) -> Iterator[tuple[Block, Edits]]:
        """Yield it and what is inside of its items, in order, with where each is to be written."""
        yield self, edits
        for item in self._leaves():
            for block in item.blocks:
                if isinstance(block, Paragraph):
                    yield from block.all(item.edits)
                else:
                    yield block, item.edits

    def write(self, translated: Sequence[Translated], edits: Edits) -> None:
        """Write its content with the translations of its texts, and what has changed inside of it."""
        if not any(one.changed for one in translated):
            for item in self._leaves():
                edits.extend(item.edits)
            return
        out = Writer(self._part, self._prefix, self._containers)
        done = 0
        for slot, one in zip(self._slots, translated, strict=True):
            self._as_it_was(out, done, slot.first)
            before, behind = (
                self._joined.whole[self._joined.starts[slot.first] : slot.start],
                self._joined.whole[slot.end :],
            )
            behind = behind[: self._joined.starts[slot.last + 1] - slot.end]
            self._space(out, before, self._items[slot.first])
            if one.changed:
                self._placed(out, slot, one)
            else:
                self._as_it_was(out, slot.first, slot.last + 1, (slot.start, slot.end))
            self._space(out, behind, self._items[slot.last])
            done = slot.last + 1
        self._as_it_was(out, done, len(self._items))
        edits.replace(*self._span, out.finished())

    def _leaves(self) -> Iterator[Item]:
        borders = (item for container in self._containers for item in container.opening)
        return (leaf for item in (*self._items, *borders) for leaf in item.leaves())

    def _as_it_was(self, out: Writer, first: int, last: int, span: tuple[int, int] | None = None) -> None:
        """Write items as they were, or what of them is in a stretch of the text."""
        for number in range(first, last):
            item, start, end = self._items[number], self._joined.starts[number], self._joined.starts[number + 1]
            if span is not None and item.what is What.TEXT and (start < span[0] or end > span[1]):
                assert item.look is not None
                out.words(self._joined.whole[max(start, span[0]) : min(end, span[1])], item.look, item.path)
            elif item.what is not What.DROP or item.look is not None:
                out.item(item, item.path)

    def _space(self, out: Writer, text: str, item: Item) -> None:
        if text and item.look is not None:
            out.words(text, item.look, item.path)

    def _placed(self, out: Writer, slot: Slot, one: Translated) -> None:
        numbers = range(slot.first, slot.last + 1)
        looks, usual = looks_of(self._joined, slot)
        marks = [
            Mark(
                min(max(self._joined.starts[number] - slot.start, 0), slot.end - slot.start),
                number,
                breaks=item.what is What.BREAK,
                name=self._joined.names.get(number, ""),
            )
            for number in numbers
            if (item := self._items[number]).what not in (What.TEXT, What.DROP)
        ]
        count = len(self._containers)
        for part in place(spans_of(self._joined, slot, count, looks, usual), marks, one):
            path = tuple(key for key in part.keys if key < count)
            if isinstance(part, Words):
                look = part.keys[-1] - count if part.keys and part.keys[-1] >= count else None
                raw = looks[look] if look is not None else usual.get(path, usual[()])
                out.words(part.text.replace(BREAK, " "), raw, path)
                continue
            item = self._items[part.key]
            if item.what is What.TAB:
                out.tab(item, path)
            else:
                out.item(item, path)


class Answered(NamedTuple):
    """What became of the texts of a block, and where it is to be written."""

    block: Block
    edits: Edits
    translated: list[Translated]


Became = list[Answered]
"""A paragraph, last, and what is inside of it."""


def asked(paragraph: Paragraph, known: Known) -> Walk[Became]:
    """Ask for the texts of a paragraph and of what is inside of it; return what became of them, the inner ones first."""
    found: Became = []
    for block, target in paragraph.all(Edits()):
        became = []
        for text in block.texts:
            if block.says is Says.AGAIN and text in known:
                one = known[text]
            else:
                one = yield text
                known.setdefault(text, one)
            became.append(one or Translated([Piece(text, None)]))
        found.append(Answered(block, target, became))
    return found[::-1]
