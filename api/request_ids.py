"""Each request has an id: in its answer, in what the log says of it, and in problems."""

import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.logs import REQUEST

HEADER = "X-Request-ID"
# What goes into a log as it comes: no white space, nothing that ends a line.
_USABLE = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")


class RequestIds:
    """ASGI middleware that takes a request's id from `X-Request-ID`, or makes one, and gives it back in the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = Headers(scope=scope).get(HEADER, "")
        request = said if _USABLE.fullmatch(said) else secrets.token_hex(8)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request
            await send(message)

        # It is not taken back: a defect is answered outside of all middleware, and each request has a task of its own.
        REQUEST.set(request)
        await self._app(scope, receive, send_with_id)
