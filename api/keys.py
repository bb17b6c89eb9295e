"""Keys: where they are asked for, the API answers only those who bring one."""

import time
from collections.abc import Collection
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import refusals
from api.callers import ANYBODY, NOBODY, Caller, UnauthorizedError
from pipeline.errors import LimitError, RateError, SetupError, UnavailableError
from store.accounts.keys import PREFIX, KeyStore, digest
from store.accounts.usage import UsageStore

OPEN = (
    "/",
    "/docs",
    "/openapi.json",
    "/asyncapi",
    "/asyncapi.json",
    "/livez",
    "/readyz",
    "/languages",
    "/health",
    "/frontend/settings",
)
"""Paths that need no key: they show no documents."""
OPEN_BELOW: tuple[str, ...] = ("/web/", "/download_file/")
"""The same for all paths that begin so. Files to download have names that nobody can guess."""
SELF_AUTHENTICATING: tuple[str, ...] = (
    *("/translate", "/detect"),
    *("/v2/translate", "/v2/usage", "/v2/languages", "/v2/document"),
)
"""Paths that begin so belong to routes that take keys in a way of their own and call `KeyRing.enter`; until then
`api.services.Served` refuses them."""

KNOWN_FOR = 5.0
"""Seconds that a key is not looked up again: a revoked key works so long. One look-up takes about a millisecond."""
_REMEMBERED = 10_000


def read_keys(path: Path) -> list[str]:
    """Return the digests of the keys in a file, one a line; lines that begin with # are left out. Raises `SetupError`."""
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(
            f"SATZSTROM_API_KEYS_FILE: cannot read {path} ({getattr(error, 'strerror', None) or error})"
        ) from None
    keys = [line for line in lines if line and not line.startswith("#")]
    if short := [number for number, key in enumerate(keys, 1) if len(key) < 16]:
        raise SetupError(f"SATZSTROM_API_KEYS_FILE: key {short[0]} in {path} has fewer than 16 characters")
    return [digest(key) for key in keys]


class KeyRing:
    """Knows callers by their keys: those of the file, which are admins without limits, and those of the store."""

    def __init__(self, store: KeyStore, usage: UsageStore, from_file: Collection[str], *, required: bool) -> None:
        """`from_file`: digests; `required`: whether keys are asked for at all."""
        self.required = required
        self._store = store
        self._usage = usage
        self._from_file = {name: Caller(f"file-{name[:12]}", "from the file", admin=True) for name in from_file}
        self._known: dict[str, tuple[float, Caller]] = {}

    async def resolve(self, key: str) -> Caller | None:
        """Return whose key this is; None if nobody's. Raises `UnavailableError`."""
        if not self.required:
            return ANYBODY
        # Looked up by their digests, so the time that it takes tells nothing of a key.
        name = digest(key)
        if (caller := self._from_file.get(name)) is not None:
            return caller
        if not key.startswith(PREFIX):
            return None
        until, caller = self._known.get(name, (0.0, None))
        if caller is not None and time.monotonic() < until:
            return caller
        self._known.pop(name, None)
        found = await self._store.find(name)
        if found is None:
            return None
        caller = Caller(found.id, found.name, found.admin, found.limits)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[name] = time.monotonic() + KNOWN_FOR, caller
        return caller

    async def holds(self, caller: Caller) -> bool:
        """Whether a caller's key still is one. Raises `UnavailableError`."""
        if caller.id is None or any(known.id == caller.id for known in self._from_file.values()):
            return True
        return await self._store.is_active(caller.id)

    async def enter(self, scope: Scope, key: str) -> Caller:
        """Let the holder of a key make this request: count it, and note its caller in `request.state.caller`.

        For `KeyGuard`, and for routes that take keys in a way of their own. Raises `UnauthorizedError`, `RateError`,
        `UnavailableError`.
        """
        caller = await self.resolve(key)
        if caller is None:
            raise UnauthorizedError
        state = scope.setdefault("state", {})
        if caller.id is not None and (limit := caller.limits.requests) is not None:
            state["rate"] = rate = await self._usage.take(caller.id, limit)
            if not rate.allowed:
                raise RateError(limit, rate.wait)
        state["caller"] = caller
        return caller


def key_of(headers: Headers) -> str:
    """Return the key of `Authorization: Bearer KEY` (or `DeepL-Auth-Key KEY`); nothing if there is none."""
    kind, _, key = headers.get("authorization", "").strip().partition(" ")
    return key.strip() if kind.lower() in ("bearer", "deepl-auth-key") else ""


def _key_of_request(scope: Scope) -> str:
    """Return the key of a request: of its headers, or as older clients of DeepL send it in the query."""
    if key := key_of(Headers(scope=scope)):
        return key
    in_query = scope["path"].startswith(("/v2/", "/v3/"))
    return QueryParams(scope["query_string"]).get("auth_key", "") if in_query else ""


class KeyGuard:
    """ASGI middleware that finds out who makes a request, and refuses those who bring no key where one is asked for.

    Answers tell how many requests are left (`RateLimit`, draft-ietf-httpapi-ratelimit-headers-10).
    """

    def __init__(self, app: ASGIApp, ring: KeyRing) -> None:
        self._app = app
        self._ring = ring

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer with a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_rate(message: Message) -> None:
            rate = scope["state"].get("rate")
            if message["type"] == "http.response.start" and rate is not None:
                MutableHeaders(scope=message).update(refusals.rate_headers(rate))
            await send(message)

        state = scope.setdefault("state", {})
        path: str = scope["path"]
        try:
            if not self._ring.required:
                state["caller"] = ANYBODY
            elif path in OPEN or path.startswith(OPEN_BELOW):
                state["caller"] = NOBODY
            elif not path.startswith(SELF_AUTHENTICATING):
                await self._ring.enter(scope, _key_of_request(scope))
        except (UnauthorizedError, LimitError, UnavailableError) as error:
            answer = await refusals.refuse(Request(scope), error)
            await answer(scope, receive, send_with_rate)
            return
        await self._app(scope, receive, send_with_rate)
