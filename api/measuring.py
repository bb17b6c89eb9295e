"""How long requests take, by route."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.metrics import REQUEST_SECONDS


class Measuring:
    """ASGI middleware that observes `satzstrom_http_request_seconds`; routes are templates, so ids make no labels."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and measure the time until its answer is complete."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        started = time.perf_counter()
        try:
            await self._app(scope, receive, watch)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            method = (
                scope["method"] if scope["method"] in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"} else "other"
            )
            REQUEST_SECONDS.labels(method, route, f"{status // 100}xx").observe(time.perf_counter() - started)
