"""Tables in sheets: their heads are names in formulas, so they stay as they are in the cells as well."""

import re
from collections.abc import Container, Iterator

from formats.office.attributes import values
from formats.office.blocks import Block, Says
from formats.office.sheets.strings import PREFIXES
from formats.xml.part import Part, Start

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


def labels(part: Part) -> Iterator[Block]:
    """Yield what a table says again of its cells: the labels of its totals."""
    for event in part.events(PREFIXES):
        if isinstance(event, Start) and event.name == "tableColumn":
            yield from values(part, event, {"totalsRowLabel": None}, Says.AFTER)
