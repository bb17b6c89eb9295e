"""Answers that take long, for a client that gives up when nothing comes."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from api.waiting import GONE, ClientGoneError
from pipeline.errors import InputError, UnavailableError

logger = logging.getLogger(__name__)

T = TypeVar("T", bound=BaseModel)

_SILENCE = 4.0
"""Seconds after which a client is shown that its answer is being worked on; DeepL's gives up after 10 s without anything."""


async def patiently(work: Coroutine[Any, Any, T]) -> T | Response:
    """Return what `work` returns, or an answer that is under way if that takes longer than a client may wait in silence.

    Raises what `work` raises until then. `ClientGoneError` becomes an answer that nobody reads.
    """
    working = asyncio.ensure_future(work)
    try:
        await asyncio.wait({working}, timeout=_SILENCE)
    except asyncio.CancelledError:
        working.cancel()
        raise
    if not working.done():
        return _SlowAnswer(working)
    try:
        return working.result()
    except ClientGoneError:
        return Response(status_code=GONE)


class _SlowAnswer(Response):
    """JSON that begins with spaces, which mean nothing there (RFC 8259, 2), until the rest is known.

    Its status is sent before that. What fails after breaks the answer off, so that no client takes it for a whole one.
    """

    def __init__(self, working: asyncio.Future[T]) -> None:
        super().__init__(media_type=JSONResponse.media_type)
        # How long it becomes is not known.
        del self.headers["content-length"]
        self._working = working

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer."""
        # Who works on it hears of a client that goes away.
        del receive
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            while not self._working.done():
                await send({"type": "http.response.body", "body": b" ", "more_body": True})
                await asyncio.wait({self._working}, timeout=_SILENCE)
            body = self._working.result().model_dump_json(exclude_none=True, by_alias=True).encode()
            await send({"type": "http.response.body", "body": body})
        except ClientGoneError:
            return
        except (InputError, UnavailableError) as error:
            # The server closes a connection whose answer is not complete.
            logger.warning("%s: the answer had begun and breaks off: %s", scope["path"], error)
        finally:
            self._working.cancel()
