"""Keeps the search up to date, beside the sink's own work."""

import asyncio
import logging
import time
from contextlib import suppress
from typing import Protocol

from pipeline.backoff import Backoff
from pipeline.errors import UnavailableError

logger = logging.getLogger(__name__)

# It rests nine times as long as it worked: at most a tenth of a core, however much there is to do.
_REST = 9.0
_IDLE = 0.5


class Index(Protocol):
    """What `sink.store.indexing.SearchIndex` does."""

    async def add_next(self) -> bool:
        """Make one part more searchable; return whether there was one."""
        ...


async def keep_searchable(index: Index, stop: asyncio.Event) -> None:
    """Make documents searchable after they are done, until `stop` is set. While the store is away it waits."""
    backoff = Backoff(logger, "making documents searchable")
    while not stop.is_set():
        begin = time.monotonic()
        try:
            more = await index.add_next()
        except UnavailableError as error:
            await backoff.wait(error)
            continue
        backoff.succeeded()
        pause = _REST * (time.monotonic() - begin) if more else _IDLE
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


def start_indexing(index: Index, stop: asyncio.Event) -> "asyncio.Task[None]":
    """Return `keep_searchable` as a task; a defect in it is logged and leaves the sink at its work."""
    task = asyncio.create_task(keep_searchable(index, stop))
    task.add_done_callback(_report)
    return task


def _report(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        logger.error("nothing more becomes searchable until the sink is started again", exc_info=error)
