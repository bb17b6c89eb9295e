"""One server that speaks OpenAI's protocol: requests with an end, tried again where that can help."""

import asyncio
import logging
import random
import ssl
import threading
import time
from collections.abc import Coroutine, Sequence
from concurrent.futures import CancelledError
from typing import Any, TypeVar
from urllib.parse import urlsplit

import certifi
import httpx

from pipeline.backoff import describe
from pipeline.errors import SetupError, UnavailableError
from pipeline.metrics import LLM_REQUESTS, LLM_TOKENS
from pipeline.monitoring import LIVENESS
from translator.llm.replies import Reply, TroubleError, offered, read_reply
from translator.llm.settings import LanguageModel
from translator.llm.ways import Way

logger = logging.getLogger(__name__)

T = TypeVar("T")

ATTEMPTS = 4
"""How often a request is sent before its server counts as away, or the request as one that it cannot answer."""

# A request that takes too long was sent often enough after two times.
_SLOW = 2
_ANSWER_LIMIT = 8 * 1024 * 1024
_LONGEST_PAUSE = 60.0
_CHECK_EVERY, _CHECK_TIMEOUT = 5.0, 10.0


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
        self._client = _client(model)
        self._gate = asyncio.Semaphore(model.parallel)
        self._watching: asyncio.Task[None] | None = None
        self._stopping = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="model server", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the event loop of the server. Raises `UnavailableError` if it is stopped."""
        try:
            if self._stopping.locked():
                raise CancelledError
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except CancelledError:
            work.close()
            raise self._unavailable("it was stopped") from None

    def stop(self) -> None:
        """End all requests, and send no other."""
        if not self._stopping.acquire(blocking=False):
            return

        async def end() -> None:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await self._client.aclose()

        asyncio.run_coroutine_threadsafe(end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def check(self) -> None:
        """Ask once whether the server is there and has the model, and say in the log if not. Raises `SetupError`."""
        try:
            status, names = await self._models()
        except (TimeoutError, httpx.HTTPError) as error:
            logger.warning("%s; sentences wait for it", self.is_away(describe(error)))
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
        raise self.is_away(str(trouble))

    def is_away(self, reason: str) -> UnavailableError:
        """Note that the server answers no request at all, and return the error that says so.

        From now on it is asked every few seconds whether it is back, so that `away` tells the truth also when nothing waits.
        """
        self.away = True
        self._hold(1.0)
        if self._watching is None or self._watching.done():
            self._watching = self._loop.create_task(self._watch())
        return self._unavailable(reason)

    async def _watch(self) -> None:
        while self.away:
            await asyncio.sleep(_CHECK_EVERY)
            try:
                status, _ = await self._models()
            except (TimeoutError, httpx.HTTPError):
                continue
            # Whether it answers questions, the next sentence tells.
            if status in (200, 404, 405):
                self.away = False

    async def _models(self) -> tuple[int, list[str]]:
        async with asyncio.timeout(_CHECK_TIMEOUT):
            status, _, body = await self._send("GET", "/models", None)
        return status, offered(body) if status == 200 else []

    async def _attempt(self, messages: Sequence[dict[str, str]], schema: dict[str, Any], limit: int) -> Reply:
        """Ask in the richest way that the server is not known to refuse; a plainer one that works is kept."""
        LIVENESS.waits()
        way = self._way
        while True:
            try:
                async with asyncio.timeout(self.model.timeout):
                    body = way.body(self.model, messages, schema, limit)
                    status, headers, answer = await self._send("POST", "/chat/completions", body)
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

    async def _send(self, method: str, path: str, body: bytes | None) -> tuple[int, httpx.Headers, bytes]:
        """Return status, headers and body of an answer. Raises `httpx.HTTPError`."""
        async with self._client.stream(method, self.model.url + path, content=body) as response:
            received = bytearray()
            async for chunk in response.aiter_bytes():
                received += chunk
                if len(received) > _ANSWER_LIMIT:
                    raise httpx.ReadError("the answer has no end")
            return response.status_code, response.headers, bytes(received)

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
            raise self._unavailable(f"it is asked again in {left:.0f} s")
        if left > 0:
            LIVENESS.waits()
            await asyncio.sleep(left)

    def _hold(self, seconds: float) -> None:
        self._not_before = max(self._not_before, time.monotonic() + seconds)

    def _unavailable(self, reason: str) -> UnavailableError:
        return UnavailableError("the model's server", self._where, reason)


def _client(model: LanguageModel) -> httpx.AsyncClient:
    # Trusts nobody; reading whom to trust takes longer than many a request.
    trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if model.url.startswith("https:"):
        try:
            trusted = ssl.create_default_context(cafile=model.ca_file or certifi.where())
        except (OSError, ssl.SSLError) as error:
            raise SetupError(f"SATZSTROM_OPENAI_CA_FILE: cannot read {model.ca_file} ({error.strerror})") from None
    headers = {"accept-encoding": "identity", "content-type": "application/json"}
    if model.key:
        headers["authorization"] = f"Bearer {model.key}"
    # No time-outs of single steps, because each request has a deadline; neither proxies nor logins that the environment
    # names, because texts go where the settings say and nowhere else.
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=model.parallel)
    return httpx.AsyncClient(headers=headers, timeout=None, trust_env=False, verify=trusted, limits=limits)  # noqa: S113
