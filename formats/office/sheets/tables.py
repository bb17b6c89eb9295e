"""Tables in sheets: where their heads are, and what they say again of their cells."""

import re
from collections.abc import Container, Iterator

from formats.office.attributes import values
from formats.office.blocks import Block, Says
from formats.office.sheets.strings import PREFIXES
from formats.xml.part import Part, Start

_NAMES_COLUMNS = re.compile(
    rb"<(?:[\w.-]{1,40}:)?(?:f|formula[12]?|definedName|calculatedColumnFormula|totalsRowFormula)(?:\s[^<>]*+)?>[^<\[]*+\["
)
_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?")


class Heads(Container[tuple[int, int]]):
    """Cells that are heads of tables, by row and column from 1."""

    def __init__(self) -> None:
        self._ranges: list[tuple[int, int, int, int]] = []

    @property
    def last_row(self) -> int:
        """The last row that has any; 0: there is none."""
        return max((last for _, last, _, _ in self._ranges), default=0)

    def add(self, part: Part) -> None:
        """Take in the heads of a table."""
        for event in part.events(PREFIXES):
            if isinstance(event, Start) and event.name == "table":
                rows = 0 if event.attributes.get("headerRowCount") == "0" else 1
                found = _RANGE.match(event.attributes.get("ref", ""))
                if rows and found:
                    first, row = column(found[1]), int(found[2])
                    self._ranges.append((row, row, first, column(found[3] or found[1])))
                return

    def __contains__(self, cell: object) -> bool:
        if not self._ranges or not isinstance(cell, tuple):
            return False
        row, column_ = cell
        return any(top <= row <= bottom and left <= column_ <= right for top, bottom, left, right in self._ranges)


def column(letters: str) -> int:
    """Return the number of a column, from 1.

    >>> column("AA")
    27
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def columns(part: Part) -> list[str]:
    """Return the names of a table's columns, which its heads say."""
    return [
        event.attributes.get("name", "")
        for event in part.events(PREFIXES)
        if isinstance(event, Start) and event.name == "tableColumn"
    ]


def names_columns(part: Part) -> bool:
    """Whether a formula in a sheet, a table or the list of names says how a column of a table is called."""
    return _NAMES_COLUMNS.search(part.data) is not None


def heads_again(part: Part, words: Container[str]) -> Iterator[Block]:
    """Yield the names of columns that are of some words."""
    for event in part.events(PREFIXES):
        if (
            isinstance(event, Start)
            and event.name == "tableColumn"
            and event.attributes.get("name", "").strip() in words
        ):
            yield from values(part, event, {"name": None}, Says.AFTER)


def labels(part: Part) -> Iterator[Block]:
    """Yield what else a table says again of its cells: the labels of its totals."""
    for event in part.events(PREFIXES):
        if isinstance(event, Start) and event.name == "tableColumn":
            yield from values(part, event, {"totalsRowLabel": None}, Says.AFTER)
