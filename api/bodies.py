"""Request bodies as pieces of text, while they arrive."""

from collections.abc import AsyncIterator
from email.message import Message
from email.utils import collapse_rfc2231_value

from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser

from api.problems import BodyError, MediaTypeError, TooLargeError
from pipeline.events import PART_LIMIT
from pipeline.parts import TextDecoder

JSON_LIMIT = 8 * 1024 * 1024
"""JSON has to be read whole; a longer text comes as text/plain, which may have any size."""


_PLAIN = ("text/plain", "application/octet-stream")


def media_type(request: Request) -> tuple[str, dict[str, str]]:
    """Return the media type of the body and its parameters."""
    header = Message()
    header["Content-Type"] = request.headers.get("content-type", "")
    parts = header.get_params(failobj=[("", "")])
    # A parameter may come in the form of RFC 2231, with its own encoding.
    parameters = {name.lower(): collapse_rfc2231_value(value) for name, value in parts[1:]}
    return parts[0][0].lower(), parameters


async def read_json(request: Request) -> bytes:
    """Return the body of a JSON request. Raises `TooLargeError` as soon as it is too long."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > JSON_LIMIT:
            raise TooLargeError(
                f"a JSON body may have {JSON_LIMIT} bytes; send longer texts as text/plain, which may have any length"
            )
    return bytes(body)


async def read_part(request: Request) -> str:
    """Return the text of a text/plain body that is one part of a document; it may be empty.

    Raises `TooLargeError` as soon as it is too long, `MediaTypeError`, `EncodingError`.
    """
    kind, parameters = media_type(request)
    if kind not in _PLAIN:
        raise MediaTypeError(f"cannot read {kind or 'a body without Content-Type'}; send text/plain")
    decoder = TextDecoder(parameters.get("charset", "utf-8"))
    text = ""
    async for chunk in request.stream():
        text += decoder.feed(chunk)
        if len(text) > PART_LIMIT:
            break
    text += decoder.finish() if len(text) <= PART_LIMIT else ""
    if len(text.encode()) > PART_LIMIT:
        raise TooLargeError(f"a part may have {PART_LIMIT} bytes; cut the text at paragraph ends, or POST it whole")
    return text


async def text_pieces(request: Request) -> AsyncIterator[str]:
    """Yield the text of a text/plain or multipart/form-data body as it arrives.

    Raises `MediaTypeError`, `BodyError` (empty, or no file in the form), `EncodingError` (with the byte's offset).
    """
    kind, parameters = media_type(request)
    if kind == "multipart/form-data":
        chunks = _file_chunks(request, parameters.get("boundary", ""))
        charset = parameters.get("charset", "utf-8")
    elif kind in _PLAIN:
        chunks = request.stream()
        charset = parameters.get("charset", "utf-8")
    else:
        raise MediaTypeError(
            f"cannot read {kind or 'a body without Content-Type'}; send application/json, "
            "text/plain (curl: -H 'Content-Type: text/plain' --data-binary @FILE) "
            "or a file as multipart/form-data (curl: -F file=@FILE)"
        )
    decoder = TextDecoder(charset)
    empty = True
    async for chunk in chunks:
        empty = empty and not chunk
        if piece := decoder.feed(chunk):
            yield piece
    if empty:
        raise BodyError('the body is empty; for an empty document send the JSON {"text": ""}')
    if piece := decoder.finish():
        yield piece


class _FileParser:
    """Collects the bytes of the first file of a form as they are parsed."""

    def __init__(self, boundary: str) -> None:
        self.bytes = bytearray()
        self.found = False
        self._inside = False
        self._field = bytearray()
        self._value = bytearray()
        self._disposition = b""
        self._parser = MultipartParser(
            boundary.encode(),
            {
                "on_part_begin": self._part_begins,
                "on_header_field": lambda data, start, end: self._field.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
                "on_header_end": self._header_ends,
                "on_headers_finished": self._headers_end,
                "on_part_data": self._data,
                "on_part_end": self._part_ends,
            },
        )

    def feed(self, chunk: bytes) -> bytes:
        """Return what of the file is in this chunk."""
        self._parser.write(chunk)
        data = bytes(self.bytes)
        self.bytes.clear()
        return data

    def finish(self) -> None:
        """Raise `BodyError` if the form had no file or breaks off."""
        self._parser.finalize()
        if not self.found or self._inside:
            problem = "breaks off within its file" if self._inside else "has no file (curl: -F file=@FILE)"
            raise BodyError(f"the form {problem}")

    def _part_begins(self) -> None:
        self._disposition = b""

    def _header_ends(self) -> None:
        if bytes(self._field).lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._field.clear()
        self._value.clear()

    def _headers_end(self) -> None:
        if b"filename" in self._disposition and not self.found:
            self.found = self._inside = True

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._inside:
            self.bytes += data[start:end]

    def _part_ends(self) -> None:
        self._inside = False


async def _file_chunks(request: Request, boundary: str) -> AsyncIterator[bytes]:
    if not boundary:
        raise BodyError("multipart/form-data needs a boundary in its Content-Type")
    try:
        parser = _FileParser(boundary)
        async for chunk in request.stream():
            if data := parser.feed(chunk):
                yield data
        parser.finish()
    except MultipartParseError as error:
        raise BodyError(f"the form cannot be read: {error}") from None
