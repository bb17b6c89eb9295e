"""A sheet: strings that stand in its cells, what it says to those who fill it in, its headers and footers."""

import html
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from formats.document import Notes
from formats.office.attributes import Plain, values
from formats.office.blocks import Block, Says
from formats.office.sheets.headers import Header
from formats.office.sheets.heads import HeadWords
from formats.office.sheets.strings import PREFIXES, String
from formats.office.sheets.tables import column
from formats.xml.part import End, Part, Start, Text

# With more characters the program calls the file damaged.
_PROMPTS = {"promptTitle": 32, "prompt": 255, "errorTitle": 32, "error": 255}
_HEADERS = frozenset(("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"))
_NUMBER = re.compile(r"[0-9]{1,9}")
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})\Z")
_CHOICES = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:formula1|f)>\s*+(?:\"|&quot;)([^<\"]*+)")


@dataclass(frozen=True)
class Known:
    """What is known of a sheet's cells when it is read."""

    heads: Container[tuple[int, int]]
    """Those that are heads of tables, by row and column."""
    words: HeadWords
    choices: Container[str]
    """Texts that stay as they are."""


def blocks(part: Part, known: Known, notes: Notes) -> Iterator[Block]:
    """Yield what is translated in a sheet, in order; formulas and what they make are only counted."""
    string: String | None = None
    reading: Start | None = None
    text = ""
    place = Place()
    for event in part.events(PREFIXES):
        if string is not None:
            if string.take(event):
                if (place.row, place.column) in known.heads:
                    yield from head(string, known.words, notes)
                else:
                    yield string.block(keep=known.choices.__contains__)
                string = None
        elif isinstance(event, Text):
            text += event.text if reading is not None else ""
        elif isinstance(event, End):
            if reading is not None:
                is_head = (place.row, place.column) in known.heads
                yield from _words(reading, text, (reading.end, event.start), known, is_head=is_head)
                reading = None
        elif event.name == "is":
            string = String(part, event)
        elif event.name in _HEADERS or (event.name == "v" and place.typed):
            reading, text = event, ""
        else:
            place.move(event)
            yield from _said(part, event, notes)


def _words(tag: Start, text: str, span: tuple[int, int], known: Known, *, is_head: bool) -> Iterator[Block]:
    """Yield the words that stand in an element as they are: of a header, or of a cell."""
    if tag.name in _HEADERS:
        yield Header(text, span)
    elif is_head and text.strip() in known.words.became:
        yield Plain(text, span, says=Says.AFTER)
    elif not is_head and text not in known.choices:
        yield Plain(text, span)


def head(string: String, words: HeadWords, notes: Notes) -> Iterator[Block]:
    """Yield the string of a head, if it changes; count it if it never does."""
    text = string.text.strip()
    if text in words.became:
        yield string.block(Says.AFTER)
    elif text not in words.free:
        notes.left["heads of tables"] += 1


def _said(part: Part, tag: Start, notes: Notes) -> Iterator[Block]:
    """Yield what a sheet says to those who use it, and count its formulas."""
    if tag.name == "f":
        notes.left["formulas"] += 1
    elif tag.name.endswith("dataValidation"):
        yield from values(part, tag, _PROMPTS)
    elif tag.name == "hyperlink":
        yield from values(part, tag, {"tooltip": 255})


def head_cells(part: Part, heads: Container[tuple[int, int]], last_row: int) -> tuple[set[int], set[str]]:
    """Return the numbers of shared strings that stand in heads of tables, and the texts that stand there themselves.

    No head is below `last_row`.
    """
    numbers: set[int] = set()
    texts: set[str] = set()
    place = Place()
    kind = ""
    text = ""
    for event in part.events(PREFIXES):
        if isinstance(event, Start):
            place.move(event)
            if place.row > last_row:
                break
            if event.name == "c":
                kind = event.attributes.get("t", "") if (place.row, place.column) in heads else ""
                text = ""
        elif isinstance(event, Text):
            text += event.text if kind else ""
        elif kind == "s" and _NUMBER.fullmatch(text.strip()):
            numbers.add(int(text))
            kind = ""
        elif kind in ("str", "inlineStr"):
            texts.add(text)
    return numbers, texts


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
