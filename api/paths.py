"""Paths and methods as clients write them: strokes too many, and HEAD."""

import asyncio
import re
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_STROKES = re.compile(r"//+")


class TidyPaths:
    """ASGI middleware for which a path with doubled strokes, or with one at its end, is the path without them.

    Clients put `/translate` behind an address that ends in a stroke. It has to stand before whatever decides by paths.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            scope["path"] = _STROKES.sub("/", scope["path"]).rstrip("/") or "/"
        await self._app(scope, receive, send)


class HeadAsGet:
    """ASGI middleware that answers HEAD as GET without the body, as HTTP wants it of every server (RFC 9110, 9.3.2).

    What makes the body ends as soon as the head is known, so an endless answer does not go on for nobody.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        begun = asyncio.Event()

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b""})
                begun.set()

        # The server has to go on seeing HEAD, so the scope is another one.
        answering = asyncio.ensure_future(self._app({**scope, "method": "GET"}, receive, send_head))
        waiting = asyncio.ensure_future(begun.wait())
        try:
            await asyncio.wait({answering, waiting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            answering.cancel()
        with suppress(asyncio.CancelledError):
            await answering
