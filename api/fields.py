"""Bodies whose fields come as JSON or as a form, read into the fields that a route wants.

Nothing is built of what nobody asked for, so a request costs no more than its length.
"""

import asyncio
import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, TypeVar, get_args, get_origin
from urllib.parse import unquote_to_bytes

import msgspec
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from api import bodies
from api.forms import FIELDS_LIMIT, Form, folded
from api.glossaries import inline
from api.problems import BodyError, MediaTypeError, TooManyError
from pipeline.encodings import TextDecoder, decode_declared
from pipeline.errors import InputError

Fields = dict[str, Any]
"""Fields by name; one that a form has several times is a list."""

M = TypeVar("M", bound=BaseModel)
JSON = ("application/json",)
JSON_OR_FORM = (*JSON, "application/x-www-form-urlencoded")
ANY_FORM = (*JSON_OR_FORM, "multipart/form-data")

_Value = str | int | float | bool | list[str] | None
"""What a field may be in JSON; one whose model says `dict` may be any object of so many bytes (of nothing but text, an
object of any length), a list of models so many:"""
_Flat = dict[str, str] | str | None
_Member = _Value | dict[str, str]
_OBJECT_LIMIT = 64 * 1024
_OBJECTS_LIMIT = 10_000
_LIST_LIMIT = 10_000
"""Values of a list; each route that takes one has a smaller limit of its own."""
# So many objects of Python are made in one go, in which nothing else has its turn; terms have two strings each.
_STRINGS_LIMIT = 2 * inline.MOST
# What has more characters or members than this is looked at in a thread.
_LONG = 10_000
_UNKNOWN = re.compile(r"unknown field `(.*)`", re.DOTALL)
# Bytes of a form that are decoded at once.
_SLICE = 64 * 1024


def body_of(model: type[BaseModel], kinds: Sequence[str] = JSON_OR_FORM) -> dict[str, Any]:
    """Return what OpenAPI should say of a body with these fields, in each of these kinds."""
    schema = model.model_json_schema()
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema} for kind in kinds}}}


def query_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return what OpenAPI should say of a query with these fields, each of them text."""
    required = model.model_json_schema().get("required", [])
    names = ((name, field.description) for name, field in model.model_fields.items())
    return {
        "parameters": [
            {"name": name, "in": "query", "required": name in required, "schema": {"type": "string"}}
            | ({"description": description} if description else {})
            for name, description in names
        ]
    }


def read(model: type[M], fields: Fields, *where: str) -> M:
    """Return the fields as a model; `where` they stand, for the error. Raises `RequestValidationError`.

    One that is null is as if it were not there, and so is an empty one that may be left out: many clients send all fields.
    """
    try:
        return model.model_validate(
            {name: value for name, value in fields.items() if not _left_out(model, name, value)}
        )
    except ValidationError as error:
        found = error.errors(include_context=False, include_input=False, include_url=False)
        raise RequestValidationError([entry | {"loc": (*where, *entry["loc"])} for entry in found]) from None


def _left_out(model: type[BaseModel], name: str, value: Any) -> bool:
    known = model.model_fields.get(name)
    return value is None or (value == "" and known is not None and not known.is_required())


async def read_patiently(model: type[M], fields: Fields, *where: str) -> M:
    """As `read`; in a thread where there is much to look at: tens of thousands of terms, others need not wait for."""
    if any(isinstance(value, str | list | dict) and len(value) > _LONG for value in fields.values()):
        return await asyncio.to_thread(read, model, fields, *where)
    return read(model, fields, *where)


async def read_json(request: Request, model: type[M]) -> M:
    """Return a body in JSON as a model. Raises as `read` and `read_fields` do."""
    return await read_patiently(model, await read_body(request, model), "body")


async def read_body(request: Request, model: type[BaseModel]) -> Fields:
    """Return the fields of a body in JSON that a model has. Raises as `read_fields` does."""
    kind, parameters = bodies.media_type(request)
    if kind != "application/json":
        raise MediaTypeError(f"cannot read {kind or 'a body without Content-Type'}; send application/json")
    body = as_utf8(await bodies.read_whole(request), parameters.get("charset"))
    try:
        return from_json(body, model)
    except BodyError as error:
        raise _invalid(str(error), "body") from None


async def read_fields(request: Request, model: type[BaseModel], *, from_stranger: bool = False) -> Fields:
    """Return the fields of the query and of a body in JSON, as application/x-www-form-urlencoded or multipart/form-data.

    `model` has those that are wanted; others may be left out. `from_stranger`: who sends it is not known yet.

    Raises `BodyError`, `TooLargeError` (8 MB; 64 KB from a stranger), `TooManyError`, `MediaTypeError`, `BodyTimeoutError`,
    and `RequestValidationError` for what no field can be.
    """
    kind, parameters = bodies.media_type(request)
    query = gathered(request.query_params.multi_items())
    if kind == "multipart/form-data":
        form = Form(request, from_stranger=from_stranger)
        while await form.next_file():
            """These routes want no file."""
        return query | form.fields
    body = await bodies.read_whole(request, bodies.STRANGERS_LIMIT if from_stranger else bodies.BODY_LIMIT)
    if not body:
        return query
    charset = parameters.get("charset")
    if kind == "application/json":
        return query | from_json(as_utf8(body, charset), model)
    if kind == "application/x-www-form-urlencoded":
        return query | await asyncio.to_thread(_from_urlencoded, body, charset)
    raise MediaTypeError(
        f"cannot read {kind or 'a body without Content-Type'}; send application/json or application/x-www-form-urlencoded"
    )


def as_utf8(body: bytes, charset: str | None) -> bytes:
    """Return JSON in UTF-8, as msgspec reads it, without a byte order mark. Raises as `TextDecoder` does."""
    if (charset or "utf-8").lower() in ("utf-8", "utf8") and body[:1] not in (b"\xef", b"\xff", b"\xfe", b"\x00"):
        return body
    decoder = TextDecoder(declared=charset)
    return (decoder.feed(body) + decoder.finish()).removeprefix("\ufeff").encode()


def from_json(body: bytes, model: type[BaseModel]) -> Fields:
    """Return the fields that a model has, as far as JSON has them; takes a hundredth of a second for 8 MB.

    Raises `BodyError`, and `RequestValidationError` for what no field can be.
    """
    try:
        found = _decoder(model).decode(body)
    except msgspec.ValidationError as error:
        if unknown := _UNKNOWN.search(str(error)):
            raise unknown_field(model, unknown[1], "body") from None
        raise BodyError("the body is JSON, but no object") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BodyError(f"the body is not JSON: {error}") from None
    raw = ((name, getattr(found, name)) for name in found.__struct_fields__)
    return {name: _value(model, name, value) for name, value in raw if value is not msgspec.UNSET}


def _value(model: type[BaseModel], name: str, raw: msgspec.Raw) -> Any:
    """Return one field's value."""
    annotation = model.model_fields[name].annotation
    if get_origin(annotation) is list and issubclass(get_args(annotation)[0], BaseModel):
        return _objects(name, raw)
    is_flat = annotation == dict[str, str]
    is_object = get_origin(annotation) is dict and not is_flat
    if is_object and len(memoryview(raw)) > _OBJECT_LIMIT:
        raise _invalid(f"has more than {_OBJECT_LIMIT} bytes", "body", name)
    _check_number(name, bytes(raw), _STRINGS_LIMIT if is_flat else _LIST_LIMIT)
    try:
        return msgspec.json.decode(raw, type=Any if is_object else _Flat if is_flat else _Value)
    except (msgspec.DecodeError, RecursionError) as error:
        raise _invalid(str(error), "body", name) from None


def _check_number(name: str, raw: bytes, most: int) -> None:
    """Raise `RequestValidationError` for what has more than so many strings, before any of them is made.

    A string begins with a quotation mark, and those within it have a backslash before them.
    """
    if raw.count(b'"') - raw.count(b'\\"') > 2 * most:
        raise _invalid(f"has more than {most} values; send fewer at a time, or terms as a file", "body", name)


def _objects(name: str, raw: msgspec.Raw) -> Any:
    """Return a list of objects whose members are simple."""
    _check_number(name, bytes(raw), _STRINGS_LIMIT)
    if bytes(raw).count(b"{") > _OBJECTS_LIMIT:
        raise _invalid(f"has more than {_OBJECTS_LIMIT} objects", "body", name)
    try:
        return msgspec.json.decode(raw, type=list[dict[str, _Member]] | dict[str, _Member] | None)
    except (msgspec.DecodeError, RecursionError) as error:
        raise _invalid(str(error), "body", name) from None


def unknown_field(model: type[BaseModel], name: str, *where: str) -> RequestValidationError:
    """Return the error for a name that is no field of a model, with one that it may be a slip of."""
    near = get_close_matches(name[:40].lower(), model.model_fields, 1)
    meant = f"did you mean {near[0]!r}?" if near else f"fields are {', '.join(sorted(model.model_fields))}"
    return _invalid(f"there is no field of this name; {meant}", *where, name)


def _invalid(message: str, *where: str) -> RequestValidationError:
    return RequestValidationError([{"loc": where, "msg": message, "type": "value_error"}])


@lru_cache(maxsize=32)
def _decoder(model: type[BaseModel]) -> "msgspec.json.Decoder[Any]":
    """Return what takes a model's fields out of JSON as they are written, and passes over all others."""
    fields = [(name, msgspec.Raw, msgspec.UNSET) for name in model.model_fields]
    strict = model.model_config.get("extra") == "forbid"
    return msgspec.json.Decoder(msgspec.defstruct(model.__name__, fields, forbid_unknown_fields=strict))


def _from_urlencoded(body: bytes, charset: str | None) -> Fields:
    if body.count(b"&") >= FIELDS_LIMIT:
        raise TooManyError(f"the form has more than {FIELDS_LIMIT} fields")
    try:
        pairs = [field.partition(b"=") for field in body.split(b"&") if field]
        return gathered([(_unquoted(name, charset), _unquoted(value, charset)) for name, _, value in pairs])
    except InputError as error:
        raise BodyError(f"the form cannot be read: {error}") from None


def _unquoted(text: bytes, charset: str | None) -> str:
    """Return what a form writes in a field, a slice after the other: one long call would hold everything else."""
    pieces, start = [], 0
    while start < len(text):
        end = start + _SLICE
        # Not within an escape such as %C3.
        escape = text.find(b"%", end - 2, end)
        end = escape if escape >= 0 else end
        pieces.append(unquote_to_bytes(text[start:end].replace(b"+", b" ")))
        start = end
    return decode_declared(b"".join(pieces), charset)


def gathered(pairs: Sequence[tuple[str, str]]) -> Fields:
    """Return fields by name; one that is there several times is a list. Raises `TooManyError`."""
    if len(pairs) > FIELDS_LIMIT:
        raise TooManyError(f"there are more than {FIELDS_LIMIT} fields")
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return folded(fields)
