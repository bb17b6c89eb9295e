"""Pages of other origins: which of them may use what in a browser (CORS)."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.reach import EXTENSION, TEXT_PATHS, Reach
from api.request_ids import HEADER


class CrossOrigin:
    """ASGI middleware that answers preflights, and lets pages read answers.

    Pages of origins that were named may use everything. The routes for texts of LibreTranslate are, as there, for pages of
    every origin where keys are asked for, because a browser adds none by itself; elsewhere for browser extensions.
    """

    def __init__(self, app: ASGIApp, reach: Reach, *, keys_required: bool) -> None:
        named = sorted(reach.origins)
        self._everything = _cors(app, named) if named else app
        self._texts = _cors(app, ["*"] if keys_required else named, EXTENSION.pattern)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer a preflight."""
        chosen = self._texts if scope["type"] == "http" and scope["path"] in TEXT_PATHS else self._everything
        await chosen(scope, receive, send)


def _cors(app: ASGIApp, origins: list[str], pattern: str | None = None) -> CORSMiddleware:
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_origin_regex=pattern,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        # A key is sent by the page itself, never by the browser, so no credentials.
        allow_headers=[
            "Authorization",
            "Content-Type",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "Last-Event-ID",
            HEADER,
        ],
        expose_headers=[
            "Content-Disposition",
            "ETag",
            "Location",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            HEADER,
        ],
    )
