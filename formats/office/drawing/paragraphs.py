"""Paragraphs of DrawingML: runs, line breaks and fields."""

import re

from formats.office.blocks import Says
from formats.office.runs import Item, Run, Runs, Thing
from formats.xml.part import End, Event, Part, Start, Text, written

# What tells nothing of the look: the language, and what the spelling checker found.
_NO_LOOK = re.compile(rb"\s(?:lang|altLang|dirty|err|smtClean|bmk|noProof)\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+')")
_SPACE = re.compile(rb">\s++<")
_EMPTY = re.compile(rb"<(?:[\w.-]{1,40}:)?rPr\s*+(?:/>|>\s*+</(?:[\w.-]{1,40}:)?rPr\s*+>)")


class Paragraph:
    """Reads a paragraph by its events, and says when it ends."""

    def __init__(self, part: Part, start: Start, says: Says) -> None:
        self._part, self._says = part, says
        self._span = (start.end, start.end)
        self._items: list[Item] = []
        self._depth = 0
        self._child: Start | None = None
        # Of a run: where its look is, where its text is, and that.
        self._look = (0, 0)
        self._content: tuple[int, int] | None = None
        self._text: list[str] = []
        self._in_text = False

    def take(self, event: Event) -> bool:
        """Take the next event; whether the paragraph has ended with it."""
        if isinstance(event, Text):
            if self._in_text:
                self._text.append(event.text)
        elif isinstance(event, Start):
            self._begin(event)
        else:
            self._depth -= 1
            if self._depth == 1:
                self._inner_end(event)
            elif self._depth == 0 and self._child is not None:
                self._outer_end(self._child, event)
        return self._depth < 0

    def _begin(self, event: Start) -> None:
        self._depth += 1
        if self._depth == 1:
            self._child = event
            self._content, self._text, self._look = None, [], (event.end, event.end)
        elif self._depth == 2 and self._child is not None and self._child.name == "a:r":
            if event.name == "a:rPr":
                self._look = (event.start, event.end)
            elif event.name == "a:t" and not event.empty:
                self._in_text, self._content = True, (event.end, event.end)

    def _inner_end(self, event: End) -> None:
        if event.name == "a:rPr":
            self._look = (self._look[0], event.end)
        elif self._in_text and event.name == "a:t" and self._content is not None:
            self._in_text, self._content = False, (self._content[0], event.start)

    def _outer_end(self, child: Start, event: End) -> None:
        data = self._part.data
        if child.name in ("a:pPr", "a:endParaRPr"):
            return
        if not self._items:
            self._span = (child.start, event.end)
        self._span = (self._span[0], event.end)
        if child.name == "a:r":
            if self._content is not None:
                begin, end = self._content
                # Line ends within a run are spaces to the program.
                text = re.sub(r"[\r\n]", " ", "".join(self._text))
                look = _look(data[slice(*self._look)])
                self._items.append(Run(text, look, data[child.start : begin], data[end : event.end]))
        else:
            self._items.append(Thing(data[child.start : event.end], "\n" if child.name == "a:br" else ""))

    def block(self, level: int = 0) -> Runs:
        """Return what is translated in it; `level`: of a heading."""
        return Runs(self._items, self._span, written, self._says, level=level)


def _look(raw: bytes) -> bytes:
    look = _SPACE.sub(b"><", _NO_LOOK.sub(b"", raw))
    return b"" if _EMPTY.fullmatch(look) else look
