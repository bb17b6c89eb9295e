"""Keeps the search up to date, beside the sink's own work."""

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


class Index(Protocol):
    """What `store.writing.indexing.SearchIndex` does."""

    async def add_next(self) -> bool:
        """Make one part more searchable; return whether there was one."""
        ...


async def keep_searchable(index: Index) -> None:
    """Make documents searchable after they are done, until cancelled. While the store is away it waits."""
    backoff = Backoff(logger, "making documents searchable")
    while True:
        begin, computed = time.monotonic(), time.thread_time()
        try:
            more = await index.add_next()
        except UnavailableError as error:
            await backoff.wait(error)
            continue
        backoff.succeeded()
        rest = max(time.monotonic() - begin, _REST * (time.thread_time() - computed))
        await asyncio.sleep(rest if more else _IDLE)
