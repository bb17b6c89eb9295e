"""Waiting with a deadline."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(check: Callable[[], Awaitable[T | None]], *, within: float = 20.0, what: str = "it") -> T:
    """Call `check` until it returns something true, and return that; fail after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        found = await check()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} did not happen within {within} s; last seen: {found!r}"
        await asyncio.sleep(0.05)
