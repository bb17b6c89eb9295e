"""A sheet: strings that stand in its cells, what it says to those who fill it in, its headers and footers."""

import html
import re
from collections.abc import Container, Iterator

from formats.document import Notes
from formats.office.attributes import Plain, values
from formats.office.blocks import Block
from formats.office.sheets.headers import Header
from formats.office.sheets.strings import PREFIXES, String
from formats.office.sheets.tables import column
from formats.xml.part import End, Part, Start, Text

# With more characters the program calls the file damaged.
_PROMPTS = {"promptTitle": 32, "prompt": 255, "errorTitle": 32, "error": 255}
_HEADERS = frozenset(("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"))
_NUMBER = re.compile(r"[0-9]{1,9}")
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})\Z")
_CHOICES = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:formula1|f)>\s*+(?:\"|&quot;)([^<\"]*+)")


def blocks(part: Part, heads: Container[tuple[int, int]], choices: Container[str], notes: Notes) -> Iterator[Block]:
    """Yield what is translated in a sheet, in order; formulas and what they make are only counted.

    `heads`: cells that stay as they are. `choices`: texts that do.
    """
    string: String | None = None
    reading: Start | None = None
    text = ""
    place = Place()
    for event in part.events(PREFIXES):
        if string is not None:
            if string.take(event):
                if (place.row, place.column) in heads:
                    notes.left["heads of tables"] += 1
                else:
                    yield string.block(keep=choices.__contains__)
                string = None
        elif isinstance(event, Text):
            text += event.text if reading is not None else ""
        elif isinstance(event, End):
            if reading is not None:
                keep = (place.row, place.column) in heads or text in choices
                yield from _words(reading, text, (reading.end, event.start), keep=keep)
                reading = None
        elif event.name == "is":
            string = String(part, event)
        elif event.name in _HEADERS or (event.name == "v" and place.typed):
            reading, text = event, ""
        else:
            place.move(event)
            yield from _said(part, event, notes)


def _words(tag: Start, text: str, span: tuple[int, int], *, keep: bool) -> Iterator[Block]:
    """Yield the words that stand in an element as they are: of a header, or of a cell."""
    if tag.name in _HEADERS:
        yield Header(text, span)
    elif not keep:
        yield Plain(text, span)


def _said(part: Part, tag: Start, notes: Notes) -> Iterator[Block]:
    """Yield what a sheet says to those who use it, and count its formulas."""
    if tag.name == "f":
        notes.left["formulas"] += 1
    elif tag.name.endswith("dataValidation"):
        yield from values(part, tag, _PROMPTS)
    elif tag.name == "hyperlink":
        yield from values(part, tag, {"tooltip": 255})


def shared(part: Part, heads: Container[tuple[int, int]], last_row: int) -> set[int]:
    """Return the numbers of shared strings that stand in heads of tables, of which none is below `last_row`."""
    found: set[int] = set()
    place = Place()
    inside = False
    for event in part.events(PREFIXES):
        if isinstance(event, Start):
            place.move(event)
            if place.row > last_row:
                break
            if event.name == "c":
                inside = event.attributes.get("t") == "s" and (place.row, place.column) in heads
        elif isinstance(event, Text) and inside and _NUMBER.fullmatch(event.text.strip()):
            found.add(int(event.text))
    return found


def choices(part: Part) -> set[str]:
    """Return the choices that cells of a sheet offer, where they stand in the sheet's rules themselves."""
    if b"dataValidation" not in part.data:
        return set()
    lists = (html.unescape(found[1].decode(errors="replace")) for found in _CHOICES.finditer(part.data))
    return {choice.strip() for one in lists for choice in one.split(",")}


class Place:
    """Where a cell is; cells need not say it."""

    def __init__(self) -> None:
        self.row = self.column = 0
        self.typed = False
        """Whether the value of the cell is text that no formula made."""

    def move(self, tag: Start) -> None:
        """Go on to the next row or cell, if the tag begins one."""
        if tag.name not in ("c", "row"):
            self.typed = self.typed and tag.name != "f"
            return
        self.typed = tag.name == "c" and tag.attributes.get("t") == "str"
        told = tag.attributes.get("r", "")
        if tag.name == "row":
            self.row, self.column = int(told) if _NUMBER.fullmatch(told) else self.row + 1, 0
        elif (found := _PLACE.match(told)) is not None:
            self.row, self.column = int(found[2]), column(found[1])
        else:
            self.column += 1
