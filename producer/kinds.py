"""Kinds of files, as the command line takes and gives them."""

import re
from pathlib import Path

from formats.table import KINDS, TEXT, Kind, kind_of, output_of, saved_as, suffixes
from pipeline.command_line import UsageError
from pipeline.errors import InputError

STANDARD_INPUT = "-"
# What else stands behind a dot belongs to the name: "Kapitel 1. Der Anfang".
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}")


def kind_for(file: str) -> Kind:
    """Return the kind of a file by its name: what has no suffix, and standard input, is text.

    Raises `UsageError` for a kind that is not translated.
    """
    if file == STANDARD_INPUT:
        return TEXT
    kind = kind_of(Path(file).name)
    if kind is None:
        if not _SUFFIX.fullmatch(Path(file).suffix):
            return TEXT
        if wanted := saved_as(Path(file).suffix):
            raise UsageError(f"{file} is of no kind that is translated; {wanted}")
        raise UsageError(
            f"{file} is of no kind that is translated ({', '.join(suffixes())}); "
            f"if it is plain text, send it as that: satzstrom submit - < {file}"
        )
    return kind


def result_kind(kind: Kind, output: Path | None) -> Kind:
    """Return the kind that a file's translation is written as: what its name says, where there is a choice.

    Raises `UsageError` for a name that says something else than it would be.
    """
    named = kind_of(output.name) if output is not None else None
    if kind.is_text or named is None:
        return output_of(kind)
    try:
        return output_of(kind, named.name)
    except InputError as error:
        raise UsageError(str(error)) from None


def result_name(file: str) -> str:
    """Return the name of a file's translation in a folder of such: the file's own where it stays of its kind."""
    path, kind = Path(file), kind_for(file)
    result = output_of(kind)
    return path.name if result is kind else path.with_suffix(result.suffixes[0]).name


def named(name: str | None) -> Kind:
    """Return the kind of a name that the API gives; text for none."""
    return next((kind for kind in KINDS if kind.name == name), TEXT)
