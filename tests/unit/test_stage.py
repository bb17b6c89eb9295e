"""The order of steps in the consume loop, and what becomes of events that cannot be handled."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import MessageSizeTooLargeError

from pipeline.errors import InputError
from pipeline.events import DocumentPart, encode
from pipeline.publisher import Outgoing
from pipeline.records import Received, reader
from pipeline.stage import Stage, StageOptions, run_stages
from pipeline.step import Output, Step, at_once
from tests.unit.records import FakeRecord


class FakeConsumer:
    """Hands out records and notes commits."""

    def __init__(self, log: list[str], records: Sequence[FakeRecord]) -> None:
        self.log = log
        self.records = list(records)
        self.partition = TopicPartition("documents", 3)

    async def start(self) -> None:
        self.log.append("start")

    async def stop(self) -> None:
        self.log.append("stop")

    def subscribe(self, topics: list[str], listener: Any) -> None:
        self.listener = listener

    def assignment(self) -> set[TopicPartition]:
        return {self.partition}

    async def getmany(
        self, *_: TopicPartition, timeout_ms: int, max_records: int
    ) -> dict[TopicPartition, list[FakeRecord]]:
        await asyncio.sleep(0)
        found, self.records = self.records[:max_records], self.records[max_records:]
        return {self.partition: found} if found else {}

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        self.log.append(f"commit {offsets[self.partition]}")


class FakePublisher:
    """Notes what is published."""

    def __init__(self, log: list[str], error: Exception | None = None) -> None:
        self.log = log
        self.error = error
        self.records: list[Outgoing] = []

    async def publish(self, records: Sequence[Outgoing]) -> None:
        await asyncio.sleep(0)
        if self.error:
            raise self.error
        self.records += records
        self.log.append(f"publish {len(self.records)}")


def parts(*texts: str) -> list[FakeRecord]:
    return [FakeRecord(encode(DocumentPart(text=text)), offset=number) for number, text in enumerate(texts)]


async def nothing(received: Sequence[Received[DocumentPart]]) -> Output:
    return []


def stage_of(
    consumer: FakeConsumer, handle: Any = nothing, publisher: FakePublisher | None = None, **options: int
) -> Stage:
    writing: Any = publisher or FakePublisher(consumer.log)
    step: Step[DocumentPart] = Step(
        "test",
        events={"documents": reader(DocumentPart)},
        handler=at_once(handle),
        publisher=writing,
        dead_letters="dead-letters",
    )
    return Stage(consumer, step, StageOptions(**options))


async def run(
    records: Sequence[FakeRecord], *, handler: Any = None, error: Exception | None = None, **options: int
) -> tuple[list[str], list[Outgoing]]:
    log: list[str] = []
    publisher = FakePublisher(log, error)

    async def echo(received: Sequence[Received[DocumentPart]]) -> Output:
        log.append(f"handle {len(received)}")
        return [Outgoing("out", one.event.text.encode()) for one in received]

    stage = stage_of(FakeConsumer(log, records), handler or echo, publisher, **options)
    stop = asyncio.Event()

    async def stop_when_idle() -> None:
        while f"commit {records[-1].offset + 1}" not in log:
            await asyncio.sleep(0.001)
        stop.set()

    idle = asyncio.create_task(stop_when_idle())
    try:
        await run_stages(stop, stage)
    finally:
        idle.cancel()
    return log, publisher.records


async def test_acknowledgements_come_before_the_commit() -> None:
    log, out = await run(parts("a", "b"))
    assert log == ["start", "handle 2", "publish 2", "commit 2", "stop"]
    assert [one.value for one in out] == [b"a", b"b"]


async def test_rounds_are_committed_in_their_order() -> None:
    async def slow_first(received: Sequence[Received[DocumentPart]]) -> Output:
        await asyncio.sleep(0.02 if received[0].event.text == "a" else 0)
        return []

    log, _ = await run(parts("a", "b", "c"), handler=slow_first, round_size=1)
    assert [line for line in log if line.startswith("commit")] == ["commit 1", "commit 2", "commit 3"]


async def test_what_cannot_be_read_is_a_dead_letter_as_it_was() -> None:
    bad = FakeRecord(b"\xff\x00no json", key=b"k", headers=(("h", b"\xfe"),))
    log, out = await run([bad])
    assert "handle 0" not in log
    (letter,) = out
    headers = dict(letter.headers)
    assert (letter.topic, letter.value, letter.key, headers["h"]) == ("dead-letters", b"\xff\x00no json", b"k", b"\xfe")
    assert headers["__connect.errors.topic"] == b"documents"
    assert headers["__connect.errors.partition"] == b"3"
    assert headers["__connect.errors.offset"] == b"42"
    assert headers["__connect.errors.stage"] == b"decode"
    assert headers["__connect.errors.exception.class.name"] == b"EventError"
    assert b"malformed" in (headers["__connect.errors.exception.message"] or b"")


@pytest.mark.parametrize("error", [InputError("refused"), ValueError("defect")])
async def test_one_bad_event_does_not_take_its_round_with_it(error: Exception) -> None:
    async def picky(received: Sequence[Received[DocumentPart]]) -> Output:
        if any(one.event.text == "bad" for one in received):
            raise error
        return [Outgoing("out", one.event.text.encode()) for one in received]

    _, out = await run(parts("a", "b", "bad", "c", "d"), handler=picky)
    assert [one.value for one in out if one.topic == "out"] == [b"a", b"b", b"c", b"d"]
    (letter,) = [one for one in out if one.topic == "dead-letters"]
    assert dict(letter.headers)["__connect.errors.stage"] == b"handle"


async def test_a_dead_letter_that_cannot_be_written_stops_the_stage() -> None:
    with pytest.raises(MessageSizeTooLargeError):
        await run([FakeRecord(b"x")], error=MessageSizeTooLargeError())


async def test_only_records_polled_before_a_rebalance_are_left_to_their_new_owner() -> None:
    log: list[str] = []
    consumer = FakeConsumer(log, [])
    polled = iter([parts("before"), parts("after")])
    stage: Stage

    async def rebalance_between(*partition: TopicPartition, **_: Any) -> dict[TopicPartition, list[FakeRecord]]:
        if partition:
            await stage.give_up_partitions()
        await asyncio.sleep(0)
        return {consumer.partition: next(polled, [])}

    consumer.getmany = rebalance_between  # type: ignore[method-assign]
    # The share of each of two is a record; only where the first poll brings that much there may be more.
    consumer.assignment = lambda: {consumer.partition, TopicPartition("documents", 4)}  # type: ignore[method-assign]

    async def note(received: Sequence[Received[DocumentPart]]) -> Output:
        log.extend(one.event.text for one in received)
        stage.stop()
        return []

    stage = stage_of(consumer, note, round_size=2)
    await stage.run()
    assert log == ["start", "after", "publish 0", "commit 1", "stop"]


async def test_records_that_arrive_with_the_first_assignment_are_handled() -> None:
    log: list[str] = []
    consumer = FakeConsumer(log, [])
    polled = iter([parts("first")])
    stage: Stage

    async def join_then_poll(*partition: TopicPartition, **_: Any) -> dict[TopicPartition, list[FakeRecord]]:
        if partition:
            return {}
        # The group is joined while the first poll waits.
        await stage.give_up_partitions()
        return {consumer.partition: next(polled, [])}

    consumer.getmany = join_then_poll  # type: ignore[method-assign]

    async def note(received: Sequence[Received[DocumentPart]]) -> Output:
        log.extend(one.event.text for one in received)
        stage.stop()
        return []

    stage = stage_of(consumer, note)
    await stage.run()
    assert log == ["start", "first", "publish 0", "commit 1", "stop"]


async def test_partitions_are_given_up_only_when_the_work_on_them_is_committed() -> None:
    log: list[str] = []
    consumer = FakeConsumer(log, parts("a"))
    begun, release = asyncio.Event(), asyncio.Event()

    async def held(received: Sequence[Received[DocumentPart]]) -> Output:
        begun.set()
        await release.wait()
        return []

    stage = stage_of(consumer, held)
    running = asyncio.create_task(stage.run())
    await asyncio.wait_for(begun.wait(), 10)

    async def give_up() -> None:
        await consumer.listener.on_partitions_revoked({consumer.partition})
        log.append("given up")

    giving_up = asyncio.create_task(give_up())
    # Time enough to give up at once.
    for _ in range(10):
        await asyncio.sleep(0)
    release.set()
    await asyncio.wait_for(giving_up, 10)
    stage.stop()
    await asyncio.wait_for(running, 10)
    assert log == ["start", "publish 0", "commit 1", "given up", "stop"]


async def test_a_process_without_partitions_says_so(caplog: pytest.LogCaptureFixture) -> None:
    consumer = FakeConsumer([], [])
    stage = stage_of(consumer)
    stage.stop()
    await stage.run()
    await consumer.listener.on_partitions_assigned(set())
    assert "more processes in its group than partitions" in caplog.text
