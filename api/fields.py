"""Bodies whose fields come as JSON or as a form, as the clients of other services send them."""

import json
from collections.abc import AsyncIterator, Sequence
from email.message import Message
from typing import Any, TypeVar
from urllib.parse import parse_qs

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser

from api import bodies
from api.problems import BodyError, MediaTypeError, TooLargeError

Fields = dict[str, Any]
"""Fields by name; one that a form has several times is a list."""

M = TypeVar("M", bound=BaseModel)
JSON_OR_FORM = ("application/json", "application/x-www-form-urlencoded")
ANY_FORM = (*JSON_OR_FORM, "multipart/form-data")

# Fields of a form, file left out. A glossary may come in one.
_FIELDS_LIMIT = 8 * 1024 * 1024
# Bytes of a file that are held while the fields are behind it.
_HELD = 1024 * 1024


def body_of(model: type[BaseModel], kinds: Sequence[str] = JSON_OR_FORM) -> dict[str, Any]:
    """Return what OpenAPI should say of a body with these fields, in each of these kinds."""
    schema = model.model_json_schema()
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema} for kind in kinds}}}


def read(model: type[M], fields: Fields) -> M:
    """Return the fields as a model. Raises `RequestValidationError`."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_context=False)) from None


async def read_fields(request: Request) -> Fields:
    """Return the fields of the query and of a body in JSON, as application/x-www-form-urlencoded or multipart/form-data.

    Raises `BodyError`, `TooLargeError` (8 MB), `MediaTypeError`.
    """
    kind, _ = bodies.media_type(request)
    query = _flat({name: request.query_params.getlist(name) for name in request.query_params})
    if kind == "multipart/form-data":
        form = await open_form(request)
        return query | form.fields
    body = await bodies.read_json(request)
    if not body:
        return query
    if kind == "application/json":
        try:
            found = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise BodyError(f"the body is not JSON: {error}") from None
        if not isinstance(found, dict):
            raise BodyError("the body is JSON, but no object")
        return query | found
    if kind == "application/x-www-form-urlencoded":
        try:
            return query | _flat(
                parse_qs(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=10_000)
            )
        except ValueError as error:
            raise BodyError(f"the form cannot be read: {error}") from None
    raise MediaTypeError(
        f"cannot read {kind or 'a body without Content-Type'}; send application/json or application/x-www-form-urlencoded"
    )


def _flat(fields: dict[str, list[str]]) -> Fields:
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}


class Form:
    """A multipart form with fields and a file; the file's bytes come as they arrive."""

    def __init__(self, request: Request, boundary: str) -> None:
        self.filename: str | None = None
        self._values: dict[str, list[str]] = {}
        self._stream = request.stream()
        self._file = bytearray()
        self._field: bytearray | None = None
        self._size = 0
        self._name = ""
        self._header: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self._disposition = ""
        self._inside_file = False
        self._ended = False
        self._parser = MultipartParser(
            boundary.encode(),
            {
                "on_part_begin": self._part_begins,
                "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                "on_header_end": self._header_ends,
                "on_headers_finished": self._headers_end,
                "on_part_data": self._data,
                "on_part_end": self._part_ends,
            },
        )

    @property
    def fields(self) -> Fields:
        """The fields that were read so far."""
        return _flat(self._values)

    async def read_until(self, *wanted: str) -> None:
        """Read on until the file has begun and these fields are there, or 1 MiB of the file is, or all.

        Raises `BodyError`, `TooLargeError`.
        """
        while not self._ended and len(self._file) < _HELD:
            if self.filename is not None and self._values.keys() >= set(wanted):
                return
            await self._feed()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the bytes of the file. Raises `BodyError` if there is none, or the form breaks off."""
        while True:
            if self._file:
                yield bytes(self._file)
                self._file.clear()
            if self._ended:
                break
            await self._feed()
        if self.filename is None:
            raise BodyError("the form has no file (curl: -F file=@FILE)")

    async def _feed(self) -> None:
        try:
            chunk = await anext(self._stream, b"")
            if chunk:
                self._parser.write(chunk)
                return
            self._parser.finalize()
        except MultipartParseError as error:
            raise BodyError(f"the form cannot be read: {error}") from None
        self._ended = True
        if self._inside_file or self._field is not None:
            raise BodyError("the form breaks off")

    def _part_begins(self) -> None:
        self._disposition = ""

    def _header_ends(self) -> None:
        name, value = self._header
        if bytes(name).lower() == b"content-disposition":
            self._disposition = bytes(value).decode("utf-8", "replace")
        name.clear()
        value.clear()

    def _headers_end(self) -> None:
        message = Message()
        message["Content-Disposition"] = self._disposition
        filename = message.get_filename()
        if filename is not None and self.filename is None:
            self.filename = filename
            self._inside_file = True
        elif filename is None:
            self._name = str(message.get_param("name", "", header="content-disposition"))
            self._field = bytearray()

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._inside_file:
            self._file += data[start:end]
        elif self._field is not None:
            self._size += end - start
            if self._size > _FIELDS_LIMIT:
                raise TooLargeError(f"the fields of a form may have {_FIELDS_LIMIT} bytes")
            self._field += data[start:end]

    def _part_ends(self) -> None:
        self._inside_file = False
        if self._field is not None:
            try:
                self._values.setdefault(self._name, []).append(self._field.decode())
            except UnicodeDecodeError as error:
                raise BodyError(f"the field {self._name!r} is not UTF-8: {error.reason}") from None
            self._field = None


async def open_form(request: Request, *wanted: str) -> Form:
    """Return a form, read until its file has begun and the wanted fields are there.

    Raises `MediaTypeError`, `BodyError`, `TooLargeError`.
    """
    kind, parameters = bodies.media_type(request)
    if kind != "multipart/form-data":
        raise MediaTypeError(f"cannot read {kind or 'a body without Content-Type'}; send multipart/form-data")
    if not parameters.get("boundary"):
        raise BodyError("multipart/form-data needs a boundary in its Content-Type")
    form = Form(request, parameters["boundary"])
    await form.read_until(*wanted)
    return form
