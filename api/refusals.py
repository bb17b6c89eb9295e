"""What those are told who bring no key, the wrong one, or one that is used up."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from api.callers import ForbiddenError, UnauthorizedError
from api.problems import problem
from pipeline.errors import (
    LimitError,
    QuotaError,
    RateError,
    TooManyDocumentsError,
    TooManyStreamsError,
    UnavailableError,
)
from store.accounts.usage import WINDOW, Rate

_KINDS: Mapping[type[Exception], tuple[HTTPStatus, str, str]] = {
    UnauthorizedError: (HTTPStatus.UNAUTHORIZED, "unauthorized", "Key missing or unknown"),
    ForbiddenError: (HTTPStatus.FORBIDDEN, "forbidden", "Not with this key"),
    QuotaError: (HTTPStatus.TOO_MANY_REQUESTS, "quota-exceeded", "Characters of this month used up"),
    RateError: (HTTPStatus.TOO_MANY_REQUESTS, "rate-limited", "Too many requests"),
    TooManyDocumentsError: (HTTPStatus.TOO_MANY_REQUESTS, "too-many-documents", "Too many documents at once"),
    TooManyStreamsError: (HTTPStatus.TOO_MANY_REQUESTS, "too-many-streams", "Too many event streams at once"),
    UnavailableError: (HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "A server is away"),
}


def install(app: FastAPI) -> None:
    """Make these errors problems, wherever a route raises them."""
    for kind in (UnauthorizedError, ForbiddenError, LimitError):
        app.add_exception_handler(kind, refuse)


async def refuse(_: Request, error: Exception) -> JSONResponse:
    """Return the problem that an error is."""
    status, kind, title = _KINDS[type(error)]
    headers = {}
    if isinstance(error, UnauthorizedError):
        headers["WWW-Authenticate"] = "Bearer"
    elif isinstance(error, LimitError):
        headers["Retry-After"] = str(error.wait)
    elif isinstance(error, UnavailableError):
        headers["Retry-After"] = "2"
    return problem(status, kind, title, str(error), headers=headers)


def rate_headers(rate: Rate) -> dict[str, str]:
    """Return how many requests are left, as draft-ietf-httpapi-ratelimit-headers-10 writes it."""
    return {
        "RateLimit-Policy": f'"requests";q={rate.limit};w={WINDOW}',
        "RateLimit": f'"requests";r={rate.remaining};t={rate.reset}',
    }
