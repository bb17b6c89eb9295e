"""Paragraphs of Word: their texts, and their content with translations."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from formats.document import Piece, Translated, of_level
from formats.office.blocks import Block, Known, Says, Walk
from formats.office.word.fields import Fields
from formats.office.word.items import Item, What
from formats.office.word.nodes import Node
from formats.office.word.runs import Context, Reading
from formats.office.word.styles import outline_level
from formats.office.word.writing import Path, Writer
from formats.strings.inline import Mark, Span, Words, place
from formats.strings.prose import goes_on, is_prose
from formats.xml.splicing import Edits

_TAB, _BREAK, _PART = "\t", "\n", "\f"
_STANDS = {What.TAB: _TAB, What.BREAK: _BREAK, What.PART: _PART}
_PARTING = re.compile(f"[{_TAB}{_BREAK}{_PART}]")
# What tells nothing of the look: the language, and what the spelling checker is told.
_NO_LOOK = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:lang|noProof|webHidden)(?:\s[^<>]*+)?/>")
_EMPTY = re.compile(rb"<(?:[\w.-]{1,40}:)?rPr\s*+(?:/>|>\s*+</(?:[\w.-]{1,40}:)?rPr\s*+>)")


class Slot(NamedTuple):
    """Where a text is: in the whole of the paragraph, and from which item to which."""

    start: int
    end: int
    first: int
    last: int


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
        self._join()
        self._slots = list(self._found())
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
        return [of_level(self._text(slot), 0 if self.in_contents else self._level) for slot in self._slots]

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
            before, behind = self._whole[self._starts[slot.first] : slot.start], self._whole[slot.end :]
            behind = behind[: self._starts[slot.last + 1] - slot.end]
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
        return (leaf for item in self._items for leaf in item.leaves())

    def _join(self) -> None:
        """Join items to one text, in which names stand for what is a word to the reader."""
        joined = "".join(item.text for item in self._items)
        self._names: dict[int, str] = {}
        self._starts = [0]
        number, parts = 0, []
        for index, item in enumerate(self._items):
            text = _STANDS.get(item.what, item.text)
            if item.what is What.NAME:
                number += 1
                while f"{{k{number}}}" in joined:
                    number += 1
                text = self._names[index] = f"{{k{number}}}"
            parts.append(text)
            self._starts.append(self._starts[-1] + len(text))
        self._whole = "".join(parts)

    def _text(self, slot: Slot) -> str:
        return self._whole[slot.start : slot.end].replace(_TAB, " ")

    def _found(self) -> Iterator[Slot]:
        """Yield where texts are: tabs and line breaks part them, if no sentence goes on over these."""
        whole, start = self._whole, 0
        item = 0
        for end in [*(found.start() for found in _PARTING.finditer(whole)), len(whole)]:
            if end < len(whole) and _goes_on(whole, start, end):
                continue
            text = whole[start:end]
            first, last = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
            start = end + 1
            if first >= last or not is_prose(whole[first:last]):
                continue
            while self._starts[item + 1] <= first:
                item += 1
            begun = item
            while self._starts[item + 1] < last:
                item += 1
            yield Slot(first, last, begun, item)

    def _as_it_was(self, out: Writer, first: int, last: int, span: tuple[int, int] | None = None) -> None:
        """Write items as they were, or what of them is in a stretch of the text."""
        for number in range(first, last):
            item, start, end = self._items[number], self._starts[number], self._starts[number + 1]
            if span is not None and item.what is What.TEXT and (start < span[0] or end > span[1]):
                assert item.look is not None
                out.words(self._whole[max(start, span[0]) : min(end, span[1])], item.look, item.path)
            elif item.what is not What.DROP or item.look is not None:
                out.item(item, item.path)

    def _space(self, out: Writer, text: str, item: Item) -> None:
        if text and item.look is not None:
            out.words(text, item.look, item.path)

    def _placed(self, out: Writer, slot: Slot, one: Translated) -> None:
        numbers = range(slot.first, slot.last + 1)
        looks, usual = self._looks(slot)
        marks = [
            Mark(
                min(max(self._starts[number] - slot.start, 0), slot.end - slot.start),
                number,
                breaks=item.what is What.BREAK,
                name=self._names.get(number, ""),
            )
            for number in numbers
            if (item := self._items[number]).what not in (What.TEXT, What.DROP)
        ]
        count = len(self._containers)
        for part in place(self._spans(slot, looks, usual), marks, one):
            path = tuple(key for key in part.keys if key < count)
            if isinstance(part, Words):
                look = part.keys[-1] - count if part.keys and part.keys[-1] >= count else None
                raw = looks[look] if look is not None else usual.get(path, usual[()])
                out.words(part.text.replace(_BREAK, " "), raw, path)
                continue
            item = self._items[part.key]
            if item.what is What.TAB:
                out.tab(item, path)
            else:
                out.item(item, path)

    def _looks(self, slot: Slot) -> tuple[list[bytes], dict[Path, bytes]]:
        """Return the looks of a text, and the one that most of it has, of all and in each container."""
        looks: dict[bytes, bytes] = {}
        lengths: dict[Path, dict[bytes, int]] = {(): {}}
        for number in range(slot.first, slot.last + 1):
            item = self._items[number]
            if item.look is None or not item.text:
                continue
            raw = looks.setdefault(_key(item.look), item.look)
            for path in {(), item.path}:
                mine = lengths.setdefault(path, {})
                mine[raw] = mine.get(raw, 0) + len(item.text.strip())
        usual = {path: max(mine, key=lambda raw: mine[raw]) for path, mine in lengths.items() if mine}
        usual.setdefault((), b"")
        return list(looks.values()), usual

    def _spans(self, slot: Slot, looks: Sequence[bytes], usual: dict[Path, bytes]) -> list[Span]:
        """Return containers and unusual looks as spans of a text, without white space at their ends."""
        count = len(self._containers)
        keys = {_key(raw): number for number, raw in enumerate(looks)}
        open_: list[tuple[int, int]] = []
        found: list[tuple[int, Span]] = []

        def close(depth: int, end: int) -> None:
            while len(open_) > depth:
                key, start = open_.pop()
                text = self._whole[start:end]
                first, last = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
                if first < last:
                    found.append((len(open_), Span(first - slot.start, last - slot.start, key)))

        for number in range(slot.first, slot.last + 1):
            item = self._items[number]
            start = max(self._starts[number], slot.start)
            if self._starts[number] == self._starts[number + 1]:
                continue
            wanted = list(item.path)
            if item.what is What.TEXT and item.look is not None:
                key = keys[_key(item.look)]
                if looks[key] != usual.get(item.path, usual[()]):
                    wanted.append(count + key)
            same = 0
            while same < min(len(wanted), len(open_)) and open_[same][0] == wanted[same]:
                same += 1
            close(same, start)
            open_ += ((key, start) for key in wanted[same:])
        close(0, slot.end)
        # Of those around the same words the outer one comes first.
        return [span for _, span in sorted(found, key=lambda one: (one[1].start, -one[1].end, one[0]))]


def _goes_on(whole: str, start: int, end: int) -> bool:
    after = whole[end + 1 : end + 200]
    if whole[end] == _PART or not after or _PARTING.match(after) or _PARTING.match(whole[end - 1 : end]):
        return False
    before = whole[start:end]
    if whole[end] == _TAB and not any(map(str.islower, after)):
        # Capitals alone say nothing.
        return before.rstrip()[-1:].isalpha() and after.lstrip()[:1].isalpha()
    return goes_on(before, after)


def _key(look: bytes) -> bytes:
    """Return what makes a look: properties without those that nobody sees."""
    key = _NO_LOOK.sub(b"", look)
    return b"" if _EMPTY.fullmatch(key) else key


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
