"""A paragraph written anew around its translations."""

import re
from collections.abc import Callable, Collection, Sequence

from formats.document import Translated
from formats.office.opendocument.paragraph import Atom, Kind, Paragraph, Segment
from formats.strings.inline import Placed, Words, place
from formats.xml.part import written

Raw = Callable[[int, int], bytes]
"""Gives the bytes of a stretch of the part, with what has changed in it."""

_SPACES = re.compile(r"[ \t\r\n]")


def rewritten(paragraph: Paragraph, translated: Sequence[Translated], raw: Raw) -> bytes | None:
    """Return what a paragraph holds with the translations of its texts; None if none of them has changed.

    Everything that is no text is in it once; spans stand around the words that theirs became.
    """
    if not any(one.changed for one in translated):
        return None
    out = _Output(paragraph, raw)
    changed = [one for one, text in zip(paragraph.segments, translated, strict=True) if text.changed]
    taken = {number for one in changed for pair in one.ranges.values() for number in pair}
    position = 0
    for segment, text in zip(paragraph.segments, translated, strict=True):
        out.between(position, segment.start, taken)
        if text.changed:
            _translated(out, segment, text)
        else:
            out.within(segment)
        position = segment.end
    out.between(position, len(paragraph.flat), taken)
    return out.finished()


def shown(paragraph: Paragraph, translated: Sequence[Translated]) -> str:
    """Return what a reader reads of a paragraph with the translations of its texts."""
    flat, position, found = paragraph.flat, 0, []
    for segment, text in zip(paragraph.segments, translated, strict=True):
        found += [flat[position : segment.start], text.text if text.changed else flat[segment.start : segment.end]]
        position = segment.end
    whole = "".join([*found, flat[position:]])
    for atom in paragraph.atoms:
        if atom.kind is Kind.NAME:
            whole = whole.replace(atom.text, atom.shown, 1)
    return whole


def _translated(out: "_Output", segment: Segment, text: Translated) -> None:
    """Write a segment with its translation."""
    fragments = place(segment.spans, segment.marks, text)
    spans = {span.key for span in segment.spans}
    begins = {key: number for number, one in reversed(list(enumerate(fragments))) for key in one.keys}
    ends = {key: number for number, one in enumerate(fragments) for key in one.keys}
    for number, one in enumerate(fragments):
        keys = (*segment.fixed, *(key for key in one.keys if key not in segment.ranges))
        for key in one.keys:
            if key in segment.ranges and begins[key] == number:
                out.point(segment.ranges[key][0], keys)
        if isinstance(one, Words):
            out.words(one.text, keys)
        else:
            assert isinstance(one, Placed)
            # Spans that have nothing to read here are around it still.
            own = [key for key in out.atoms[one.key].keys if key not in spans and key not in segment.fixed]
            out.point(one.key, (*keys, *own))
        for key in reversed(one.keys):
            if key in segment.ranges and ends[key] == number:
                out.point(segment.ranges[key][1], keys)
    for key in sorted(segment.ranges.keys() - begins.keys(), reverse=True):
        for number in segment.ranges[key]:
            out.point(number, segment.fixed)


class _Output:
    """What a paragraph holds, written from left to right."""

    def __init__(self, paragraph: Paragraph, raw: Raw) -> None:
        self._paragraph, self._raw = paragraph, raw
        self.atoms = paragraph.atoms
        self._out: list[bytes] = []
        self._open: tuple[int, ...] = ()
        # A space behind another one, or at the beginning, is none to a reader.
        self._spaced = True

    def between(self, start: int, end: int, taken: Collection[int]) -> None:
        """Write what stands between two texts, and at their ends."""
        for number, atom, at in self._paragraph.near(start, end):
            if not atom.text:
                if number not in taken:
                    self.point(number, atom.keys)
            elif at < end and at + len(atom.text) > start:
                self._atom(number, atom, atom.text[max(0, start - at) : end - at])

    def within(self, segment: Segment) -> None:
        """Write a text as it was."""
        for number, atom, at in self._paragraph.near(segment.start, segment.end):
            if not atom.text:
                if segment.start < at < segment.end:
                    self.point(number, atom.keys)
            elif at < segment.end and at + len(atom.text) > segment.start:
                self._atom(number, atom, atom.text[max(0, segment.start - at) : segment.end - at])

    def _atom(self, number: int, atom: Atom, text: str) -> None:
        if atom.kind is Kind.TEXT:
            self.words(text, atom.keys)
        else:
            self.point(number, atom.keys)

    def point(self, number: int, keys: tuple[int, ...]) -> None:
        """Write what is no text, as it stands."""
        atom = self.atoms[number]
        self._within(keys)
        self._out.append(atom.text.encode() if self._paragraph.plain and atom.text else self._raw(atom.start, atom.end))
        if atom.text:
            self._spaced = atom.kind is Kind.SPACE

    def words(self, text: str, keys: tuple[int, ...]) -> None:
        """Write text; of spaces side by side all are to be seen."""
        if not text:
            return
        self._within(keys)
        if self._paragraph.plain:
            self._out.append(written(text))
            return
        position = 0
        for found in _SPACES.finditer(text):
            start = found.start()
            spaced = self._spaced and start == position
            self._out.append(written(text[position:start]))
            self._out.append(f"<{self._paragraph.prefix}s/>".encode() if spaced else b" ")
            self._spaced = True
            position = found.end()
        if position < len(text):
            self._out.append(written(text[position:]))
            self._spaced = False

    def _within(self, keys: tuple[int, ...]) -> None:
        """Close and open spans, so that just these are open."""
        shared = 0
        while shared < min(len(keys), len(self._open)) and keys[shared] == self._open[shared]:
            shared += 1
        for key in reversed(self._open[shared:]):
            self._out.append(self._raw(*self._paragraph.keys[key].closing))
        for key in keys[shared:]:
            self._out.append(self._raw(*self._paragraph.keys[key].opening))
        self._open = keys

    def finished(self) -> bytes:
        """Return all of it."""
        self._within(())
        return b"".join(self._out)
