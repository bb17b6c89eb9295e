"""Headers that every answer has, so that no browser and no proxy does more with it than it should."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    # A translated text is never a page or a script, whatever it looks like.
    "X-Content-Type-Options": "nosniff",
    # Texts, and who sent them, are nothing for a shared cache; what may be kept says so itself.
    "Cache-Control": "no-store",
}


class Shelter:
    """ASGI middleware that adds headers where an answer has none of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer with the headers."""

        async def shelter(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, shelter)
