"""What people read in a part with shapes: paragraphs and alternative texts."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from formats.document import Notes
from formats.office.attributes import values
from formats.office.blocks import Block, Says
from formats.office.drawing.paragraphs import Paragraph
from formats.office.pictures import counted, local
from formats.xml.part import End, Part, Start

PREFIXES = {
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
}
"""Names of these are alike in every part; all others are taken by what stands behind their prefix."""

_ALTERNATIVES = {"descr": None, "title": None}
_SHAPES = frozenset(("sp", "grpSp", "pic", "graphicFrame", "cxnSp"))
_ABOUT = frozenset(("nvSpPr", "nvGrpSpPr", "nvPicPr", "nvGraphicFramePr", "nvCxnSpPr"))


@dataclass
class Shape:
    """What is known of a shape when its texts are met."""

    linked: bool = False
    """Whether its text is that of a cell, by a formula."""
    placeholder: bool = False
    title: bool = False
    """Whether it is that of its slide."""
    waiting: list[Block] = field(default_factory=list)


def blocks(
    part: Part, notes: Notes, says: Says = Says.OWN, wanted: Callable[[Shape], bool] = lambda _: True
) -> Iterator[Block]:
    """Yield the paragraphs and alternative texts of a part, in order. `wanted`: of which shapes."""
    reading = _Reading(part, says, wanted)
    paragraph: Paragraph | None = None
    for event in counted(part.events(PREFIXES), notes):
        if paragraph is not None:
            if paragraph.take(event):
                yield from reading.of_shape([paragraph.block(reading.level())])
                paragraph = None
        elif isinstance(event, Start):
            if event.name == "a:p":
                paragraph = Paragraph(part, event, reading.says())
            else:
                yield from reading.begin(event)
        elif isinstance(event, End):
            yield from reading.end(event)


class _Reading:
    """Where in a part the reading is."""

    def __init__(self, part: Part, says: Says, wanted: Callable[[Shape], bool]) -> None:
        self._part, self._says, self._wanted = part, says, wanted
        self._shapes: list[Shape] = []
        self._fallbacks = 0

    def says(self) -> Says:
        """Whose words those are that stand here; a fallback is for old programs, and says the same again."""
        return Says.AGAIN if self._fallbacks else self._says

    def level(self) -> int:
        """Return the level of the paragraphs that stand here as headings; 0: they are none."""
        return int(bool(self._shapes) and self._shapes[-1].title)

    def of_shape(self, found: Iterable[Block]) -> Iterator[Block]:
        """Yield what belongs to the shape, if that is wanted."""
        if not self._shapes or self._wanted(self._shapes[-1]):
            yield from found

    def begin(self, event: Start) -> Iterator[Block]:
        """Go into an element."""
        name = local(event.name)
        if event.name == "mc:Fallback":
            self._fallbacks += 1
        elif name in _SHAPES:
            self._shapes.append(Shape(linked=bool(event.attributes.get("textlink"))))
        elif name == "ph" and self._shapes:
            self._shapes[-1].placeholder = True
            self._shapes[-1].title = event.attributes.get("type") in ("title", "ctrTitle")
        elif name in ("cNvPr", "docPr"):
            found = values(self._part, event, _ALTERNATIVES, self.says())
            if self._shapes:
                # Whether the shape is wanted is known when all is said about it.
                self._shapes[-1].waiting += found
            else:
                yield from found
        elif name == "hlinkClick":
            yield from self.of_shape(values(self._part, event, {"tooltip": None}, self.says()))

    def end(self, event: End) -> Iterator[Block]:
        """Go out of an element."""
        name = local(event.name)
        if self._shapes and (name in _SHAPES or name in _ABOUT):
            shape = self._shapes[-1]
            yield from self.of_shape(shape.waiting)
            shape.waiting = []
        if name in _SHAPES:
            self._shapes.pop()
        elif event.name == "mc:Fallback":
            self._fallbacks -= 1
