"""Rounds of records that are worked on a few at a time and finished in their order."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Generic, TypeVar

from pipeline.errors import AbandonedError
from pipeline.monitoring import LIVENESS
from pipeline.records import Record

logger = logging.getLogger(__name__)

R = TypeVar("R", bound=Record)

Wanted = Callable[[], bool]
"""Whether this process still owns the records of a round and does not have to stop. Once false it stays false."""

_STILL = 4.0
_DRAIN_AT_MOST = 25.0


@dataclass(slots=True)
class _Round(Generic[R]):
    records: Sequence[R]
    wanted: Wanted
    task: "asyncio.Task[None]"


class Rounds(Generic[R]):
    """Works on at most `depth` rounds at once, and finishes each when it and every earlier one is done.

    The next round is at hand while the last one is being published. Memory is bounded by the size of a round times
    `depth`.
    """

    def __init__(
        self,
        work: Callable[[Sequence[R], Wanted], Coroutine[Any, Any, None]],
        finish: Callable[[Sequence[R]], Awaitable[None]],
        *,
        depth: int = 2,
    ) -> None:
        """`work` returns when what comes of a round is safe; `finish` may then commit its offsets."""
        self._work = work
        self._finish = finish
        self._room = asyncio.Semaphore(depth)
        self._under_way: asyncio.Queue[_Round[R]] = asyncio.Queue()

    async def room(self) -> None:
        """Return when there is room for a round."""
        async with self._room:
            return

    async def put(self, records: Sequence[R], wanted: Wanted) -> None:
        """Begin with a round as soon as there is room; with none that is not wanted any more by then."""
        await self._room.acquire()
        if not wanted():
            self._room.release()
            return
        task = asyncio.create_task(self._work(records, wanted))
        # Of a round that is left to others nobody asks for the error.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._under_way.put_nowait(_Round(records, wanted, task))

    async def run(self) -> None:
        """Finish rounds in their order until cancelled. Raises what the work raises; then nothing more is finished."""
        abandoned = False
        try:
            while True:
                current = await self._under_way.get()
                # What comes after a round that was abandoned may not be committed before it.
                abandoned = abandoned and not current.wanted()
                if abandoned:
                    current.task.cancel()
                try:
                    await asyncio.wait([current.task])
                    if not abandoned:
                        current.task.result()
                        await self._finish(current.records)
                except AbandonedError as error:
                    logger.info("a round is left to others (%s)", error)
                    abandoned = True
                finally:
                    current.task.cancel()
                    self._under_way.task_done()
                self._room.release()
        finally:
            # After a failure nobody may wait for rounds that will not be finished any more.
            while not self._under_way.empty():
                self._under_way.get_nowait().task.cancel()
                self._under_way.task_done()

    async def join(self) -> None:
        """Return when nothing is under way."""
        await self._under_way.join()

    async def drain(self) -> None:
        """Return when nothing is under way, or when it does not get on: a server may be away for long.

        What is left then is repeated by whoever reads those records next.
        """
        begin = time.monotonic()
        joined = asyncio.create_task(self.join())
        try:
            while not joined.done():
                await asyncio.wait([joined], timeout=0.1)
                now = time.monotonic()
                if now - max(begin, LIVENESS.last_moved) > _STILL or now - begin > _DRAIN_AT_MOST:
                    logger.warning("stopping with work in hand that does not get on; others repeat it")
                    return
        finally:
            joined.cancel()


def cut(records: Sequence[R], limit: int) -> Iterator[list[R]]:
    """Cut records into rounds of at most `limit` bytes; a record that is larger is a round alone.

    The partitions take turns, so that the first round has a share of each. Within a partition the order stays.
    """
    if records and sum(map(_size, records)) <= limit:
        yield list(records)
        return
    partitions: dict[tuple[str, int], list[R]] = defaultdict(list)
    for record in records:
        partitions[record.topic, record.partition].append(record)
    found: list[R] = []
    size = 0
    for record in (one for row in zip_longest(*partitions.values()) for one in row if one is not None):
        weight = _size(record)
        if found and size + weight > limit:
            yield found
            found, size = [], 0
        found.append(record)
        size += weight
    if found:
        yield found


def _size(record: Record) -> int:
    return len(record.value or b"") + len(record.key or b"")
