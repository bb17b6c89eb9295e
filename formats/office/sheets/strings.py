"""Strings of workbooks: those that cells share, those that stand in cells, and those of comments."""

import re
from collections.abc import Callable, Iterator

from formats.office.blocks import Says
from formats.office.runs import Run, Runs
from formats.xml.part import End, Event, Part, Start, Text, written

PREFIXES = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "",
    "http://purl.oclc.org/ooxml/spreadsheetml/main": "",
}
"""Workbooks have a prefix for their own names rarely, and any if they do."""

_TEXT = re.compile(rb"<((?:[\w.-]{1,40}:)?t)(?:\s[^<>]*+)?>\Z")


class String:
    """Reads a string by its events, and says when it ends: an `si`, an `is`, or the `text` of a comment."""

    def __init__(self, part: Part, start: Start) -> None:
        self._part = part
        self._span = (start.end, start.end)
        self._items: list[Run] = []
        self._depth = 0
        self._names: list[Start] = []
        self._run: Start | None = None
        self._look = (0, 0)
        self._text: list[str] | None = None
        self._content = (0, 0)
        self.spoken = False
        """Whether it says how its signs are read."""

    def take(self, event: Event) -> bool:
        """Take the next event; whether the string has ended with it."""
        if isinstance(event, Text):
            if self._text is not None:
                self._text.append(event.text)
        elif isinstance(event, Start):
            self._begin(event)
        elif isinstance(event, End):
            if not self._names:
                if self.spoken:
                    # How it is read tells nothing of a translation.
                    self._span = (self._span[0], event.start)
                return True
            self._end(self._names.pop(), event)
        return False

    def _begin(self, event: Start) -> None:
        self._names.append(event)
        depth = len(self._names)
        if event.name == "rPh":
            self.spoken = True
        elif event.name == "r" and depth == 1:
            self._run, self._look = event, (event.end, event.end)
        elif event.name == "rPr" and depth == 2:
            self._look = (event.start, event.end)
        elif event.name == "t" and not event.empty and self._names[0].name in ("r", "t") and depth <= 2:
            self._text, self._content = [], (event.end, event.end)

    def _end(self, begun: Start, event: End) -> None:
        if begun.name == "rPr" and self._run is not None:
            self._look = (self._look[0], event.end)
        elif begun.name == "t" and self._text is not None:
            self._content = (self._content[0], event.start)
            if not self._names:
                self._add(begun, event)
        elif begun.name == "r" and not self._names:
            if self._text is not None:
                self._add(begun, event)
            self._run = None

    def _add(self, begun: Start, event: End) -> None:
        data, (first, last) = self._part.data, self._content
        if not self._items:
            self._span = (begun.start, event.end)
        self._span = (self._span[0], event.end)
        look = data[slice(*self._look)] if self._run is not None else b""
        self._items.append(
            Run("".join(self._text or ()), look, _spaced(data[begun.start : first]), data[last : event.end])
        )
        self._text = None

    @property
    def text(self) -> str:
        """All of its text."""
        return "".join(item.text for item in self._items)

    def block(self, says: Says = Says.OWN, keep: Callable[[str], bool] | None = None) -> Runs:
        """Return what is translated in it. `keep`: which texts stay although they are language."""
        return Runs(self._items, self._span, written, says, keep)


def strings(part: Part, name: str) -> Iterator[String]:
    """Yield the strings of a part that stand in elements of a name, in order; empty ones, too."""
    string: String | None = None
    for event in part.events(PREFIXES):
        if string is not None:
            if string.take(event):
                yield string
                string = None
        elif isinstance(event, Start) and event.name == name:
            string = String(part, event)


def _spaced(head: bytes) -> bytes:
    """Return what stands before a text so that blanks at its ends count."""
    if b"preserve" in head:
        return head
    return _TEXT.sub(lambda found: found.group()[:-1] + b' xml:space="preserve">', head)
