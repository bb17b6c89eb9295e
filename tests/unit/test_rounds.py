"""Rounds: their size, their order, and their end."""

import asyncio
from collections.abc import Sequence

import pytest

from pipeline import rounds
from pipeline.errors import AbandonedError
from pipeline.rounds import Rounds, Wanted, cut
from tests.speed import Stopwatch
from tests.unit.records import FakeRecord


def record(size: int, partition: int = 0, offset: int = 0) -> FakeRecord:
    return FakeRecord(b"x" * size, partition=partition, offset=offset)


def always() -> bool:
    return True


def test_a_round_has_so_many_bytes_and_a_share_of_each_partition() -> None:
    long = [record(60_000, 0, offset) for offset in range(10)]
    notes = [record(100, 1, offset) for offset in range(10)]
    made = list(cut([*long, *notes], 80_000))
    assert [sum(len(one.value or b"") for one in part) <= 80_000 for part in made] == [True] * len(made)
    assert {one.partition for one in made[0]} == {0, 1}, "a note does not wait behind all of the long ones"
    for partition in (0, 1):
        offsets = [one.offset for part in made for one in part if one.partition == partition]
        assert offsets == list(range(10))


def test_a_record_that_is_larger_than_a_round_is_one() -> None:
    made = list(cut([record(10), record(5_000), record(10)], 1_000))
    assert [len(part) for part in made] == [1, 1, 1]
    assert list(cut([], 1_000)) == []


async def test_rounds_are_finished_in_their_order_and_not_after_a_failure() -> None:
    finished: list[int] = []

    async def work(records: Sequence[FakeRecord], wanted: Wanted) -> None:
        if records[0].offset == 2:
            raise ValueError("defect")
        await asyncio.sleep(0.02 if records[0].offset == 0 else 0)

    async def finish(records: Sequence[FakeRecord]) -> None:
        finished.append(records[0].offset)

    lane: Rounds[FakeRecord] = Rounds(work, finish, depth=4)
    for offset in range(4):
        await lane.put([record(1, offset=offset)], always)
    with pytest.raises(ValueError, match="defect"):
        await lane.run()
    assert finished == [0, 1]
    await asyncio.wait_for(lane.join(), 1)


async def test_what_follows_an_abandoned_round_is_left_as_well_until_it_belongs_to_a_new_owner() -> None:
    finished: list[int] = []

    async def work(records: Sequence[FakeRecord], wanted: Wanted) -> None:
        if records[0].offset == 1:
            raise AbandonedError("given up")

    async def finish(records: Sequence[FakeRecord]) -> None:
        finished.append(records[0].offset)

    old = True
    lane: Rounds[FakeRecord] = Rounds(work, finish, depth=4)
    for offset in range(3):
        await lane.put([record(1, offset=offset)], lambda: old)
    await lane.put([record(1, offset=9)], always)
    old = False
    running = asyncio.create_task(lane.run())
    await asyncio.wait_for(lane.join(), 1)
    assert finished == [0, 9]
    running.cancel()


async def test_nothing_is_begun_that_is_not_wanted_any_more() -> None:
    begun: list[int] = []
    release = asyncio.Event()

    async def work(records: Sequence[FakeRecord], wanted: Wanted) -> None:
        begun.append(records[0].offset)
        await release.wait()

    async def finish(records: Sequence[FakeRecord]) -> None:
        pass

    lane: Rounds[FakeRecord] = Rounds(work, finish, depth=1)
    running = asyncio.create_task(lane.run())
    await lane.put([record(1, offset=0)], always)
    wanted = True
    waiting = asyncio.create_task(lane.put([record(1, offset=1)], lambda: wanted))
    await asyncio.sleep(0)
    wanted = False
    release.set()
    await asyncio.wait_for(waiting, 1)
    assert begun == [0]
    running.cancel()


async def test_draining_ends_when_nothing_gets_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "_STILL", 0.3)

    async def work(records: Sequence[FakeRecord], wanted: Wanted) -> None:
        await asyncio.Event().wait()

    async def finish(records: Sequence[FakeRecord]) -> None:
        pass

    lane: Rounds[FakeRecord] = Rounds(work, finish)
    running = asyncio.create_task(lane.run())
    await lane.put([record(1)], always)
    watch = Stopwatch()
    await asyncio.wait_for(lane.drain(), 5)
    assert watch.seconds >= 0.3
    running.cancel()
