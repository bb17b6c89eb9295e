"""Forms (multipart/form-data), read while they arrive. Every byte of them is counted."""

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser

from api.bodies import (
    BODY_LIMIT,
    STRANGERS_LIMIT,
    declared_length,
    header_parts,
    length_of,
    media_type,
    stream,
    too_large,
)
from api.problems import BodyError, MediaTypeError, TooManyError
from pipeline.encodings import decode_declared
from pipeline.errors import InputError

FIELDS_LIMIT = 1000
"""Fields of a form, or of a query; files are not counted."""
# Bytes that are taken apart at a time: a form of nothing but empty fields holds the loop for some 15 ms.
_PIECE = 16 * 1024
# Bytes of a file that are held while the fields are behind it.
_HELD = 1024 * 1024
_NAME_LIMIT = 255
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class _Section:
    """The headers of a field, or of a file."""

    name: str
    filename: str | None
    media_type: str
    charset: str | None
    length: int


_END = b""
_Event = _Section | bytes | None
"""A section begins; bytes of it; None: it has ended; `_END`: the form has."""


class FormFile:
    """A file of a form. Read it before the next one is asked for; what is not read then is passed over."""

    def __init__(self, form: "Form", section: _Section) -> None:
        # A file's own name: without folders, and without characters that no name should have.
        name = (section.filename or "").replace("\\", "/").rpartition("/")[2]
        self.name = _UNPRINTABLE.sub("", name)[:_NAME_LIMIT]
        self.media_type = section.media_type
        self.charset = section.charset
        self.declared = section.length
        """Bytes that it has, as its own Content-Length says; 0: it has none."""
        self.held = bytearray()
        self.ended = False
        self._form = form

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the file's bytes as they arrive. Raises `BodyError` if the form breaks off within the file."""
        if self.held:
            yield bytes(self.held)
            self.held.clear()
        while not self.ended:
            if data := await self.more():
                yield data

    async def more(self) -> bytes:
        """Return the next bytes, none at the end of the file."""
        found = await self._form.event()
        if isinstance(found, bytes) and found:
            return found
        self.ended = True
        return b""


class Form:
    """A form with fields and files. Memory: its fields, and a chunk of a file.

    Its methods raise `BodyError` for a form that cannot be read or breaks off, `TooManyError` for more than 1,000 fields,
    `TooLargeError` for more than 8 MB beside its files, `BodyTimeoutError`.
    """

    def __init__(self, request: Request, *, from_stranger: bool = False) -> None:
        """`from_stranger`: who sends it is not known yet, so all of it may have 64 KB until `admit` is called.

        Raises `MediaTypeError` for what is no form, `BodyError` for one without a boundary that can be used.
        """
        kind, parameters = media_type(request)
        if kind != "multipart/form-data":
            raise MediaTypeError(
                f"cannot read {kind or 'a body without Content-Type'}; send multipart/form-data (curl: -F file=@FILE)"
            )
        if not parameters.get("boundary"):
            raise BodyError("multipart/form-data needs a boundary in its Content-Type")
        self.file: FormFile | None = None
        """The first file, once `read_until` has come to it."""
        self._fields: dict[str, list[str]] = {}
        self._stream = _pieces(stream(request))
        self._from_stranger = from_stranger
        self._count = 0
        self._bytes = 0
        self._file_bytes = 0
        self._charset = parameters.get("charset")
        self._declared = declared_length(request) or 0
        self._parsed: deque[_Event] = deque()
        self._in_file = self._complete = False
        self._header: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self._headers: dict[bytes, bytes] = {}
        try:
            self._parser = MultipartParser(
                parameters["boundary"].encode(),
                {
                    "on_part_begin": self._headers.clear,
                    "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                    "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                    "on_header_end": self._header_ends,
                    "on_headers_finished": self._headers_end,
                    "on_part_data": self._data,
                    "on_part_end": lambda: self._parsed.append(None),
                    "on_end": self._form_ends,
                },
            )
        except FormParserError as error:
            raise BodyError(f"the form cannot be read: {error}") from None

    @property
    def fields(self) -> dict[str, Any]:
        """The fields that were read so far; one that is there several times is a list."""
        return folded(self._fields)

    @property
    def declared(self) -> int:
        """Bytes that its file has at least if it has only one, as its sender says; 0: nothing is said."""
        return max(self._declared - BODY_LIMIT, self.file.declared if self.file else 0, 0)

    def admit(self) -> None:
        """Let the form become as large as those may be whose sender is known."""
        self._from_stranger = False

    async def next_file(self) -> FormFile | None:
        """Return the next file, None at the end of the form. Fields on the way are read."""
        while (found := await self.event()) != _END:
            if isinstance(found, _Section):
                if found.filename is not None:
                    return FormFile(self, found)
                await self._read_field(found.name, found.charset)
        return None

    async def read_until(self, *wanted: str) -> None:
        """Read on until the first file has begun and these fields are there, or 1 MiB of the file is, or all."""
        await self._read_while(lambda: not self._fields.keys() >= set(wanted))

    async def read_ahead(self) -> None:
        """Read on until 1 MiB of the first file is there, or the whole form: fields may stand behind a small file.

        Raises `BodyError` for a second file.
        """
        await self._read_while(lambda: True, only=True)

    async def _read_while(self, wanted: Callable[[], bool], *, only: bool = False) -> None:
        self.file = self.file or await self.next_file()
        while self.file and wanted():
            if len(self.file.held) >= _HELD:
                return
            if not self.file.ended:
                self.file.held += await self.file.more()
            elif await self.next_file() is None:
                return
            elif only:
                raise BodyError("the form has several files; send them to /v1/batches, or one after the other")

    async def last_file(self) -> AsyncIterator[bytes]:
        """As `only_file`. Raises `BodyError` for what stands behind it: it would be ignored."""
        known = self._fields.keys() | set()
        async for chunk in (await self.first_file()).chunks():
            yield chunk
        if await self.next_file():
            raise BodyError("the form has several files; send them to /v1/batches, or one after the other")
        if late := sorted(self._fields.keys() - known):
            raise BodyError(f"the field {late[0][:40]!r} stands behind a large file; put the fields before it")

    async def first_file(self) -> FormFile:
        """Return the first file. Raises `BodyError` if there is none."""
        self.file = self.file or await self.next_file()
        if self.file is None:
            raise BodyError("the form has no file (curl: -F file=@FILE)")
        return self.file

    async def only_file(self) -> AsyncIterator[bytes]:
        """Yield the bytes of the first file, and read the form to its end. Raises `BodyError` if there is none."""
        async for chunk in (await self.first_file()).chunks():
            yield chunk
        while await self.next_file():
            """What else there may be is passed over."""

    async def event(self) -> _Event:
        """Return what comes next."""
        while not self._parsed:
            chunk = await anext(self._stream, None)
            if chunk is None:
                if not self._complete:
                    raise BodyError("the form breaks off")
                return _END
            self._parse(chunk)
        return self._parsed.popleft()

    async def _read_field(self, name: str, charset: str | None) -> None:
        value = bytearray()
        while data := await self.event():
            assert isinstance(data, bytes)
            value += data
        try:
            self._fields.setdefault(name, []).append(decode_declared(bytes(value), charset))
        except InputError as error:
            raise BodyError(f"the field {name[:40]!r}: {error}") from None

    def _parse(self, chunk: bytes) -> None:
        self._bytes += len(chunk)
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise BodyError(f"the form cannot be read: {error}") from None
        limit = STRANGERS_LIMIT if self._from_stranger else BODY_LIMIT
        if self._bytes - (0 if self._from_stranger else self._file_bytes) > limit:
            raise too_large(limit)

    def _header_ends(self) -> None:
        name, value = self._header
        self._headers[bytes(name).lower()] = bytes(value)
        name.clear()
        value.clear()

    def _headers_end(self) -> None:
        _, disposition = header_parts(self._headers.get(b"content-disposition", b"").decode("utf-8", "replace"))
        media, kind = header_parts(self._headers.get(b"content-type", b"").decode("latin-1"))
        length = length_of(self._headers.get(b"content-length", b"").decode("latin-1").strip())
        charset = kind.get("charset", self._charset)
        section = _Section(disposition.get("name", ""), disposition.get("filename"), media, charset, length or 0)
        self._in_file = section.filename is not None
        if not self._in_file:
            self._count += 1
            if self._count > FIELDS_LIMIT:
                raise TooManyError(f"the form has more than {FIELDS_LIMIT} fields")
        self._parsed.append(section)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._file_bytes += end - start
        if end > start:
            self._parsed.append(data[start:end])

    def _form_ends(self) -> None:
        self._complete = True


async def _pieces(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the chunks in pieces, and let others on the loop have their turn between them."""
    async for chunk in chunks:
        for start in range(0, len(chunk), _PIECE):
            if start:
                await asyncio.sleep(0)
            yield chunk[start : start + _PIECE]


def folded(fields: dict[str, list[str]]) -> dict[str, Any]:
    """Return fields by name; one that is there several times is a list."""
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}
