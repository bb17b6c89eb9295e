"""Rows of CSV and TSV, as people and spreadsheets write them."""

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.errors import InputError

# The first lines tell what stands between the cells.
_LOOKED_AT = 20
_QUOTED = re.compile(r'"[^"]*+"')
_SEP = re.compile(r"sep=(.)", re.IGNORECASE)
_LINE = re.compile(r"[^\r\n]*+(?:\r\n?|\n)|[^\r\n]++")
_MOST_LINES = 1_000_000


class Row(NamedTuple):
    """The cells of a row without space around them, and the line it begins in, counted from 1."""

    line: int
    cells: list[str]


def rows(text: str) -> Iterator[Row]:
    """Yield the rows of a table that are not empty; tabs, semicolons or commas stand between the cells, as it tells.

    Raises `InputError` for quotation marks that do not end, cells of more than 128 KiB, and more than a million lines.
    """
    text = text.removeprefix("\ufeff")
    # Excel says so what it takes for a separator.
    first, _, rest = text.partition("\n")
    said = _SEP.fullmatch(first.strip("\r"))
    separator = said[1] if said else separator_of(text)
    lines = _split(rest if said else text, separator)
    for line, cells in lines:
        found = [cell.strip() for cell in cells]
        if any(found):
            yield Row(line + bool(said), found)


def separator_of(text: str) -> str:
    """Return what stands between the cells: a tab, a semicolon or a comma; a tab where nothing does."""
    head = [_QUOTED.sub("", line) for line in text.split("\n", _LOOKED_AT)[:_LOOKED_AT] if line.strip()]
    # A tab stands in hardly any term; of the others the one that is in most lines, and Excel's where both are.
    if not head or sum("\t" in line for line in head) * 2 > len(head):
        return "\t"
    counts = {sign: sum(sign in line for line in head) for sign in ";,\t"}
    return max(counts, key=lambda sign: counts[sign]) if any(counts.values()) else "\t"


def _split(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    if separator == "\t":
        for number, line in enumerate(_lines(text), 1):
            yield number, [_unquoted(cell) for cell in line.split("\t")]
        return
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"line {begins} of the terms cannot be read: {error}") from None


def _lines(text: str) -> Iterator[str]:
    """Yield the lines with their ends, one by one: together they would take several times the text's memory."""
    for number, found in enumerate(_LINE.finditer(text), 1):
        if number > _MOST_LINES:
            raise InputError(f"there are more than {_MOST_LINES} lines")
        yield found.group()


def _unquoted(cell: str) -> str:
    """Return a cell of a TSV, which some write in quotation marks and others as it is."""
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1].replace('""', ""):
        return cell[1:-1].replace('""', '"')
    return cell
