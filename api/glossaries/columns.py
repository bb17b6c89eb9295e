"""What the columns of a table of terms are: by its first line, or a term and its translation."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from api.glossaries.collecting import Collected
from api.glossaries.tables import Row, rows
from pipeline import languages
from pipeline.errors import InputError, LanguageError
from store.accounts.glossaries import Pair

_NAMES = {
    "bulgarian": "bg", "chinese": "zh", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "estonian": "et",
    "finnish": "fi", "french": "fr", "german": "de", "greek": "el", "hungarian": "hu", "italian": "it", "japanese": "ja",
    "korean": "ko", "norwegian": "no", "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru",
    "slovak": "sk", "spanish": "es", "swedish": "sv", "turkish": "tr", "ukrainian": "uk",
    "chinesisch": "zh", "deutsch": "de", "dänisch": "da", "englisch": "en", "französisch": "fr", "italienisch": "it",
    "japanisch": "ja", "niederländisch": "nl", "polnisch": "pl", "portugiesisch": "pt", "russisch": "ru",
    "schwedisch": "sv", "spanisch": "es", "tschechisch": "cs", "türkisch": "tr", "ukrainisch": "uk",
}  # fmt: skip
_SOURCE = frozenset(
    ("source", "term", "source term", "sourceentry", "quelle", "quellbegriff", "begriff", "ausgangsbegriff")
)
_TARGET = frozenset(
    ("target", "translation", "target term", "targetentry", "ziel", "zielbegriff", "übersetzung", "entsprechung")
)
_SOURCE_LANGUAGE = frozenset(
    ("source_lang", "source_language", "source language", "sourcelang", "quellsprache", "ausgangssprache")
)
_TARGET_LANGUAGE = frozenset(("target_lang", "target_language", "target language", "targetlang", "zielsprache"))
_FOUR = 4


class _Column(NamedTuple):
    """Where a term and its translation stand, and what pair they are of."""

    term: int
    translation: int
    pair: Pair | None


def collect(text: str, stated: Pair | None) -> Collected:
    """Return the terms of a table. `stated`: the languages that its sender says.

    Raises `InputError` for what is no table, or where nobody says the languages.
    """
    found = Collected()
    lines = rows(text)
    first = next(lines, None)
    if first is None:
        return found
    if (columns := _by_languages(first.cells, stated)) is not None:
        for row in lines:
            _add(found, row, columns)
    elif (named := _by_names(first.cells)) is not None:
        _add_plain(found, lines, stated, *named)
    else:
        _add_plain(found, _chain(first, lines), stated, 0, 1, 2, 3)
    return found


def _chain(first: Row, rest: Iterable[Row]) -> Iterator[Row]:
    yield first
    yield from rest


def language_named(cell: str) -> str | None:
    """Return the language that a cell names by its code or its name; None if it names none."""
    name = cell.strip().lower()
    if name in _NAMES:
        return _NAMES[name]
    if len(languages.primary(languages.normal(name))) != 2:
        return None
    try:
        return languages.primary(languages.check(name))
    except LanguageError:
        return None


def _by_languages(cells: Sequence[str], stated: Pair | None) -> list[_Column] | None:
    """Return what the columns are if the first line names at least two languages."""
    named = {number: language for number, cell in enumerate(cells) if (language := language_named(cell))}
    if len(set(named.values())) < 2 or len(named) != len(set(named.values())):
        return None
    # A term and its translation with their languages behind them.
    if len(cells) == _FOUR and list(named) == [2, 3]:
        return None
    numbers = {language: number for number, language in named.items()}
    if stated is not None:
        source, target = stated
        # Else a line such as "es;it" is a term and its translation.
        return [_Column(numbers[source], numbers[target], stated)] if {source, target} <= numbers.keys() else None
    (first, source), *others = named.items()
    return [_Column(first, number, (source, language)) for number, language in others]


def _add(found: Collected, row: Row, columns: Sequence[_Column]) -> None:
    cells = row.cells
    for term, translation, pair in columns:
        said = [cells[number] if number < len(cells) else "" for number in (term, translation)]
        # A table of several languages has gaps.
        if pair and all(said):
            found.add(row.line, pair, *said)
        elif len(columns) == 1 and any(said):
            found.leave_out(row.line, "there is no term, or no translation")


def _by_names(cells: Sequence[str]) -> tuple[int, int, int, int] | None:
    """Return which columns have term, translation and their languages (-1: none), if the first line says so."""
    low = [cell.lower() for cell in cells]

    def place(names: frozenset[str]) -> int:
        return next((number for number, cell in enumerate(low) if cell in names), -1)

    term, translation = place(_SOURCE), place(_TARGET)
    if term < 0 or translation < 0:
        return None
    return term, translation, place(_SOURCE_LANGUAGE), place(_TARGET_LANGUAGE)


def _add_plain(
    found: Collected, lines: Iterable[Row], stated: Pair | None, term: int, translation: int, source: int, target: int
) -> None:
    """Add lines of a term and its translation, with their languages in further columns or without."""
    for line, cells in lines:
        while cells and not cells[-1]:
            cells.pop()
        if max(term, translation) >= len(cells) or not cells[term] or not cells[translation]:
            found.leave_out(line, "this is not a term and its translation")
            continue
        said = stated
        if 0 <= source < len(cells) and 0 <= target < len(cells):
            pair = language_named(cells[source]), language_named(cells[target])
            if pair[0] and pair[1]:
                said = pair[0], pair[1]
                if stated not in (None, said):
                    continue
            elif len(cells) == _FOUR:
                found.leave_out(line, f"{cells[source][:20]!r} and {cells[target][:20]!r} are no languages")
                continue
        elif (source, target) == (2, 3) and len(cells) > 2:
            found.leave_out(line, f"there are {len(cells)} columns; name them in the first line: de;en")
            continue
        if said is None:
            raise InputError(
                "say the languages of the terms: source and target, or in the first line of the file: de;en"
            )
        found.add(line, said, cells[term], cells[translation])
