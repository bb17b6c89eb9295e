"""Requests that both clients make, as `call` takes them: method, path and what httpx takes."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import IO, Any, Literal

from satzstrom.orders import query_of

Request = tuple[str, str, dict[str, Any]]

Upload = tuple[str, IO[bytes], str | None]
"""A file's name, whose suffix says its kind, its content, and its encoding.

None: as its mark or declaration says, else UTF-8; `detect`: guessed.
"""

GlossaryFormat = Literal["csv", "tsv", "tbx"]


class Unchanged(Enum):
    """What stands for an argument that was not given, where None means something."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


def sentence_path(document: str, position: str) -> str:
    """Return the path of a sentence. Raises `ValueError` for what is no position."""
    part, dot, index = position.partition(".")
    if not (dot and (part + index).isascii() and part.isdigit() and index.isdigit()):
        raise ValueError(f"{position!r} is no place of a sentence; write part and index: 0.12")
    return f"/v1/documents/{document}/sentences/{part}/{index}"


def correction(
    document: str,
    position: str,
    *,
    text: str | Unchanged | None,
    approved: bool | None,
    comment: str | Unchanged | None,
    version: int | None,
) -> Request:
    """Return the request that changes a sentence."""
    said = {"text": text, "approved": UNCHANGED if approved is None else approved, "comment": comment}
    body = {name: value for name, value in said.items() if value is not UNCHANGED}
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return "PATCH", sentence_path(document, position), {"json": body, "headers": headers}


def new_glossary(name: str, entries: Mapping[str, str], source: str, target: str) -> Request:
    """Return the request that makes a glossary of entries."""
    body = {"name": name, "source": source, "target": target, "entries": dict(entries)}
    return "POST", "/v1/glossaries", {"json": body}


def terms_of_file(
    method: str, path: str, content: IO[bytes], filename: str, *, lenient: bool, **said: str | None
) -> Request:
    """Return the request that brings a file of terms; `said`: name, languages and encoding."""
    fields = {name: value for name, value in said.items() if value is not None}
    if lenient:
        fields["lenient"] = "true"
    return method, path, {"data": fields, "files": {"file": (filename, content, "application/octet-stream")}}


def batch(files: Iterable[Upload], order: Mapping[str, Any], *, source: str, target: str, batch: str | None) -> Request:
    """Return the request that sends several files."""
    query = query_of(order, source=source, target=target, id=batch)
    form, encodings = [], set()
    for name, content, encoding in files:
        encodings.add(encoding)
        # The suffix of its name says what it is.
        named = "" if encoding in (None, "detect") else f"; charset={encoding}"
        form.append(("files", (name, content, f"application/octet-stream{named}")))
    query |= {"encoding": "detect"} if encodings == {"detect"} else {}
    return "POST", "/v1/batches", {"params": query, "files": form}
