"""Errors in the words of the services whose clients speak to this API: each dialect has its own body and statuses."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import MEDIA_TYPE, MISSING


@dataclass(frozen=True)
class Dialect:
    """How another service speaks of errors."""

    name: str
    paths: re.Pattern[str]
    member: str
    """The member of the body that says what is wrong."""
    statuses: Mapping[int, int]
    """Its statuses where they are not those of the problems."""
    quota: int
    """Its status where a month's characters are used up."""
    missing: str
    """What it says of a field that has to be there."""
    key_field: str
    """The field in which its clients may send their key."""
    key_place: str
    """Where a key is looked for, in words."""


DEEPL = Dialect(
    "deepl",
    re.compile(r"/v[23](/|$)"),
    "message",
    {401: 403, 409: 400, 422: 400},
    456,
    "Parameter '{}' not specified.",
    "auth_key",
    "the header 'Authorization: DeepL-Auth-Key KEY', or the field 'auth_key'",
)
LIBRETRANSLATE = Dialect(
    "libretranslate",
    re.compile(r"/(translate|detect|languages|translate_file|download_file|health|frontend|suggest)(/|$)"),
    "error",
    {401: 403, 409: 400, 415: 400, 422: 400},
    429,
    "Invalid request: missing {} parameter",
    "api_key",
    "the field 'api_key', or in the header 'Authorization: Bearer KEY'",
)
_DIALECTS = (DEEPL, LIBRETRANSLATE)
_OWN = ("/v1/", "/openapi.json", "/asyncapi", "/livez", "/readyz", "/docs", "/web/")


def answers(dialect: Dialect, *problems: int) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI should say of the errors of a route; `problems` are their statuses as problem details."""
    schema = {"type": "object", "properties": {dialect.member: {"type": "string"}}, "required": [dialect.member]}
    statuses = sorted(
        {dialect.statuses.get(status, status) for status in (401, 408, 413, 415, 422, 429, 503, *problems)}
    )
    described = {"description": "What is wrong, in words.", "content": {"application/json": {"schema": schema}}}
    return dict.fromkeys([*statuses, "default"], described)


class DialectErrors:
    """ASGI middleware that turns the problem details of a dialect's routes into that dialect's errors."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; of its answer only problem details are changed."""
        dialect = _dialect_of(scope)
        if dialect is None:
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = bytearray()

        async def translate(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_problem(message):
                start = message
                return
            if start is None:
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                await _answer(dialect, start, bytes(body))(scope, receive, send)

        await self._app(scope, receive, translate)


def _dialect_of(scope: Scope) -> Dialect | None:
    if scope["type"] != "http":
        return None
    path = scope["path"]
    if (found := next((dialect for dialect in _DIALECTS if dialect.paths.match(path)), None)) is not None:
        return found
    # A client of DeepL that asks for what neither of us has heard of; the project's own routes take such keys, too.
    asks = Headers(scope=scope).get("authorization", "").lower().startswith("deepl-auth-key ")
    return DEEPL if asks and not path.startswith(_OWN) else None


def _is_problem(message: Message) -> bool:
    return any(name == b"content-type" and value == MEDIA_TYPE.encode() for name, value in message["headers"])


def _answer(dialect: Dialect, start: Message, body: bytes) -> JSONResponse:
    found = json.loads(body)
    status = dialect.statuses.get(found["status"], found["status"])
    if found["type"].endswith(":quota-exceeded"):
        status = dialect.quota
    kept = (b"retry-after", b"allow", b"ratelimit", b"ratelimit-policy")
    headers = {name.decode(): value.decode() for name, value in start["headers"] if name in kept}
    return JSONResponse({dialect.member: _words(dialect, found)}, status, headers)


def _words(dialect: Dialect, found: dict[str, Any]) -> str:
    """Return what is wrong, in the dialect's own words where it has some."""
    if found["type"].endswith(":unauthorized"):
        return f"send a key in {dialect.key_place}"
    missing = [entry["field"] for entry in found.get("errors", []) if entry["message"] == MISSING]
    return dialect.missing.format(missing[0]) if missing else str(found["detail"])
