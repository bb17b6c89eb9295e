"""What is translated in a part, and where it stands."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from formats.document import Notes
from formats.office.opendocument import names
from formats.office.opendocument.building import Builder
from formats.office.opendocument.capturing import Capture
from formats.office.opendocument.paragraph import Paragraph
from formats.office.opendocument.styles import Styles, find
from formats.office.opendocument.units import CellUnit, ParagraphUnit, Unit, ValueUnit
from formats.xml.part import End, Event, Start, Text

_PREFIX = re.compile(rb"<((?:[^\s/>:]++:)?)")
# What becomes of elements in a paragraph that are taken whole; further ones of the namespace of texts are fields.
_TAKEN: dict[str, Callable[[Builder, Capture], None]] = {
    "text:s": Builder.space,
    "text:tab": Builder.line,
    "text:line-break": Builder.line,
    "text:ruby": Builder.ruby,
    **dict.fromkeys(names.REFERENCES, Builder.reference),
    **dict.fromkeys(names.POINTS, Builder.point),
}


@dataclass(slots=True)
class _Frame:
    """An element that is open."""

    name: str
    start: Start | None = None
    builder: Builder | None = None
    """Of the paragraph whose text its text is."""
    whole: bool = False
    """Whether it is that paragraph, and no span in it."""
    around: Builder | None = None
    """Of the paragraph in which it stands as a thing of its own."""
    kept: bool = False
    """Whether paragraphs in it are not translated: they are made from values, or wait for text."""
    contents: bool = False
    level: int = 0
    """Of paragraphs in it, where it is the title of a slide."""
    cell: CellUnit | None = None
    shows: bool = False
    """Whether what a frame shows has been met; what comes behind it is for programs that cannot show that."""


class Scanner:
    """Reads the events of a part. `groups` gives what belongs together: a paragraph with those in its notes and frames."""

    def __init__(self, data: bytes, styles: Styles, notes: Notes) -> None:
        self._data, self._styles, self._notes = data, styles, notes
        self.properties: list[Start] = []
        """Properties of texts, some of which say a language."""
        self.language: Text | None = None
        """The language that the properties of the document say."""
        self._frames = [_Frame("")]
        self._capture: Capture | None = None
        self._done: Callable[[Capture], None] | None = None
        self._units: list[Unit] = []
        self._open = 0
        self._automatic = False

    def groups(self, events: Iterable[Event]) -> Iterator[list[Unit]]:
        """Yield units in the order of the part, those within others after these, as soon as they are complete."""
        for event in events:
            if self._capture is not None:
                self._take(self._capture, event)
            elif isinstance(event, Text):
                self._text(event)
            elif isinstance(event, Start):
                self._start(event)
            else:
                self._end(event)
            if not self._open and self._units:
                yield sorted(self._units, key=lambda unit: (unit.start, -unit.end))
                self._units = []

    def _take(self, capture: Capture, event: Event) -> None:
        if capture.take(event):
            if self._done is not None:
                self._done(capture)
            self._capture = self._done = None

    def _keep(self, event: Start, why: str = "", done: Callable[[Capture], None] | None = None) -> None:
        """Leave an element as it is; `why` is noted."""
        if why:
            self._notes.left[why] += 1
        self._capture, self._done = Capture(event, "text:ruby-base" if event.name == "text:ruby" else ""), done

    def _text(self, event: Text) -> None:
        top = self._frames[-1]
        if top.builder is not None:
            top.builder.text(event)
        elif top.name == "dc:language":
            self.language = event

    def _start(self, event: Start) -> None:
        for name in names.ATTRIBUTES.get(event.name, ()):
            value = event.attributes.get(name, "")
            if value and (place := find(event, self._data, name)) is not None:
                self._units.append(ValueUnit(place.start, place.end, value))
        if event.name in names.SHOWN and not self._frames[-1].shows:
            self._frames[-1].shows = True
            if event.name == "draw:image":
                self._notes.left["pictures"] += 1
        builder = self._frames[-1].builder
        if builder is None:
            self._block(event)
        else:
            self._inline(event, builder)

    def _inline(self, event: Start, builder: Builder) -> None:
        name, style = event.name, event.attributes.get("text:style-name", "")
        if name in names.SKIPPED or builder.paragraph.plain:
            self._keep(event, names.SKIPPED.get(name, ""), builder.point)
        elif name in names.SPANS:
            if self._styles.hides("text", style):
                self._keep(event, "hidden text", builder.point)
            elif name == "text:span" and self._styles.is_code(style):
                self._keep(event, "code", builder.name)
            else:
                alone = name == "text:span" and list(event.attributes) == ["text:style-name"]
                builder.open(event, self._styles.look(style) if alone else event)
                self._frames.append(_Frame(name, event, builder))
        elif name in _TAKEN:
            self._keep(event, "", lambda capture: _TAKEN[name](builder, capture))
        elif name.startswith(("text:", "presentation:")) and name != "text:note":
            self._keep(event, "fields", builder.name)
        else:
            top = self._frames[-1]
            self._frames.append(_Frame(name, event, around=builder, kept=_waits(event), contents=top.contents))

    def _block(self, event: Start) -> None:
        name, about, top = event.name, event.attributes, self._frames[-1]
        style = about.get("text:style-name", "")
        if name in names.SKIPPED:
            self._keep(event, names.SKIPPED[name])
        elif name == "text:section" and about.get("text:display") == "none":
            self._keep(event, "hidden text")
        elif name in names.PARAGRAPHS:
            if top.kept or self._styles.hides("paragraph", style):
                self._keep(event, "" if top.kept else "hidden text")
            else:
                paragraph = self._paragraph(event)
                paragraph.contents = top.contents or self._styles.is_contents(style)
                paragraph.is_heading = name == "text:h"
                paragraph.level = _level(event) or top.level or int(self._styles.is_title(style))
        elif name in names.PLAIN or (name in names.PROPERTIES and top.name == "office:meta"):
            self._paragraph(event, plain=True).contents = name == "text:index-title-template"
        else:
            self._frames.append(self._frame(event, top))

    def _paragraph(self, event: Start, *, plain: bool = False) -> Paragraph:
        prefix = _PREFIX.match(self._data, event.start)
        assert prefix is not None, "it is a tag"
        paragraph = Paragraph(event.end, prefix[1].decode(), plain=plain)
        self._frames.append(_Frame(event.name, event, Builder(paragraph), whole=True))
        self._open += 1
        return paragraph

    def _frame(self, event: Start, top: _Frame) -> _Frame:
        """Return what is known of an element outside of paragraphs."""
        name, about = event.name, event.attributes
        frame = _Frame(name, event, kept=top.kept, contents=top.contents or name == "text:index-body")
        frame.level = 1 if about.get("presentation:class") == "title" else top.level
        if name in ("table:table-cell", "table:covered-table-cell"):
            formula = "table:formula" in about
            frame.kept = formula or about.get("office:value-type") in names.NUMBERS
            if formula:
                self._notes.left["formulas"] += 1
            if not frame.kept and "office:string-value" in about:
                self._cell(event, frame)
        elif name == "office:annotation" or (name.startswith("draw:") and top.name.startswith("table:")):
            frame.kept = False
        elif _waits(event):
            frame.kept = True
        elif name == "office:automatic-styles":
            self._automatic = True
        elif name.startswith("style:"):
            self._styles.start(event, automatic=self._automatic)
            if name == "style:text-properties":
                self.properties.append(event)
        elif name == "text:changed-region":
            self._notes.warn(
                "The document has tracked changes. What was inserted is translated, what was deleted stays as it is; accept "
                "or reject the changes before you send it, if its translation is to have none."
            )
        return frame

    def _cell(self, event: Start, frame: _Frame) -> None:
        place = find(event, self._data, "office:string-value")
        if place is not None:
            frame.cell = CellUnit(place.start, place.end, event.attributes["office:string-value"])
            self._open += 1

    def _end(self, event: End) -> None:
        frame = self._frames.pop()
        if frame.whole and frame.builder is not None:
            self._open -= 1
            unit = ParagraphUnit(frame.builder.finish(event.start))
            cell = self._frames[-1].cell
            if cell is not None:
                cell.paragraphs.append(unit)
            if unit.texts or cell is not None:
                self._units.append(unit)
        elif frame.builder is not None:
            frame.builder.close(event)
        elif frame.around is not None and frame.start is not None:
            frame.around.thing(frame.start, event.end)
        elif frame.cell is not None:
            self._open -= 1
            self._units.append(frame.cell)
        elif frame.name == "style:style":
            self._styles.end()
        elif frame.name == "office:automatic-styles":
            self._automatic = False


def _level(event: Start) -> int:
    """Return the level of a paragraph that is a heading by its name; 0 of others."""
    if event.name != "text:h":
        return 0
    said = event.attributes.get("text:outline-level", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 3 and int(said) else 1


def _waits(event: Start) -> bool:
    """Whether an element is a placeholder, which shows what to write there until something is written."""
    return event.attributes.get("presentation:placeholder") == "true"
