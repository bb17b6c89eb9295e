"""Keys: with a file of keys the API answers only those who bring one."""

import hashlib
from collections.abc import Collection
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from api.admission import key_in_header, looks_itself
from api.problems import problem
from pipeline.errors import SetupError

_OPEN = ("/livez", "/readyz")


def read_keys(path: Path) -> list[bytes]:
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
    return [_digest(key.encode()) for key in keys]


class KeyGuard:
    """ASGI middleware that refuses requests without a key in `Authorization`; only probes pass without.

    Without keys everybody passes.
    """

    def __init__(self, app: ASGIApp, keys: Collection[bytes]) -> None:
        self._app = app
        self._keys = frozenset(keys)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 401."""
        if (
            scope["type"] != "http"
            or not self._keys
            or scope["path"] in _OPEN
            or looks_itself(scope, self._knows)
            or self._knows(key_in_header(scope))
        ):
            await self._app(scope, receive, send)
            return
        answer = problem(
            401,
            "unauthorized",
            "Key missing or unknown",
            "send a key in the header 'Authorization: Bearer KEY'",
            headers={"WWW-Authenticate": "Bearer"},
        )
        await answer(scope, receive, send)

    def _knows(self, key: bytes) -> bool:
        # Digests are compared, so the time tells nothing of the key.
        return _digest(key) in self._keys


def _digest(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()
