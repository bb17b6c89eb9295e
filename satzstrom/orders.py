"""What can be said of a document besides its text: the same on every way in."""

import json
import os
import stat
from collections.abc import Mapping
from typing import IO, Any, Literal, TypedDict

Priority = Literal["high", "normal", "low"]

CHUNK = 256 * 1024
"""Bytes of a file that are read at once."""
_QUERY_LIMIT = 32 * 1024


class Order(TypedDict, total=False):
    """What a document's sender may say, beside its languages; what is not said, or None, is as the API has it."""

    model: str | None
    """A model by its name, with its revision or without; else the one in use for the languages."""
    priority: Priority | None
    title: str | None
    metadata: Mapping[str, Any] | None
    """Kept with the document and given back."""
    callback_url: str | None
    """Told with a signed message when the document has come to its end."""
    glossary: str | None
    """Id of a glossary that the API keeps."""
    terms: Mapping[str, str] | str | None
    """Terms and what is to stand in their place; or a text with a term a line, as the API reads it."""
    alternatives: int | None
    """How many other translations of each sentence are wanted."""
    memory: bool | None
    """Whether sentences may come from the translation memory."""


class TextOrder(TypedDict, total=False):
    """What may be said of a text that is translated at once; as for documents."""

    model: str | None
    glossary: str | None
    terms: Mapping[str, str] | None
    alternatives: int | None
    memory: bool | None


class SentenceFilters(TypedDict, total=False):
    """Which sentences of a document are wanted, together if several are given; False: the others."""

    doubt: bool | None
    """Those that have a reason to be checked, or of which no translation could be made."""
    reason: str | None
    """Those with this reason in `suspect`, or `failed`."""
    words: str | None
    """Those with these characters in source or translation, whatever their case, accents and line breaks are."""
    missed: bool | None
    """Those whose translation lacks a term of the glossary."""
    corrected: bool | None
    approved: bool | None


def said(order: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said, as members of a JSON."""
    found = {name: value for name, value in order.items() if value is not None}
    if "memory" in found:
        found["memory"] = "on" if found["memory"] else "off"
    return found


def query_of(order: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """Return the same and further fields as values of a query, or as fields of a form.

    Raises `ValueError` for more than fits into a query.
    """
    found = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in said(order).items()
    }
    if sum(len(value.encode()) for value in found.values()) > _QUERY_LIMIT:
        raise ValueError("terms and metadata are too long for one request; make a glossary of the terms and name that")
    return found | {name: value for name, value in fields.items() if value is not None}


def columns_of(columns: str | None) -> list[str] | None:
    """Return the columns of tables as values of a query; they are said with commas between."""
    return columns.split(",") if columns else None


def body_of(text: str, filename: str | None, order: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """Return a text with all that is said of it as JSON."""
    kept = {"filename": filename} if filename else {}
    body = {"text": text} | said(order) | {name: value for name, value in fields.items() if value is not None}
    return body | ({"metadata": kept | dict(order.get("metadata") or {})} if kept else {})


def request_of_text(text: object, filename: str | None, order: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """Return the request for a text as httpx takes it: as JSON, or as the body where it is no string but its chunks."""
    if isinstance(text, str):
        return {"json": body_of(text, filename, order, **fields)}
    return {
        "params": query_of(order, filename=filename, **fields),
        "content": text,
        "headers": {"Content-Type": "text/plain; charset=utf-8"},
    }


def request_of_file(
    content: IO[bytes], chunks: object, columns: str | None, order: Mapping[str, Any], **fields: Any
) -> dict[str, Any]:
    """Return the request for a file as httpx takes it; `chunks`: its content as this client reads it."""
    return {
        "params": query_of(order, columns=columns_of(columns), **fields),
        "content": chunks,
        "headers": {"Content-Type": "application/octet-stream"} | length_of(content),
    }


def request_of_sent_file(columns: str | None, order: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """Return the request for a document of a file that was sent before, as httpx takes it."""
    return {"params": query_of(order, columns=columns_of(columns), **fields)}


def length_of(content: IO[bytes]) -> dict[str, str]:
    """Return the header with a file's length, by which the API tells how much of it is there; none for what has none."""
    try:
        found = os.fstat(content.fileno())
        return {"Content-Length": str(found.st_size - content.tell())} if stat.S_ISREG(found.st_mode) else {}
    except (OSError, ValueError):
        return {}
