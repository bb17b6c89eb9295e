"""Waiting with a deadline."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import httpx

from tests.speed import Stopwatch

T = TypeVar("T")

_PATIENCE = 3
"""Services have a lower priority than tests: beside other work they are slower than the yardstick tells."""


async def eventually(check: Callable[[], Awaitable[T | None]], *, within: float = 20.0, what: str = "it") -> T:
    """Call `check` until it returns something true, and return that.

    Fails when it has taken far more than `within` seconds, later on a machine that is slower than the one they are for.
    """
    watch = Stopwatch()
    while not (found := await check()):
        watch.check(_PATIENCE * within, f"waiting for {what} (last seen: {found!r})")
        await asyncio.sleep(0.05)
    return found


def until(check: Callable[[], T | None], *, within: float = 60.0, what: str = "it", every: float = 0.05) -> T:
    """As `eventually`, without a loop; a server that is away counts as not yet."""
    watch = Stopwatch()
    while True:
        found = None
        with suppress(httpx.TransportError):
            found = check()
        if found:
            return found
        watch.check(_PATIENCE * within, f"waiting for {what} (last seen: {found!r})")
        time.sleep(every)
