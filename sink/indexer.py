"""What the sink does beside its own work: it makes documents searchable, and remembers their sentences."""

import asyncio
import logging
import time
from typing import Protocol

from pipeline.backoff import Backoff
from pipeline.errors import UnavailableError

logger = logging.getLogger(__name__)

# It rests nine times as long as it computed, and as long as it waited for the store: at most a tenth of a core here and half
# of a connection there, however much there is to do.
_REST = 9.0
_IDLE = 0.5


class Backlog(Protocol):
    """What `store.writing.backlog.Backlog` does."""

    async def add_next(self) -> bool:
        """Do one part more; return whether there may be another."""
        ...


async def work_off(backlog: Backlog, what: str) -> None:
    """Do what is to be done with documents after they are done, until cancelled. While the store is away it waits.

    `what` is it that is done, in words: "making documents searchable".
    """
    backoff = Backoff(logger, what)
    while True:
        begin, computed = time.monotonic(), time.thread_time()
        try:
            more = await backlog.add_next()
        except UnavailableError as error:
            await backoff.wait(error)
            continue
        backoff.succeeded()
        rest = max(time.monotonic() - begin, _REST * (time.thread_time() - computed))
        await asyncio.sleep(rest if more else _IDLE)
