"""Terms that come in a field: as an object in JSON, or as lines of a term and its translation."""

from typing import Any, TypeVar

import msgspec

from api.glossaries.tables import rows
from pipeline.errors import InputError

V = TypeVar("V")

MOST = 50_000
"""Terms in a field: what is longer is a file, which is read piece by piece."""
_OBJECT_LIMIT = 64 * 1024
_TOO_MANY = f"has more than {MOST} terms; send them as a file, or fewer at a time"


def json_object(text: str) -> dict[str, Any]:
    """Return an object in JSON. Raises `ValueError`, which says what is wrong, also for more than 64 KB."""
    if len(text) > _OBJECT_LIMIT:
        raise ValueError(f"has more than {_OBJECT_LIMIT} characters")
    return _decoded(text, dict[str, Any])


def _decoded(text: str, kind: type[V]) -> V:
    try:
        return msgspec.json.decode(text.encode("utf-8", "replace"), type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(f"is no object in JSON: {error}") from None


def terms_of(text: str) -> dict[str, str]:
    """Return terms with their translations. Raises `ValueError`, which names the line that is none, and for too many."""
    if text.lstrip().startswith("{"):
        if text.count('"') - text.count('\\"') > 4 * MOST:
            raise ValueError(_TOO_MANY)
        return _decoded(text, dict[str, str])
    if text.count("\n") + text.count("\r") > 2 * MOST:
        raise ValueError(_TOO_MANY)
    terms: dict[str, str] = {}
    try:
        for line, cells in rows(text):
            if len(cells) != 2 or not all(cells):
                raise ValueError(f"line {line} is not a term and its translation, with a tab or a comma between them")
            term, translation = cells
            if terms.setdefault(term, translation) != translation:
                raise ValueError(f"line {line}: the term {term[:40]!r} is there with another translation")
    except InputError as error:
        raise ValueError(str(error)) from None
    return terms


def from_text(value: Any) -> Any:
    """Return what stands in a field as terms, if it is text."""
    return terms_of(value) if isinstance(value, str) else value
