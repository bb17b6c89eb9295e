"""Pairs from lines with tabs: `source<TAB>target`, or `part<TAB>source<TAB>target`."""

from collections.abc import Iterator
from typing import BinaryIO

from trainer.pairs import Languages, Pair

_BOM = "\ufeff"


def read_tsv(file: BinaryIO, languages: Languages, part: str) -> Iterator[Pair]:
    """Yield the pairs of a file in UTF-8; `part` names those of lines that name none.

    A first line of both language codes (`de<TAB>en`, or `part<TAB>de<TAB>en`) says which column is which, so that one file
    serves both directions. Blank lines are left out. Raises `ValueError` that names the line.
    """
    turned = False
    for number, raw in enumerate(file, 1):
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(f"line {number} is not UTF-8 ({error.reason}); save the file as UTF-8") from None
        line = line.rstrip("\r\n").removeprefix(_BOM if number == 1 else "")
        if not line.strip():
            continue
        fields = line.split("\t")
        if len(fields) not in (2, 3):
            raise ValueError(
                f"line {number} has {len(fields)} column{'s' * (len(fields) > 1)}; "
                "there must be two (source, target) or three (part, source, target), with tabs between them"
            )
        first, second = (field.strip() for field in fields[-2:])
        if number == 1 and (order := _header(first, second, languages)) is not None:
            turned = order
            continue
        source, target = (second, first) if turned else (first, second)
        yield Pair(source, target, fields[0].strip() if len(fields) == 3 else part)


def _header(first: str, second: str, languages: Languages) -> bool | None:
    """Whether a first line says that the target stands first; None if it is no line of language codes."""
    if languages.matches_source(first) and languages.matches_target(second):
        return False
    if languages.matches_source(second) and languages.matches_target(first):
        return True
    return None
