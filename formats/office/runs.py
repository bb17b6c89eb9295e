"""Texts that stand in runs, each with its own look, as office documents have them.

Runs are no units of language: they are joined, and after translation each look stands around the words that its words
became.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from formats.document import Translated, of_level
from formats.office.blocks import Says
from formats.strings.inline import Mark, Span, Words, place
from formats.strings.prose import goes_on, is_prose
from formats.xml.splicing import Edits

_PARTING = re.compile(r"[\t\v\n\u2028\u2029]+|_x000[9BbDd]_\n?")
_BREAK = "\n"
# Characters beside a line break by which it is known whether a sentence goes on.
_NEAR = 100


class Run(NamedTuple):
    """Text with a look."""

    text: str
    look: bytes
    """What makes its look; runs with the same are one to a reader."""
    head: bytes
    """What is written before a text of this look."""
    tail: bytes
    """And behind it."""


class Thing(NamedTuple):
    """What is no text: it stays as it is, and goes with the words around it."""

    raw: bytes
    text: str = ""
    """A line break for one; empty for what is a word to the reader, such as a field."""


Item = Run | Thing


class Runs:
    """A paragraph of runs and things, from `start` to `end` in its part."""

    def __init__(
        self,
        items: Sequence[Item],
        span: tuple[int, int],
        written: Callable[[str], bytes],
        says: Says = Says.OWN,
        keep: Callable[[str], bool] | None = None,
        level: int = 0,
    ) -> None:
        """`written`: how text is escaped. `keep`: which texts stay although they are language. `level`: of a heading."""
        self.says = says
        self._level = level
        self._span, self._write = span, written
        self._items = [item for item in items if isinstance(item, Thing) or item.text]
        joined = "".join(item.text for item in self._items)
        self._looks = {run.look: run for run in reversed(self._items) if isinstance(run, Run)}
        self._keys = {look: number for number, look in enumerate(self._looks)}
        self._starts = [0]
        self._names: dict[int, str] = {}
        number, parts = 0, []
        for place_, item in enumerate(self._items):
            text = item.text
            if isinstance(item, Thing) and not text:
                number += 1
                while f"{{k{number}}}" in joined:
                    number += 1
                text = self._names[place_] = f"{{k{number}}}"
            parts.append(text)
            self._starts.append(self._starts[-1] + len(text))
        self._whole = "".join(parts)
        self._slots = [
            slot
            for slot in _slots(self._whole)
            if is_prose(self._whole[slice(*slot)]) and not (keep and keep(self._whole[slice(*slot)]))
        ]

    @property
    def texts(self) -> Sequence[str]:
        """The texts of the paragraph: mostly one."""
        return [of_level(self._whole[start:end], self._level) for start, end in self._slots]

    def write(self, translated: Sequence[Translated], edits: Edits) -> None:
        """Write the paragraph with the translations of its texts."""
        out = _Writer(self._looks, self._write)
        position = 0
        for (start, end), one in zip(self._slots, translated, strict=True):
            self._as_it_was(out, position, start)
            if one.changed:
                self._placed(out, start, end, one)
            else:
                self._as_it_was(out, start, end)
            position = end
        self._as_it_was(out, position, len(self._whole))
        edits.replace(*self._span, out.finished())

    def _stretches(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Yield the items of a stretch of the text, with what of it each has."""
        number = bisect_right(self._starts, start) - 1
        while start < end:
            last = min(self._starts[number + 1], end)
            yield number, start, last
            number, start = number + 1, last

    def _as_it_was(self, out: "_Writer", start: int, end: int) -> None:
        for number, first, last in self._stretches(start, end):
            item = self._items[number]
            if isinstance(item, Run):
                out.text(item.look, self._whole[first:last])
            else:
                out.raw(item.raw)

    def _placed(self, out: "_Writer", start: int, end: int, one: Translated) -> None:
        stretches = list(self._stretches(start, end))
        base = self._usual(stretches)
        marks = [
            Mark(first - start, number, breaks=item.text == _BREAK, name=self._names.get(number, ""))
            for number, first, _ in stretches
            if isinstance(item := self._items[number], Thing)
        ]
        # Line breaks that are characters of a run.
        things = {mark.place for mark in marks}
        marks += (
            Mark(place_, len(self._items), breaks=True)
            for place_, character in enumerate(self._whole[start:end])
            if character == _BREAK and place_ not in things
        )
        spans = [] if base is None else self._spans(stretches, start, base)
        if not marks and not spans:
            out.text(base, one.text)
            return
        look, names = base, list(self._looks)
        for part in place(spans, marks, one):
            if isinstance(part, Words):
                look = names[part.keys[-1]] if part.keys else base
                out.text(look, part.text)
            elif part.key == len(self._items):
                out.text(look, _BREAK)
            elif isinstance(item := self._items[part.key], Thing):
                out.raw(item.raw)

    def _usual(self, stretches: Sequence[tuple[int, int, int]]) -> bytes | None:
        """Return the look that most of a text has."""
        lengths: dict[bytes, int] = {}
        for number, first, last in stretches:
            item = self._items[number]
            if isinstance(item, Run):
                lengths[item.look] = lengths.get(item.look, 0) + last - first
        return max(lengths, key=lambda look: lengths[look]) if lengths else None

    def _spans(self, stretches: Sequence[tuple[int, int, int]], start: int, base: bytes) -> list[Span]:
        """Return where a text has another look than most of it, without white space at the ends."""
        found: list[tuple[int, int, bytes]] = []
        for number, first, last in stretches:
            item = self._items[number]
            if not isinstance(item, Run):
                continue
            if found and found[-1][1] == first and found[-1][2] == item.look:
                found[-1] = (found[-1][0], last, item.look)
            else:
                found.append((first, last, item.look))
        spans: list[Span] = []
        for *stretch, look in found:
            if look != base:
                spans += (
                    Span(first - start, last - start, self._keys[look])
                    for first, last in _stripped(self._whole, *stretch)
                )
        return spans


def _slots(whole: str) -> Iterator[tuple[int, int]]:
    """Yield where the texts of a paragraph begin and end: tabs part them, and line breaks over which no sentence goes on."""
    start = position = 0
    for found in _PARTING.finditer(whole):
        if found.group() == _BREAK and goes_on(
            whole[max(start, found.start() - _NEAR) : found.start()], whole[found.end() : found.end() + _NEAR]
        ):
            continue
        yield from _stripped(whole, start, found.start())
        start = position = found.end()
    yield from _stripped(whole, position, len(whole))


def _stripped(whole: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    text = whole[start:end]
    start, end = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
    if start < end:
        yield start, end


class _Writer:
    """Puts text back into runs."""

    def __init__(self, looks: dict[bytes, Run], written: Callable[[str], bytes]) -> None:
        self._looks, self._write = looks, written
        self._out: list[bytes] = []
        self._look: bytes | None = None
        self._text = ""

    def text(self, look: bytes | None, text: str) -> None:
        if look is None:
            # There are things only; a name that came out otherwise has no look to be written with.
            return
        if look != self._look:
            self._end()
            self._look = look
        self._text += text

    def raw(self, raw: bytes) -> None:
        self._end()
        self._out.append(raw)

    def finished(self) -> bytes:
        self._end()
        return b"".join(self._out)

    def _end(self) -> None:
        if self._text and self._look is not None:
            run = self._looks[self._look]
            self._out += (run.head, self._write(self._text), run.tail)
        self._text = ""
        self._look = None
