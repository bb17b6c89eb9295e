"""Requests that both clients make, with what their answers are."""

from collections.abc import AsyncIterable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import IO, Any, Generic, Literal, TypedDict, TypeVar

from satzstrom import orders
from satzstrom.orders import columns_of, length_of, query_of
from satzstrom.results import (
    Batch,
    CallbackSecretList,
    Glossary,
    GlossaryImport,
    MemoryImport,
    MemoryUnit,
    Removed,
    Sentence,
    Status,
    Translation,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request(Generic[T]):
    """What is asked of the API: the type of its answer, of `satzstrom.results`, method, path and what httpx takes."""

    kind: type[T]
    method: str
    path: str
    options: Mapping[str, Any] = field(default_factory=dict)


Upload = tuple[str, IO[bytes], str | None]
"""A file's name, whose suffix says its kind, its content, and its encoding.

None: as its mark or declaration says, else UTF-8; `detect`: guessed.
"""

GlossaryFormat = Literal["csv", "tsv", "tbx"]


class TermsFile(TypedDict, total=False):
    """What may be said of a file of terms (CSV, TSV or TBX), where it does not say so itself."""

    source: str | None
    target: str | None
    encoding: str | None
    lenient: bool
    """Leave out lines that cannot be used, in place of refusing the file."""


class Unchanged(Enum):
    """What stands for an argument that was not given, where None means something."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


def given(query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a query without what is None."""
    return {name: value for name, value in query.items() if value is not None}


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
) -> Request[Sentence]:
    """Return the request that changes a sentence."""
    said = {"text": text, "approved": UNCHANGED if approved is None else approved, "comment": comment}
    body = {name: value for name, value in said.items() if value is not UNCHANGED}
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return Request(Sentence, "PATCH", sentence_path(document, position), {"json": body, "headers": headers})


def naming(document: str, title: str) -> Request[Status]:
    """Return the request that gives a document another name."""
    return Request(Status, "PATCH", f"/v1/documents/{document}", {"json": {"title": title}})


def new_glossary(name: str, entries: Mapping[str, str], source: str, target: str) -> Request[Glossary]:
    """Return the request that makes a glossary of entries."""
    body = {"name": name, "source": source, "target": target, "entries": dict(entries)}
    return Request(Glossary, "POST", "/v1/glossaries", {"json": body})


def glossary_of_file(content: IO[bytes], filename: str, name: str | None, said: TermsFile) -> Request[GlossaryImport]:
    """Return the request that makes a glossary of a file."""
    return Request(GlossaryImport, "POST", "/v1/glossaries", _form(content, filename, {"name": name, **said}))


def terms_of_file(
    glossary: str, content: IO[bytes], filename: str, said: TermsFile, *, replace: bool
) -> Request[GlossaryImport]:
    """Return the request that brings the terms of a file into a glossary."""
    path = f"/v1/glossaries/{glossary}/entries"
    return Request(GlossaryImport, "PUT" if replace else "POST", path, _form(content, filename, said))


def units_of_file(content: Iterable[bytes] | AsyncIterable[bytes], file: IO[bytes]) -> Request[MemoryImport]:
    """Return the request that takes the units of a TMX file, which is read as `content`, into the translation memory."""
    headers = {"Content-Type": "application/x-tmx+xml"} | length_of(file)
    return Request(MemoryImport, "POST", "/v1/memory/tmx", {"content": content, "headers": headers})


def glossary_naming(glossary: str, name: str) -> Request[Glossary]:
    """Return the request that gives a glossary another name."""
    return Request(Glossary, "PATCH", f"/v1/glossaries/{glossary}", {"json": {"name": name}})


def term_edit(
    glossary: str, entries: Mapping[str, str], remove: Iterable[str], source: str, target: str
) -> Request[Glossary]:
    """Return the request that sets terms of a glossary, and removes others."""
    body = {"source": source, "target": target, "entries": dict(entries), "remove": list(remove)}
    return Request(Glossary, "PATCH", f"/v1/glossaries/{glossary}/entries", {"json": body})


def new_unit(text: str, translation: str, source: str, target: str) -> Request[MemoryUnit]:
    """Return the request that adds a unit to the translation memory."""
    body = {"source": source, "target": target, "text": text, "translation": translation}
    return Request(MemoryUnit, "POST", "/v1/memory", {"json": body})


def clearing(*, everything: bool, filters: Mapping[str, str | None]) -> Request[Removed]:
    """Return the request that deletes units of the translation memory."""
    query = given(filters) | ({"everything": "true"} if everything else {})
    return Request(Removed, "DELETE", "/v1/memory", {"params": query})


def translation(text: str, source: str, target: str, order: Mapping[str, Any]) -> Request[Translation]:
    """Return the request for a translation at once."""
    body = {"text": text, "source": source, "target": target} | orders.said(order)
    return Request(Translation, "POST", "/v1/translate", {"json": body})


def chosen_sentences(filters: Mapping[str, Any], **fields: str | None) -> dict[str, Any]:
    """Return the query for the first page of a document's sentences."""
    named = {"q" if name == "words" else name: value for name, value in filters.items()}
    return {"limit": 1000, **fields, **named}


def cancelling(document: str) -> Request[Status]:
    """Return the request that stops the work on a document."""
    return Request(Status, "POST", f"/v1/documents/{document}/cancel")


def secrets(*, rotate: bool) -> Request[CallbackSecretList]:
    """Return the request for the secrets of callbacks; `rotate`: after another one was made."""
    return Request(CallbackSecretList, "POST" if rotate else "GET", "/v1/callbacks/secrets")


def _form(content: IO[bytes], filename: str, said: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: "true" if value is True else value for name, value in said.items() if value not in (None, False)}
    return {"data": fields, "files": {"file": (filename, content, "application/octet-stream")}}


def batch(
    files: Iterable[Upload],
    columns: str | None,
    order: Mapping[str, Any],
    *,
    source: str,
    target: str,
    batch: str | None,
) -> Request[Batch]:
    """Return the request that sends several files."""
    query = query_of(order, columns=columns_of(columns), source=source, target=target, id=batch)
    form, encodings = [], set()
    for name, content, encoding in files:
        encodings.add(encoding)
        # The suffix of its name says what it is.
        named = "" if encoding in (None, "detect") else f"; charset={encoding}"
        form.append(("files", (name, content, f"application/octet-stream{named}")))
    query |= {"encoding": "detect"} if encodings == {"detect"} else {}
    return Request(Batch, "POST", "/v1/batches", {"params": query, "files": form})
