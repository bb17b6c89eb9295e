"""Waiting for a server to come back."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pipeline.errors import StoppedError, UnavailableError
from pipeline.monitoring import LIVENESS

T = TypeVar("T")


class Backoff:
    """Waits longer after each failure (0.1 s to 5 s, with jitter) and says so once, and once more when it is over."""

    def __init__(self, logger: logging.Logger, what: str) -> None:
        self._logger = logger
        self._what = what
        self._failures = 0
        self._since = 0.0

    async def wait(self, reason: BaseException) -> None:
        """Wait after a failure."""
        if self._failures == 0:
            self._since = time.monotonic()
            self._logger.warning("%s fails (%s); trying again until it works", self._what, describe(reason))
        # Jitter, so that a returning server does not meet all its clients in the same moment.
        pause = min(5.0, 0.1 * 2**self._failures) * random.uniform(0.7, 1.3)  # noqa: S311 (not a secret)
        self._failures = min(self._failures + 1, 10)
        LIVENESS.waits()
        await asyncio.sleep(pause)

    def succeeded(self) -> None:
        """Start anew."""
        if self._failures:
            self._logger.info("%s works again after %.1f s", self._what, time.monotonic() - self._since)
        self._failures = 0


def describe(error: BaseException) -> str:
    """Return an error in one line, without the address of an object."""
    name = type(error).__name__
    text = " ".join(str(error).split()).removeprefix(f"{name}: ")
    return f"{name}: {text}" if text else name


async def wait_for(
    attempt: Callable[[], Awaitable[T]],
    *,
    server: str,
    address: str,
    patience: float,
    errors: tuple[type[Exception], ...],
    logger: logging.Logger,
    stop: asyncio.Event | None = None,
) -> T:
    """Call `attempt` until it does not raise one of `errors`; say what is waited for after 3 s, then every 5 s.

    Raises `UnavailableError` after `patience` seconds, `StoppedError` when `stop` is set meanwhile.
    """
    deadline = time.monotonic() + patience
    next_line = time.monotonic() + 3
    while True:
        try:
            return await attempt()
        except errors as error:
            now = time.monotonic()
            if now >= deadline:
                raise UnavailableError(server, address, f"gave up after {patience:.0f} s; {describe(error)}") from error
            if now >= next_line:
                logger.info("waiting for %s at %s (%s)", server, address, describe(error))
                next_line = now + 5
            await asyncio.sleep(0.25)
            if stop is not None and stop.is_set():
                raise StoppedError(f"stopped while waiting for {server}") from None
