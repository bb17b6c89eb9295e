"""Who sends a request of this dialect: its clients send their key in the field `api_key`."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from fastapi import Request

from api.callers import UnauthorizedError
from api.fields import Fields, Form, open_form, read_fields
from api.keys import key_of
from api.services import Services, enter
from pipeline.errors import InputError

B = TypeVar("B")


async def enter_with_fields(request: Request) -> tuple[Services, Fields]:
    """Return the services for whoever sends a request, and its fields.

    Raises `UnauthorizedError`, `RateError`, and as `read_fields` does.
    """
    return await _enter(request, read_fields, lambda fields: fields)


async def enter_with_form(request: Request, *wanted: str) -> tuple[Services, Form]:
    """Return the services for whoever sends a form with a file, and the form. Raises as `enter_with_fields`."""
    return await _enter(request, lambda of: open_form(of, *wanted, "api_key"), lambda form: form.fields)


async def _enter(
    request: Request, read: Callable[[Request], Awaitable[B]], fields_of: Callable[[B], Fields]
) -> tuple[Services, B]:
    try:
        if key := key_of(request.headers):
            return await enter(request, key), await read(request)
        try:
            body = await read(request)
        except InputError:
            # Who brings no key is told that first, as everywhere.
            await enter(request, "")
            raise
        return await enter(request, str(fields_of(body).get("api_key") or "")), body
    except UnauthorizedError:
        raise UnauthorizedError("the field 'api_key', or in the header 'Authorization: Bearer KEY'") from None
