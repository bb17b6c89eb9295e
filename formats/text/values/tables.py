"""Tables as text (CSV, TSV): the columns that hold language, or those that were chosen."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from formats.document import Notes, Options, Translated
from formats.strings.codes import Parts
from formats.strings.prose import broken, is_prose
from formats.text import textfile
from formats.text.textfile import TextFile
from formats.text.values.value import Value, joined
from pipeline.errors import InputError

_DELIMITERS = ",;\t|"
_STATED = re.compile(r"sep=(.)(?:\r\n|[\r\n]|\Z)")
_QUOTED = re.compile(r'"(?:[^"]++|"")*+"')
_SAMPLE = 64 * 1024
"""Characters by which the delimiter is told."""
_ROWS = 200
"""Rows by which it is told whether the first one has the names of the columns."""
_LONGEST_NAME = 40
_FIGURE = re.compile(r"\d")
_ENDS = re.compile(r"[.!?…]\Z")
# Units, currencies, countries, languages: short words that programs know.
_SHORT = re.compile(r"[A-Z]{1,5}|[a-z]{1,3}|[A-Z][a-z]?")


class _Cell(NamedTuple):
    row: int
    column: int
    start: int
    end: int
    text: str
    quoted: bool


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
    """Yield the texts of the cells, row by row."""
    yield from textfile.texts(_values(_opened(file, options, notes), options, notes))


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the table with translations; what the encoding lacks makes it UTF-8 with a byte order mark."""
    source = _opened(file, options, Notes())
    yield from textfile.written(file, source, textfile.edits(_values(source, options, Notes()), translated))


def _opened(file: BinaryIO, options: Options, notes: Notes) -> TextFile:
    return textfile.opened(file, options, notes, otherwise="cp1252")


def _values(source: TextFile, options: Options, notes: Notes) -> Iterator[Value]:
    start, delimiter = _layout(source.text)
    columns = _Columns(_cells(source.text, start, delimiter), options, notes)
    for cell in _cells(source.text, start, delimiter):
        if columns.wanted(cell):
            yield _value(cell, delimiter)


def _value(cell: _Cell, delimiter: str) -> Value:
    def write(parts: Parts) -> str:
        text = joined(parts)
        special = any(sign in text for sign in (delimiter, "\n", "\r") if sign)
        if cell.quoted or special or text.startswith('"') or ('"' in text and '"' not in cell.text):
            return '"' + text.replace('"', '""') + '"'
        return text

    return Value(cell.start, cell.end, list(broken(cell.text)), write)


def _layout(text: str) -> tuple[int, str]:
    """Return where the table begins, and what stands between its cells; nothing if it has one column."""
    if stated := _STATED.match(text):
        return stated.end(), stated[1]
    sample = text[:_SAMPLE]
    best = 0.0, ""
    for delimiter in _DELIMITERS:
        counts = Counter(cell.row for cell in _cells(sample, 0, delimiter))
        if len(sample) < len(text) and len(counts) > 1:
            # The last row may be cut.
            counts.pop(max(counts))
        usual, rows = Counter(counts.values()).most_common(1)[0] if counts else (1, 0)
        if usual > 1:
            # Of two that part all rows alike, the one that parts more.
            best = max(best, (rows / len(counts) + min(usual, 50) / 1000, delimiter))
    return 0, best[1]


def _cells(text: str, start: int, delimiter: str) -> Iterator[_Cell]:
    """Yield all cells. A quotation mark that nothing closes before the next delimiter is a character like others."""
    plain = re.compile(f"[^{re.escape(delimiter)}\r\n]*+" if delimiter else "[^\r\n]*+")
    row = column = 0
    position = start
    while position < len(text):
        quoted = _QUOTED.match(text, position)
        end = quoted.end() if quoted else 0
        if quoted and (end == len(text) or text[end] in (delimiter, "\r", "\n")):
            yield _Cell(row, column, position, end, text[position + 1 : end - 1].replace('""', '"'), quoted=True)
        else:
            found = plain.match(text, position)
            assert found is not None, "it matches nothing, too"
            end = found.end()
            yield _Cell(row, column, position, end, found.group(), quoted=False)
        column += 1
        if end < len(text) and text[end] != delimiter:
            row, column = row + 1, 0
            end += text.startswith("\r\n", end)
        position = end + 1


class _Columns:
    """Which cells are translated."""

    def __init__(self, cells: Iterator[_Cell], options: Options, notes: Notes) -> None:
        names: list[str] = []
        filled, language, other = Counter[int](), Counter[int](), Counter[int]()
        for cell in cells:
            if cell.row == 0:
                names.append(cell.text.strip())
            elif cell.text.strip():
                filled[cell.column] += 1
                language[cell.column] += _is_language(cell.text)
                if cell.row < _ROWS and cell.column < len(names):
                    other[cell.column] += _is_other(names[cell.column], cell.text)
        self._has_names = bool(options.columns) and any(not one.isdecimal() for one in options.columns)
        if options.columns:
            self._chosen = {_number(one, names) for one in options.columns}
        else:
            # A column of codes may have a word among them.
            self._chosen = {one for one in filled if 2 * language[one] >= filled[one]}
            if not filled:
                self._chosen = set(range(len(names)))
            notes.left["columns of codes and numbers"] += len(set(filled) - self._chosen)
        self._has_names = self._has_names or _are_names(names, filled, other)
        if self._has_names:
            notes.left["names of columns"] += len(names)

    def wanted(self, cell: _Cell) -> bool:
        """Whether a cell is translated: programs find columns by their names, so these stay."""
        return cell.column in self._chosen and not (self._has_names and cell.row == 0) and _is_language(cell.text)


def _is_language(text: str) -> bool:
    text = text.strip()
    return is_prose(text) and not _SHORT.fullmatch(text) and not text.startswith("=")


def _are_names(names: Sequence[str], filled: Counter[int], other: Counter[int]) -> bool:
    """Whether the first row names the columns: short, each another, and of another kind than what is below."""
    if len(names) < 2 or len(set(names)) < len(names):
        return False
    if not all(name and len(name) <= _LONGEST_NAME and is_prose(name.replace("_", " ")) for name in names):
        return False
    return not any(_ENDS.search(name) for name in names) and any(
        2 * other[one] >= min(filled[one], _ROWS) for one in other
    )


def _is_other(name: str, text: str) -> bool:
    """Whether a cell is of another kind than what may be its column's name: it has figures, or is far longer."""
    if _FIGURE.search(text) and not _FIGURE.search(name):
        return True
    return len(text) > 1.5 * len(name) and " " in text.strip()


def _number(column: str, names: Sequence[str]) -> int:
    """Return the number of a column from 0. Raises `InputError` if there is none of that name or number."""
    folded = [name.casefold() for name in names]
    if column.strip().casefold() in folded:
        return folded.index(column.strip().casefold())
    if column.isdecimal() and 0 < int(column) <= len(names):
        return int(column) - 1
    shown = ", ".join(name[:_LONGEST_NAME] for name in names[:20])
    raise InputError(
        f"there is no column {column[:60]!r}; the table has {len(names)}, by number from 1 or by name: {shown}"
    )
