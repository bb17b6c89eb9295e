"""Errors as RFC 9457 problem details."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import compile_path

from formats.errors import ChangedError, DocumentError, KindError
from pipeline.errors import (
    ConflictError,
    EncodingError,
    EndedError,
    FormatError,
    InputError,
    LanguageError,
    ModelError,
    PairError,
    SatzstromError,
    UnavailableError,
)
from pipeline.logs import REQUEST
from store.accounts.glossaries import VersionError

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


MOST_ERRORS = 10
"""Errors that are listed of one request. What a request says wrong is never repeated at its full length."""
_LONGEST_DETAIL = 4096
ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$"
BATCH_ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,119}$"
_WORDS = {
    ID_PATTERN: "may have letters (a to z), digits and . _ : -, at most 128, and begins with a letter or digit",
    BATCH_ID_PATTERN: "may have letters (a to z), digits and . _ : -, at most 120, and begins with a letter or digit",
}
"""What is said of what does not match."""
MISSING = "Field required"
"""What is said of a field that has to be there."""


class Problem(BaseModel):
    """A problem as RFC 9457 describes it; some kinds have further members."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:satzstrom:problem:unknown-pair",
                    "title": "Unknown pair of languages",
                    "status": 422,
                    "detail": "no model translates fr→de; available: de→en",
                    "pairs": [{"source": "de", "target": "en"}],
                }
            ]
        },
    )

    type: str = Field(description="Kind of the problem: stable, for programs.")
    title: str = Field(description="The kind in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened this time, and what to do.")
    request_id: str | None = Field(
        None, description="The request's id, as in the header X-Request-ID and in the API's log."
    )


class NotFoundError(InputError):
    """There is nothing of that id."""

    def __init__(self, name: str, kind: str = "document") -> None:
        super().__init__(f"there is no {kind} {name!r}")


class KeyReusedError(InputError):
    """An idempotency key came with another document than before."""

    def __init__(self) -> None:
        super().__init__(
            "this Idempotency-Key was used for another document, or its document was deleted; use a new key"
        )


class ReservedError(InputError):
    """An id was chosen that an Idempotency-Key may stand for."""

    def __init__(self, name: str) -> None:
        super().__init__(f"ids such as {name} are made of an Idempotency-Key; choose another one, or send the key")


class PreconditionError(InputError):
    """What is there is not what the request was made for."""

    def __init__(self, message: str, headers: Mapping[str, str], **members: Any) -> None:
        """`headers` and `members` say what is there."""
        super().__init__(message)
        self.headers = headers
        self.members = members


class NotFinishedError(InputError):
    """The document has no complete translation yet."""


class SearchOffError(InputError):
    """The search is switched off."""

    def __init__(self) -> None:
        super().__init__("nothing is made searchable here: SATZSTROM_SEARCH is false")


class TooSlowError(InputError):
    """A translation that was waited for took too long; the document goes on."""

    def __init__(self, document: str, seconds: float) -> None:
        super().__init__(
            f"the translation takes longer than {seconds:g} s; it goes on as document {document}, which can be read for an "
            "hour, or send longer texts as documents"
        )


class TooManyError(InputError):
    """More of something than is taken in one request."""


class NotReadyError(InputError):
    """The document has no complete translation yet; asking again later can help."""


class BodyError(InputError):
    """The request's body cannot be used."""


class BodyTimeoutError(BodyError):
    """The rest of the request's body does not come."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the body did not come within {seconds:g} s; send it again")


class BusyError(InputError):
    """As many requests of this kind as can be held are here already."""


class TooLargeError(InputError):
    """A body that has to be read whole is too large for that."""


class FileTooLargeError(TooLargeError):
    """A file is larger than files may be."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"a file may have {limit:,} bytes; divide it, or ask those who run this for more (SATZSTROM_FILE_BYTES)"
        )


class NoRoomError(TooLargeError):
    """A sender's files that wait for their documents have no room for another one."""

    def __init__(self, limit: int, kept: int) -> None:
        """`kept`: bytes of the others."""
        super().__init__(
            f"your files that wait for documents may have {limit:,} bytes together, and {kept:,} are kept besides this one; "
            "delete those that are no longer needed (DELETE /v1/files/ID), or wait: each is kept for a day; those who run "
            "this can give more (SATZSTROM_KEPT_FILES_BYTES)"
        )


class MediaTypeError(InputError):
    """The body is of a kind that is not taken."""


# The first entry that an error is an instance of counts.
_KINDS: tuple[tuple[type[Exception], HTTPStatus, str, str], ...] = (
    (NotFoundError, HTTPStatus.NOT_FOUND, "not-found", "Nothing of that id"),
    (VersionError, HTTPStatus.PRECONDITION_FAILED, "changed", "Changed meanwhile"),
    (NotFinishedError, HTTPStatus.CONFLICT, "not-finished", "Translation not finished"),
    (PreconditionError, HTTPStatus.PRECONDITION_FAILED, "changed", "Changed meanwhile"),
    (KeyReusedError, HTTPStatus.UNPROCESSABLE_ENTITY, "key-reused", "Idempotency-Key used before"),
    (EndedError, HTTPStatus.CONFLICT, "ended", "The document has come to its end"),
    (ConflictError, HTTPStatus.CONFLICT, "conflict", "The id stands for another document"),
    (SearchOffError, HTTPStatus.NOT_IMPLEMENTED, "search-off", "Search switched off"),
    (NotReadyError, HTTPStatus.SERVICE_UNAVAILABLE, "not-ready", "Translation not ready"),
    (BusyError, HTTPStatus.SERVICE_UNAVAILABLE, "busy", "Too many requests at once"),
    (TooSlowError, HTTPStatus.SERVICE_UNAVAILABLE, "too-slow", "Translation not ready in time"),
    (BodyTimeoutError, HTTPStatus.REQUEST_TIMEOUT, "body-timeout", "Body that does not come"),
    (TooLargeError, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", "Body too large"),
    (MediaTypeError, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "media-type", "Unknown kind of body"),
    (KindError, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "file-format", "Kind of file that is not translated"),
    (DocumentError, HTTPStatus.UNPROCESSABLE_ENTITY, "file", "File that cannot be read"),
    (ChangedError, HTTPStatus.CONFLICT, "file-changed", "File that is read otherwise now"),
    (FormatError, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "file-format", "Not a text file"),
    (EncodingError, HTTPStatus.UNPROCESSABLE_ENTITY, "encoding", "Not text in its encoding"),
    (LanguageError, HTTPStatus.UNPROCESSABLE_ENTITY, "unknown-language", "Unknown language"),
    (PairError, HTTPStatus.UNPROCESSABLE_ENTITY, "unknown-pair", "Unknown pair of languages"),
    (ModelError, HTTPStatus.UNPROCESSABLE_ENTITY, "unknown-model", "Unknown model"),
    (InputError, HTTPStatus.UNPROCESSABLE_ENTITY, "input", "Input that cannot be used"),
    (UnavailableError, HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "A server is away"),
)


def kind_of(error: Exception) -> str:
    """Return the kind of an expected error, as problems name it."""
    return next(entry[2] for entry in _KINDS if isinstance(error, entry[0]))


def problem(
    status: int,
    kind: str,
    title: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> JSONResponse:
    """Return a problem as a response."""
    content = {
        "type": f"urn:satzstrom:problem:{kind}",
        "title": title,
        "status": status,
        # Half of a surrogate pair cannot be written.
        "detail": _shortened(detail, _LONGEST_DETAIL).encode("utf-8", "replace").decode(),
        **members,
    }
    given = dict(headers or {})
    if (request := REQUEST.get()) is not None:
        content["request_id"] = given["X-Request-ID"] = request
    return JSONResponse(jsonable_encoder(content), status, headers=given, media_type=MEDIA_TYPE)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI should say of a route's errors.

    Of all of them a key may be asked for or used up, a body not come, or a server be away.
    """
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}},
        }
        for status in sorted({401, 408, 429, *statuses, 503})
    }


def install(app: FastAPI) -> None:
    """Make every error of the app a problem."""
    for kind in (InputError, UnavailableError):
        app.add_exception_handler(kind, _expected)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _broken_off)
    app.add_exception_handler(Exception, _unexpected)


async def _expected(_: Request, error: Exception) -> JSONResponse:
    status, kind, title = next(entry[1:] for entry in _KINDS if isinstance(error, entry[0]))
    members: dict[str, Any] = {}
    headers: dict[str, str] = {}
    assert isinstance(error, SatzstromError)
    if isinstance(error, PairError):
        members["pairs"] = [{"source": source, "target": target} for source, target in error.pairs]
    elif isinstance(error, ModelError):
        members["models"] = error.models
    elif isinstance(error, EncodingError):
        members["offset"] = error.offset
    elif isinstance(error, PreconditionError):
        members |= error.members
        headers |= error.headers
    elif isinstance(error, UnavailableError | NotFinishedError | NotReadyError | TooSlowError | BusyError):
        headers["Retry-After"] = "2"
    return problem(status, kind, title, error.public, headers=headers, **members)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    errors = [
        {"field": _shortened(".".join(map(str, entry["loc"])), 100), "message": _shortened(_in_words(entry), 500)}
        for entry in found[:MOST_ERRORS]
    ]
    detail = "; ".join(f"{entry['field']}: {entry['message']}" for entry in errors)
    if len(found) > MOST_ERRORS:
        detail += f"; and {len(found) - MOST_ERRORS} more"
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "Request that cannot be read", detail, errors=errors)


def _in_words(error: Mapping[str, Any]) -> str:
    """Return what is wrong with a field, for people who know no patterns."""
    message = str(error["msg"])
    match error["type"]:
        case "string_pattern_mismatch":
            return next((words for pattern, words in _WORDS.items() if pattern in message), message)
        case "int_parsing" | "int_from_float":
            return "has to be a whole number"
        case "bool_parsing":
            return "has to be true or false"
    return message.replace("Input should be", "has to be", 1)


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length] + "…"


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # Starlette names the methods of the first route of the path only.
        headers["Allow"] = ", ".join(sorted(_methods(request)))
        if request.method == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
    detail = str(error.detail)
    if error.status_code == HTTPStatus.NOT_FOUND and detail == phrase:
        detail = f"there is nothing at {request.url.path[:200]}; /docs lists what there is, /openapi.json for programs"
    return problem(error.status_code, phrase.lower().replace(" ", "-"), phrase, detail, headers=headers)


def _methods(request: Request) -> set[str]:
    """Return the methods that the path of a request takes."""
    # Routes may lie in routers within routers; the document has all of them.
    paths = request.app.openapi()["paths"].items()
    found = {method.upper() for path, item in paths if compile_path(path)[0].match(request.url.path) for method in item}
    return found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set())


async def _broken_off(request: Request, _: Exception) -> Response:
    # Nobody reads the answer, and it is no defect: only the log hears of it.
    logger.info("%s %s: the sender broke off", request.method, request.url.path)
    return Response(status_code=HTTPStatus.BAD_REQUEST)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "defect",
        "A defect of the API",
        "The API's log has the details, under this request's id; please report it.",
    )
