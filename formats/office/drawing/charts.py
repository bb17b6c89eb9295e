"""Charts: their titles, and the names that they show of their series and categories."""

from collections.abc import Iterator

from formats.office.attributes import Plain
from formats.office.blocks import Block, Says
from formats.office.drawing.paragraphs import Paragraph
from formats.office.drawing.shapes import PREFIXES
from formats.office.pictures import local
from formats.xml.part import End, Part, Start, Text

# Elements whose values are strings, of charts as they are since 2007 and of those since 2016.
_STRINGS = frozenset(("strCache", "strLit", "multiLvlStrCache", "dlblRangeCache", "strDim", "txData"))
_VALUES = frozenset(("v", "pt"))


def blocks(part: Part, cached: Says = Says.AGAIN) -> Iterator[Block]:
    """Yield what is translated in a chart, in order.

    `cached`: whose words those are that a chart shows of cells. They are the chart's own where nobody else has them.
    """
    paragraph: Paragraph | None = None
    names = _Names(cached)
    for event in part.events(PREFIXES):
        if paragraph is not None:
            if paragraph.take(event):
                yield paragraph.block()
                paragraph = None
        elif isinstance(event, Text):
            names.text(event)
        elif isinstance(event, End):
            yield from names.end(event)
        elif event.name == "a:p":
            paragraph = Paragraph(part, event, Says.OWN)
        else:
            names.begin(event)


class _Names:
    """Reads names of series and categories by events."""

    def __init__(self, cached: Says) -> None:
        self._cached = cached
        self._inside: list[str] = []
        self._strings = 0
        self._value: Start | None = None
        self._text = ""

    def begin(self, event: Start) -> None:
        name = local(event.name)
        self._strings += name in _STRINGS
        if not event.empty and ((self._strings and name in _VALUES) or self._own(name)):
            self._value, self._text = event, ""
        self._inside.append(name)

    def text(self, event: Text) -> None:
        if self._value is not None and event.start >= self._value.end:
            self._text += event.text

    def end(self, event: End) -> Iterator[Block]:
        name = self._inside.pop()
        self._strings -= name in _STRINGS
        if self._value is not None and name == local(self._value.name):
            if self._text.strip():
                says = Says.OWN if self._own(name) else self._cached
                yield Plain(self._text, (self._value.end, event.start), says=says)
            self._value = None

    def _own(self, name: str) -> bool:
        """Whether it is the name of a series that is in no cell, which stands in its `tx`, or that of a trend line."""
        return (name, self._inside[-1:]) in (("v", ["tx"]), ("name", ["trendline"]))
