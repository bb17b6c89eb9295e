"""Requests over HTTP to a server, and an event loop of their own for threads to use."""

import asyncio
import ssl
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError
from typing import Any, TypeVar

import certifi
import httpx

from pipeline.errors import SetupError
from translator.llm.settings import LanguageModel

T = TypeVar("T")

_ANSWER_LIMIT = 8 * 1024 * 1024


class StoppedError(Exception):
    """The event loop has ended, or ends before the work is done."""


class LoopThread:
    """An event loop in a thread of its own."""

    def __init__(self, name: str) -> None:
        self._submitting = threading.Lock()
        self._stopped = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine from another thread, and return what it returns. Raises `StoppedError`."""
        with self._submitting:
            if self._stopped:
                work.close()
                raise StoppedError
            result = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return result.result()
        except CancelledError:
            raise StoppedError from None

    def stop(self, last: Coroutine[Any, Any, None]) -> None:
        """Cancel all work and wait for its end, then for `last`; to stop twice is the same as once."""
        with self._submitting:
            if self._stopped:
                last.close()
                return
            self._stopped = True

        async def end() -> None:
            # All that was submitted began before this.
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await last

        asyncio.run_coroutine_threadsafe(end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Transport:
    """Sends requests to the server of a model, with its key."""

    def __init__(self, model: LanguageModel) -> None:
        """Raise `SetupError` for certificates that cannot be read."""
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
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=model.parallel)
        self._url = model.url
        # No time-outs of single steps, because who sends has a deadline; neither proxies nor logins that the environment
        # names, because texts go where the settings say and nowhere else.
        self._client = httpx.AsyncClient(
            headers=headers,
            timeout=None,  # noqa: S113 (as above)
            trust_env=False,
            verify=trusted,
            limits=limits,
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def send(self, method: str, path: str, body: bytes | None) -> tuple[int, httpx.Headers, bytes]:
        """Return status, headers and body of an answer; redirections are not followed. Raises `httpx.HTTPError`."""
        async with self._client.stream(method, self._url + path, content=body) as response:
            received = bytearray()
            async for chunk in response.aiter_bytes():
                received += chunk
                if len(received) > _ANSWER_LIMIT:
                    raise httpx.ReadError("the answer has no end")
            return response.status_code, response.headers, bytes(received)
