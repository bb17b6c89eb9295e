"""Forms of several files (multipart/form-data), file after file while they arrive."""

import re
from collections import deque
from collections.abc import AsyncIterator
from email.message import Message

from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.bodies import media_type
from api.problems import BodyError
from pipeline.parts import TextDecoder

_HEADERS_LIMIT = 16 * 1024
_NAME_LIMIT = 255
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class FormFile:
    """A file of a form. Read it before the next one is asked for; what is not read then is passed over."""

    def __init__(self, form: "_Form", name: str, charset: str) -> None:
        self.name = name
        self._charset = charset
        self._form = form

    async def text(self) -> AsyncIterator[str]:
        """Yield the file's text as it arrives.

        Raises `EncodingError`, `InputError` for an unknown charset, `BodyError` if the form breaks off within the file.
        """
        decoder = TextDecoder(self._charset)
        async for chunk in self._form.rest_of_file():
            if piece := decoder.feed(chunk):
                yield piece
        if piece := decoder.finish():
            yield piece


async def files_of(request: Request) -> AsyncIterator[FormFile]:
    """Yield the files of a form as they arrive; fields that are no files are passed over. Memory: a chunk.

    Raises `BodyError` for a form that cannot be read or breaks off.
    """
    _, parameters = media_type(request)
    boundary = parameters.get("boundary", "")
    if not boundary:
        raise BodyError("multipart/form-data needs a boundary in its Content-Type")
    form = _Form(request.stream(), boundary.encode())
    while (headers := await form.next_file()) is not None:
        name, charset = headers
        yield FormFile(form, name, charset)


class _Form:
    """Parses a form; what is parsed waits in `_parsed`: headers of a file, its bytes, None for its end."""

    def __init__(self, chunks: AsyncIterator[bytes], boundary: bytes) -> None:
        self._chunks = chunks
        self._parsed: deque[tuple[str, str] | bytes | None] = deque()
        self._field = bytearray()
        self._value = bytearray()
        self._headers: dict[bytes, bytes] = {}
        self._header_bytes = 0
        self._is_file = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._part_begins,
                "on_header_field": lambda data, start, end: self._collect(self._field, data[start:end]),
                "on_header_value": lambda data, start, end: self._collect(self._value, data[start:end]),
                "on_header_end": self._header_ends,
                "on_headers_finished": self._headers_end,
                "on_part_data": self._data,
                "on_part_end": self._part_ends,
            },
        )

    async def next_file(self) -> tuple[str, str] | None:
        """Return name and charset of the next file; None at the end of the form."""
        while (found := await self._next()) != b"":
            if isinstance(found, tuple):
                return found
        return None

    async def rest_of_file(self) -> AsyncIterator[bytes]:
        """Yield what is left of the file that `next_file` returned."""
        while (found := await self._next()) is not None:
            if not isinstance(found, bytes) or not found:
                raise BodyError("the form breaks off within a file")
            yield found

    async def _next(self) -> tuple[str, str] | bytes | None:
        """Return what comes next; b"" at the end of the form."""
        while not self._parsed:
            try:
                chunk = await anext(self._chunks, None)
                if chunk is None:
                    self._parser.finalize()
                    return b""
                self._parser.write(chunk)
            except MultipartParseError as error:
                raise BodyError(f"the form cannot be read: {error}") from None
        return self._parsed.popleft()

    def _collect(self, into: bytearray, piece: bytes) -> None:
        self._header_bytes += len(piece)
        if self._header_bytes > _HEADERS_LIMIT:
            raise BodyError(f"a file of the form has headers of more than {_HEADERS_LIMIT} bytes")
        into += piece

    def _part_begins(self) -> None:
        self._headers = {}
        self._header_bytes = 0

    def _header_ends(self) -> None:
        self._headers[bytes(self._field).lower()] = bytes(self._value)
        self._field.clear()
        self._value.clear()

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._is_file = b"filename" in options
        if self._is_file:
            kind = Message()
            kind["Content-Type"] = self._headers.get(b"content-type", b"text/plain").decode("latin-1")
            charset = kind.get_param("charset", "utf-8")
            self._parsed.append((_name(options[b"filename"]), charset if isinstance(charset, str) else "utf-8"))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file and end > start:
            self._parsed.append(data[start:end])

    def _part_ends(self) -> None:
        if self._is_file:
            self._parsed.append(None)


def _name(raw: bytes) -> str:
    """Return a file's own name: without folders, and without characters that no name should have."""
    name = raw.decode(errors="replace").replace("\\", "/").rpartition("/")[2]
    return _UNPRINTABLE.sub("", name)[:_NAME_LIMIT]
