"""How long something holds the event loop, so that everything else on it has to wait."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from tests.speed import slowness

AT_MOST = 0.1
"""Seconds that nothing may hold an event loop in a test. The aim is half of it: the same work takes up to twice the
processor time on a core whose other half is busy."""

_TICK = 0.005


@dataclass
class Lag:
    """The longest time that the loop was held, in seconds."""

    longest: float = 0.0


@asynccontextmanager
async def watched_loop() -> AsyncIterator[Lag]:
    """Measure how long the running loop is held at most until the block ends.

    It counts what holds the loop's own thread and what holds the interpreter's lock in another one, such as one long call
    into C. What other processes of a busy machine take away does not count: a gap counts no more than the processor time
    that this process used in it.
    """
    lag = Lag()
    # What other tests have left in this process takes time to be collected, and is not what holds the loop.
    gc.freeze()
    watching = asyncio.create_task(_watch(lag))
    # Only what comes after its first tick is measured.
    await asyncio.sleep(2 * _TICK)
    lag.longest = 0.0
    try:
        yield lag
        # Whatever held the loop last is seen at the next tick.
        await asyncio.sleep(2 * _TICK)
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        gc.unfreeze()


async def least_lag(act: Callable[[], Awaitable[object]], tries: int = 12) -> float:
    """Return the least of what a few tries hold the loop: on a busy machine one alone may be slow.

    The seconds are those of the machine that the limits are for: a slower one may hold the loop longer.
    """
    least = float("inf")
    for _ in range(tries):
        async with watched_loop() as lag:
            await act()
        least = min(least, lag.longest)
        if least < AT_MOST:
            return least
    return least / slowness()


async def _watch(lag: Lag) -> None:
    while True:
        began, used = time.monotonic(), time.process_time()
        await asyncio.sleep(_TICK)
        gap = min(time.monotonic() - began - _TICK, time.process_time() - used)
        lag.longest = max(lag.longest, gap)
