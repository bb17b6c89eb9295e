"""Who sends a request of a dialect whose clients may send their key in a field of the body or of the query."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Request
from pydantic import BaseModel

from api.callers import UnauthorizedError
from api.dialects import Dialect
from api.fields import Fields, read_fields
from api.forms import Form
from api.keys import key_of
from api.problems import BodyTimeoutError, BusyError, TooLargeError
from api.services import Services, enter, keys_required
from pipeline.errors import InputError

STRANGERS_AT_ONCE = 256
"""Bodies that are held while it is not known who sends them."""


class _Strangers:
    """Counts the bodies of requests whose key may be in them."""

    def __init__(self) -> None:
        self._reading = 0

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Count one, as long as this lasts. Raises `BusyError`."""
        if self._reading >= STRANGERS_AT_ONCE:
            raise BusyError(
                "too many requests with their key in the body at once; send it in the header 'Authorization'"
            )
        self._reading += 1
        try:
            yield
        finally:
            self._reading -= 1


_strangers = _Strangers()


async def enter_with_fields(request: Request, model: type[BaseModel], dialect: Dialect) -> tuple[Services, Fields]:
    """Return the services for whoever sends a request, and its fields.

    Raises `UnauthorizedError`, `RateError`, `BusyError`, and as `read_fields` does.
    """
    if (services := await _enter_before(request, dialect)) is not None:
        return services, await read_fields(request, model)
    with _strangers.one_more(), _told_first_of_the_key(dialect):
        fields = await read_fields(request, model, from_stranger=True)
    return await _enter(request, fields, dialect), fields


async def enter_with_form(request: Request, dialect: Dialect, *wanted: str) -> tuple[Services, Form]:
    """Return the services for whoever sends a form with a file, and the form, read until the wanted fields are there.

    Raises as `enter_with_fields`, and as `Form` does.
    """
    services = await _enter_before(request, dialect)
    if services is not None:
        form = Form(request)
    else:
        with _strangers.one_more(), _told_first_of_the_key(dialect):
            form = Form(request, from_stranger=True)
            await form.read_until(dialect.key_field)
        services = await _enter(request, form.fields, dialect)
        form.admit()
    await form.read_until(*wanted)
    return services, form


async def _enter_before(request: Request, dialect: Dialect) -> Services | None:
    """Return the services if it is known before the body who sends it; None if the key may be in the body."""
    key = key_of(request.headers) or request.query_params.get(dialect.key_field, "")
    if key or not keys_required(request):
        return await _enter(request, {dialect.key_field: key}, dialect)
    return None


async def _enter(request: Request, fields: Fields, dialect: Dialect) -> Services:
    try:
        return await enter(request, str(fields.get(dialect.key_field) or ""))
    except UnauthorizedError:
        raise _unauthorized(dialect) from None


@contextmanager
def _told_first_of_the_key(dialect: Dialect) -> Iterator[None]:
    """Tell whoever brings no key that first, as everywhere, rather than what else is wrong."""
    try:
        yield
    except (TooLargeError, BodyTimeoutError):
        # The key may be in what was not read.
        raise
    except InputError:
        raise _unauthorized(dialect) from None


def _unauthorized(dialect: Dialect) -> UnauthorizedError:
    return UnauthorizedError(dialect.key_place)
