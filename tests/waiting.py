"""Waiting with a deadline."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tests.speed import Stopwatch

T = TypeVar("T")


async def eventually(check: Callable[[], Awaitable[T | None]], *, within: float = 20.0, what: str = "it") -> T:
    """Call `check` until it returns something true, and return that.

    Fails after `within` seconds, later on a machine that is slower than the one they are for.
    """
    watch = Stopwatch()
    while not (found := await check()):
        watch.check(within, f"{what} has not happened (last seen: {found!r}); waiting")
        await asyncio.sleep(0.05)
    return found
