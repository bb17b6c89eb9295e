"""Records of a lane on their way from Faust, which gives out one at a time, into rounds."""

import asyncio
from collections import deque
from collections.abc import Callable

from pipeline.rounds import Rounds, Wanted
from pipeline.stage import StageOptions
from segmenter.received import StreamRecord


class Gathering:
    """Makes a round of whatever has come while those before it were worked on, and waits for no more.

    So a lone record goes on at once, and many small ones share what a round costs. Records stay in their order; those of a
    round were all read since the same rebalance. What waits is bounded as a round is, or is a single record.
    """

    def __init__(
        self, rounds: Rounds[StreamRecord], wanted: Callable[[StreamRecord], Wanted], options: StageOptions
    ) -> None:
        """`wanted`: what a round is asked by, as `Rounds.put` takes it, from a record of it."""
        self._rounds = rounds
        self._wanted = wanted
        self._options = options
        self._waiting: deque[StreamRecord] = deque()
        self._bytes = 0
        self._came = asyncio.Event()
        self._taken = asyncio.Event()

    async def add(self, record: StreamRecord) -> None:
        """Take a record in, as soon as there is room for it."""
        while self._waiting and not self._fits(len(self._waiting), self._bytes, record):
            self._taken.clear()
            await self._taken.wait()
        self._waiting.append(record)
        self._bytes += record.size
        self._came.set()

    async def run(self) -> None:
        """Put what comes into rounds, until cancelled."""
        while True:
            await self._came.wait()
            await self._rounds.room()
            records = self._take()
            await self._rounds.put(records, self._wanted(records[0]))

    def _take(self) -> list[StreamRecord]:
        first = self._waiting.popleft()
        records, size = [first], first.size
        while self._waiting and self._waiting[0].generation == first.generation:
            if not self._fits(len(records), size, self._waiting[0]):
                break
            record = self._waiting.popleft()
            records.append(record)
            size += record.size
        self._bytes -= size
        self._taken.set()
        if not self._waiting:
            self._came.clear()
        return records

    def _fits(self, count: int, size: int, record: StreamRecord) -> bool:
        return count < self._options.round_size and size + record.size <= self._options.round_bytes
