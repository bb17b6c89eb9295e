"""One server that speaks OpenAI's protocol: requests with an end, tried again where that can help."""

import asyncio
import logging
import random
import time
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from pipeline.backoff import describe
from pipeline.errors import SetupError, UnavailableError
from pipeline.metrics import LLM_REQUESTS, LLM_TOKENS
from pipeline.monitoring import LIVENESS
from translator.engines import Surroundings
from translator.llm import prompts
from translator.llm.replies import Reply, TroubleError, offered, read_reply
from translator.llm.settings import LanguageModel
from translator.llm.transport import LoopThread, StoppedError, Transport
from translator.llm.ways import Way

logger = logging.getLogger(__name__)

T = TypeVar("T")

ATTEMPTS = 4
"""How often a request is sent before its server counts as away, or the request as one that it cannot answer."""

# A request that takes too long was sent often enough after two times.
_SLOW = 2
_LONGEST_PAUSE = 60.0
_CHECK_EVERY, _CHECK_TIMEOUT = 5.0, 10.0
_HARMLESS = "Guten Tag."


class RequestError(Exception):
    """The server does not answer this request, and may well answer others: it refuses it, fails on it, or takes too long."""


class Server:
    """Asks a model on a server, `parallel` requests at once, from any thread.

    A request has one deadline, however its answer trickles in. What may pass (connections that fail or break, 408, 429, 5xx,
    answers that are none) is tried again after growing pauses; a `Retry-After` holds for all requests. A request that fails
    to the end is the server's fault, which is away then (`UnavailableError`), or its own (`RequestError`). While the server
    is away each request is sent once at most, and there is a second between them.
    """

    def __init__(self, model: LanguageModel, *, first_pause: float = 0.5) -> None:
        """`first_pause`: seconds before a second attempt. Raises `SetupError` for certificates that cannot be read."""
        self.model = model
        self.away = False
        self._first_pause = first_pause
        self._way = Way()
        self._not_before = 0.0
        parts = urlsplit(model.url)
        self._where = f"{parts.scheme}://{parts.netloc}"
        self._transport = Transport(model)
        self._gate = asyncio.Semaphore(model.parallel)
        self._watching: asyncio.Task[None] | None = None
        self._thread = LoopThread("model server")

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the event loop of the server. Raises `UnavailableError` if it is stopped."""
        try:
            return self._thread.run(work)
        except StoppedError:
            raise self._unavailable("it was stopped") from None

    def stop(self) -> None:
        """End all requests, and send no other."""
        self._thread.stop(self._transport.close())

    async def check(self) -> None:
        """Ask once whether the server is there and has the model, and say in the log if not. Raises `SetupError`."""
        try:
            status, names = await self._models()
        except (TimeoutError, httpx.HTTPError) as error:
            logger.warning("%s; sentences wait for it", self._is_away(describe(error)))
            return
        if status in (401, 403):
            raise SetupError(f"the server at {self._where} refuses the key ({status}); check SATZSTROM_OPENAI_KEY_FILE")
        if names and self.model.name not in names:
            listed = ", ".join(names[:20])
            logger.warning("the server at %s does not list the model %r, but %s", self._where, self.model.name, listed)

    async def ask(self, messages: Sequence[dict[str, str]], schema: dict[str, Any], limit: int) -> Reply:
        """Return the answer to messages, of at most `limit` tokens; `schema`: its form, where the server knows about forms.

        Raises `RequestError`, `UnavailableError`.
        """
        pause, left = self._first_pause, 1 if self.away else ATTEMPTS
        while True:
            await self._wait()
            try:
                async with self._gate:
                    reply = await self._attempt(messages, schema, limit)
            except TroubleError as error:
                trouble = error
            else:
                self._note(reply)
                return reply
            LLM_REQUESTS.labels(self.model.pairs[0].id, "failed").inc()
            left -= ATTEMPTS // _SLOW if isinstance(trouble.__cause__, TimeoutError) else 1
            if trouble.wait is not None:
                self._hold(trouble.wait)
            if not trouble.again or left <= 0 or self.away:
                break
            logger.info("the model's server at %s: %s; asking again", self._where, trouble)
            if trouble.wait is None:
                LIVENESS.waits()
                await asyncio.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311 (not a secret)
                pause = min(_LONGEST_PAUSE, 2 * pause)
        if trouble.own:
            raise RequestError(str(trouble))
        raise self._is_away(str(trouble))

    async def blame(self, error: RequestError) -> None:
        """Find out whose fault it is that a request was not answered. Raises `UnavailableError` if it is the server's."""
        try:
            await self.ask(*self._harmless)
        except RequestError:
            raise self._is_away(str(error)) from None

    def _is_away(self, reason: str) -> UnavailableError:
        """Note that the server answers no request at all, and return the error that says so.

        From now on it is asked something harmless now and then, so that `away` tells the truth also when nothing waits.
        """
        self.away = True
        self._hold(1.0)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.get_running_loop().create_task(self._watch())
        return self._unavailable(reason)

    async def _watch(self) -> None:
        pause = _CHECK_EVERY
        while self.away:
            await asyncio.sleep(max(pause, self._not_before - time.monotonic()))
            pause = min(_LONGEST_PAUSE, 2 * pause)
            try:
                self._note(await self._attempt(*self._harmless))
            except TroubleError as error:
                if error.wait is not None:
                    self._hold(error.wait)

    @property
    def _harmless(self) -> tuple[list[dict[str, str]], dict[str, Any], int]:
        """What any server answers that answers at all."""
        pair = self.model.pairs[0]
        asked = prompts.messages([(_HARMLESS, Surroundings())], pair.source, pair.target, "", careful=False)
        return asked, prompts.schema(1), 128 + self.model.thinking_tokens

    async def _models(self) -> tuple[int, list[str]]:
        async with asyncio.timeout(_CHECK_TIMEOUT):
            status, _, body = await self._transport.send("GET", "/models", None)
        return status, offered(body) if status == 200 else []

    async def _attempt(self, messages: Sequence[dict[str, str]], schema: dict[str, Any], limit: int) -> Reply:
        """Ask in the richest way that the server is not known to refuse; a plainer one that works is kept."""
        LIVENESS.waits()
        way = self._way
        while True:
            try:
                async with asyncio.timeout(self.model.timeout):
                    body = way.body(self.model, messages, schema, limit)
                    status, headers, answer = await self._transport.send("POST", "/chat/completions", body)
                reply = read_reply(status, headers, answer)
            except TroubleError as error:
                plainer = way.plainer(answer) if error.refused else None
                if plainer is None:
                    raise
                way = plainer
            except TimeoutError as error:
                raise TroubleError(f"no answer within {self.model.timeout:g} s", own=True) from error
            except httpx.ConnectError as error:
                raise TroubleError(describe(error), own=False) from error
            except httpx.HTTPError as error:
                raise TroubleError(f"the connection broke ({type(error).__name__})", own=True) from error
            else:
                break
        if way != self._way:
            self._way = way
            logger.info("the server at %s is asked with %s", self._where, way)
        return reply

    def _note(self, reply: Reply) -> None:
        if self.away:
            logger.info("the model's server at %s is back", self._where)
        self.away = False
        name = self.model.pairs[0].id
        LLM_REQUESTS.labels(name, "answered").inc()
        LLM_TOKENS.labels(name, "read").inc(reply.read)
        LLM_TOKENS.labels(name, "written").inc(reply.written)

    async def _wait(self) -> None:
        """Wait until the server may be asked. Raises `UnavailableError` if that is long, or if it is away."""
        left = self._not_before - time.monotonic()
        if left > _LONGEST_PAUSE or (left > 0 and self.away):
            raise self._is_away(f"it is asked again in {left:.0f} s")
        if left > 0:
            LIVENESS.waits()
            await asyncio.sleep(left)

    def _hold(self, seconds: float) -> None:
        self._not_before = max(self._not_before, time.monotonic() + seconds)

    def _unavailable(self, reason: str) -> UnavailableError:
        return UnavailableError("the model's server", self._where, reason)
