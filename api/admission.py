"""Who sends a request: the one place where keys are read, wherever a dialect puts them."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request
from starlette.types import Scope

from api.problems import UnauthorizedError

KINDS = (b"bearer", b"deepl-auth-key")
"""What may stand before the key in the header Authorization."""

# LibreTranslate's clients send their key in the body, so its routes look themselves, by `admit`.
_IN_BODY = ("/translate", "/detect", "/translate_file")
# What LibreTranslate tells everybody; a translated file is known by a name that nobody can guess.
_OPEN = ("/languages", "/health", "/frontend/settings", "/download_file/")

Knows = Callable[[bytes], bool]


def key_in_header(scope: Scope) -> bytes:
    """Return the key of the header Authorization; empty if it has none."""
    header: bytes = dict(scope["headers"]).get(b"authorization", b"")
    kind, _, key = header.partition(b" ")
    return key.strip() if kind.lower() in KINDS else b""


def looks_itself(scope: Scope, knows: Knows) -> bool:
    """Whether the route of a request finds out itself who sends it; `knows` is what it will ask."""
    path: str = scope["path"]
    if path.startswith(_OPEN):
        return True
    scope.setdefault("state", {})["knows_key"] = knows
    return path in _IN_BODY


def admit(request: Request, fields: Mapping[str, Any]) -> None:
    """Raise `UnauthorizedError` unless a key is in the header or in the field `api_key`, or none is needed."""
    knows: Knows | None = getattr(request.state, "knows_key", None)
    if knows is not None and not knows(key_of(request, fields)):
        raise UnauthorizedError("the field 'api_key' is missing or unknown")


def key_of(request: Request, fields: Mapping[str, Any]) -> bytes:
    """Return the key that a request brings; empty if it brings none."""
    return key_in_header(request.scope) or str(fields.get("api_key") or "").encode()
