"""Request bodies as they arrive: bounded in size where they are held, and in the time that they may be silent."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from fastapi import Request

from api.problems import BodyError, BodyTimeoutError, MediaTypeError, TooLargeError
from formats.errors import EmptyFileError
from pipeline.encodings import DETECT, TextDecoder
from pipeline.events import PART_LIMIT

BODY_LIMIT = 8 * 1024 * 1024
"""Bytes of a body that has to be read whole, and of a form without its files; text/plain and files may have any size."""
STRANGERS_LIMIT = 64 * 1024
"""Bytes of a body in which the key is still looked for."""

PLAIN = ("text/plain", "application/octet-stream")
"""Media types that any text may have."""
# What makes an upload of any length fail is silence; a body that is held is read within a time.
_SILENCE = 30.0
_WHOLE_WITHIN = 60.0
# A header is taken apart in time for its length, squared.
_HEADER_LIMIT = 1024
# Of a length that is one: what is longer, no number of the store can be.
_DIGITS = 15


def header_parts(header: str) -> tuple[str, dict[str, str]]:
    """Return the value of a header such as Content-Type, in small letters, and its parameters.

    What cannot be read has no value and no parameters.
    """
    message = Message()
    message["Content-Type"] = header
    try:
        (value, _), *parameters = message.get_params(failobj=[("", "")])
    except (TypeError, ValueError):
        # Continued parameters (RFC 2231) with numbers that are none, or without.
        return "", {}
    return value.lower(), {name.lower(): _parameter(found) for name, found in parameters}


def _parameter(found: str | tuple[str | None, str | None, str]) -> str:
    """Return a parameter's text; in the form of RFC 2231 it names its encoding, and only those of RFC 8187 are read."""
    if isinstance(found, str):
        return found
    charset, _, text = found
    if (charset or "").lower() == "iso-8859-1":
        return text
    return text.encode("latin-1", "replace").decode("utf-8", "replace")


def media_type(request: Request) -> tuple[str, dict[str, str]]:
    """Return the media type of the body and its parameters."""
    header = request.headers.get("content-type", "")
    if len(header) > _HEADER_LIMIT:
        raise MediaTypeError(f"Content-Type has {len(header)} characters; at most {_HEADER_LIMIT} are read")
    return header_parts(header)


def length_of(header: str) -> int | None:
    """Return how many bytes a Content-Length says; None where it says nothing that can be used."""
    return int(header) if header.isascii() and header.isdigit() and len(header) <= _DIGITS else None


def declared_length(request: Request) -> int | None:
    """Return how many bytes a body has; None where its sender does not say."""
    return length_of(request.headers.get("content-length", ""))


async def stream(request: Request) -> AsyncIterator[bytes]:
    """Yield the bytes of a body as they arrive.

    Raises `MediaTypeError` for one that is packed, `BodyTimeoutError` when nothing comes for 30 s.
    """
    packed = request.headers.get("content-encoding", "identity").strip().lower()
    if packed not in ("", "identity"):
        raise MediaTypeError(
            f"cannot unpack Content-Encoding: {packed[:40]}; send the body as it is, without packing it"
        )
    arriving = request.stream()
    while True:
        try:
            async with asyncio.timeout(_SILENCE):
                chunk = await anext(arriving, None)
        except TimeoutError:
            raise BodyTimeoutError(_SILENCE) from None
        if chunk is None:
            return
        if chunk:
            yield chunk


async def read_whole(request: Request, limit: int = BODY_LIMIT) -> bytes:
    """Return a body. Raises `TooLargeError` as soon as it has more than `limit` bytes, and as `stream` does."""
    body = bytearray()
    try:
        async with asyncio.timeout(_WHOLE_WITHIN):
            async for chunk in stream(request):
                body += chunk
                if len(body) > limit:
                    raise too_large(limit)
    except TimeoutError:
        raise BodyTimeoutError(_WHOLE_WITHIN) from None
    return bytes(body)


def too_large(limit: int) -> TooLargeError:
    """Return the error for a body that is larger than it may be."""
    if limit == STRANGERS_LIMIT:
        return TooLargeError(
            f"a body with the key in it may have {limit} bytes; for larger ones send the key in the header "
            "'Authorization: Bearer KEY', or as ?api_key=KEY"
        )
    return TooLargeError(
        f"such a body may have {limit} bytes; send longer texts as text/plain or as a file, which may have any length"
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """How the bytes of a document are to be read, and what they were read as."""

    stated: str | None = None
    """The encoding that the sender states, or `detect`."""
    noted: dict[str, Any] = field(default_factory=dict)
    """Gets the member `encoding` when it is decided, which is before the first piece of the text."""


async def read_part(request: Request, reading: Reading) -> str:
    """Return the text of a text/plain body that is one part of a document; it may be empty.

    Raises `TooLargeError` as soon as it is too long, `MediaTypeError`, `BodyTimeoutError`, and as `decoded` does.
    """
    kind, parameters = media_type(request)
    if kind not in PLAIN:
        raise MediaTypeError(f"cannot read {kind or 'a body without Content-Type'}; send text/plain")
    text = ""
    async for piece in decoded(stream(request), reading, parameters.get("charset")):
        text += piece
        if len(text) > PART_LIMIT:
            break
    if len(text.encode()) > PART_LIMIT:
        raise TooLargeError(f"a part may have {PART_LIMIT} bytes; cut the text at paragraph ends, or POST it whole")
    return text


async def decoded(chunks: AsyncIterator[bytes], reading: Reading, charset: str | None = None) -> AsyncIterator[str]:
    """Yield the text of bytes as they arrive; `charset` is what the transport declares. See `pipeline.encodings`.

    Raises `EncodingError` (with the byte's offset), `FormatError`, `InputError` for an encoding that is none of texts.
    """
    decoder = TextDecoder(reading.stated, declared=charset)
    async for chunk in chunks:
        # Guessing takes a moment, in which others need not wait.
        guessing = reading.stated == DETECT and not decoder.encoding
        if piece := await asyncio.to_thread(decoder.feed, chunk) if guessing else decoder.feed(chunk):
            reading.noted["encoding"] = decoder.encoding
            yield piece
    rest = decoder.finish() if decoder.encoding else await asyncio.to_thread(decoder.finish)
    reading.noted["encoding"] = decoder.encoding
    if rest:
        yield rest


async def not_empty(chunks: AsyncIterator[bytes], *, file: bool = False) -> AsyncIterator[bytes]:
    """Yield what there is. Raises `BodyError` if there is nothing; `EmptyFileError` if that should be a `file`."""
    empty = True
    async for chunk in chunks:
        empty = False
        yield chunk
    if empty and file:
        raise EmptyFileError
    if empty:
        raise BodyError('the body is empty; for an empty document send the JSON {"text": ""}')
