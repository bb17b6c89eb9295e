"""Records into rounds: what has come goes together, in its order, and nothing waits for more."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

from pipeline.rounds import Rounds, Wanted
from pipeline.stage import StageOptions
from segmenter.gathering import Gathering
from segmenter.received import StreamRecord
from tests.waiting import eventually


def record(offset: int, size: int = 10, generation: int = 1) -> StreamRecord:
    message = cast("Any", SimpleNamespace(generation_id=generation))
    return StreamRecord(message, "documents", 0, offset, 0, None, b"x" * size, ())


class Work:
    """Works on rounds when it is told to, and notes them."""

    def __init__(self) -> None:
        self.rounds: list[list[int]] = []
        self.go = asyncio.Event()
        self.generation = 1

    async def __call__(self, records: Sequence[StreamRecord], wanted: Wanted) -> None:
        self.rounds.append([one.offset for one in records])
        await self.go.wait()

    def wanted(self, record: StreamRecord) -> Callable[[], bool]:
        return lambda: record.generation == self.generation


@asynccontextmanager
async def gathering(work: Work, options: StageOptions) -> AsyncIterator[Gathering]:
    async def finish(records: Sequence[StreamRecord]) -> None:
        del records

    rounds: Rounds[StreamRecord] = Rounds(work, finish, depth=options.depth)
    made = Gathering(rounds, work.wanted, options)
    tasks = [asyncio.create_task(rounds.run()), asyncio.create_task(made.run())]
    try:
        yield made
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def came(work: Work, *rounds: list[int]) -> None:
    async def are_there() -> bool:
        return len(work.rounds) >= len(rounds)

    await eventually(are_there, what="the rounds")
    assert work.rounds == list(rounds)


async def test_a_lone_record_goes_at_once_and_what_comes_meanwhile_goes_together() -> None:
    work = Work()
    async with gathering(work, StageOptions(depth=1)) as lane:
        await lane.add(record(0))
        await came(work, [0])
        for offset in range(1, 6):
            await lane.add(record(offset))
        work.go.set()
        await came(work, [0], [1, 2, 3, 4, 5])


async def test_rounds_are_bounded_by_records_and_bytes_and_what_is_larger_goes_alone() -> None:
    work = Work()

    async def bring(lane: Gathering) -> None:
        for offset, size in enumerate((10, 10, 10, 10, 90, 500, 10), 1):
            await lane.add(record(offset, size))

    async with gathering(work, StageOptions(round_size=3, round_bytes=100, depth=1)) as lane:
        await lane.add(record(0))
        await came(work, [0])
        bringing = asyncio.create_task(bring(lane))
        await asyncio.sleep(0)
        work.go.set()
        await asyncio.wait_for(bringing, 5)
        await came(work, [0], [1, 2, 3], [4, 5], [6], [7])


async def test_whoever_brings_more_than_there_is_room_for_waits() -> None:
    work = Work()
    async with gathering(work, StageOptions(round_size=2, depth=1)) as lane:
        await lane.add(record(0))
        await came(work, [0])
        await lane.add(record(1))
        await lane.add(record(2))
        waiting = asyncio.create_task(lane.add(record(3)))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        work.go.set()
        await asyncio.wait_for(waiting, 5)
        await came(work, [0], [1, 2], [3])


async def test_no_round_has_records_from_before_and_after_a_rebalance_and_those_before_are_left_out() -> None:
    work = Work()
    async with gathering(work, StageOptions(depth=1)) as lane:
        await lane.add(record(0))
        await came(work, [0])
        await lane.add(record(1))
        await lane.add(record(1, generation=2))
        work.generation = 2
        work.go.set()
        await came(work, [0], [1])
        assert not lane._waiting
