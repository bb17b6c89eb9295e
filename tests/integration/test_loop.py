"""The consume loop on real Kafka, under Faust and under aiokafka: when offsets move, and when they must not."""

import asyncio
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pytest

from pipeline.cloudevents import document_of
from pipeline.events import DocumentPart, encode
from pipeline.kafka import KafkaClients
from pipeline.publisher import Outgoing, Publisher
from pipeline.records import Record
from pipeline.settings import StoreSettings
from pipeline.stage import StageOptions
from pipeline.step import Step
from pipeline.topics import Topics
from segmenter.app import SegmenterApp
from segmenter.chunks import in_chunks
from tests.integration.loops import (
    HeldPublisher,
    Parts,
    Runner,
    committed,
    one_event,
    parts,
    runner,
    running,
    submit,
)
from tests.waiting import eventually

# Fixtures.
__all__ = ["runner"]


async def test_offsets_move_only_after_the_acknowledgement(
    runner: Runner, settings: StoreSettings, topics: Topics, publisher: Publisher
) -> None:
    held = HeldPublisher(publisher)
    await submit(publisher, topics, "eins")
    async with running(runner, settings, topics, held):
        await asyncio.wait_for(held.asked.wait(), 20)
        # Faust commits every half a second: nothing may happen in three times that.
        await asyncio.sleep(1.5)
        assert await committed(settings, topics) == 0
        held.release.set()

        async def moved() -> bool:
            return await committed(settings, topics) == 1

        await eventually(moved, what="the commit")
    assert await parts(settings, topics, 1) == [b"eins"]


async def test_a_record_that_is_ready_before_an_earlier_one_moves_no_offset(
    runner: Runner, settings: StoreSettings, topics: Topics, publisher: Publisher
) -> None:
    class FirstHeld(HeldPublisher):
        async def publish(self, records: Iterable[Outgoing]) -> None:
            out = list(records)
            await (super().publish(out) if out[0].value == b"eins" else publisher.publish(out))

    held = FirstHeld(publisher)
    # One key, so one partition.
    texts = ("eins", "zwei")
    await publisher.publish(
        [Outgoing(topics.documents, encode(DocumentPart(text=text, id=text)), b"k") for text in texts]
    )
    async with running(runner, settings, topics, held):
        assert await parts(settings, topics, 1) == [b"zwei"]
        # As above.
        await asyncio.sleep(1.5)
        assert await committed(settings, topics) == 0
        held.release.set()

        async def moved() -> bool:
            return await committed(settings, topics) == 2

        await eventually(moved, what="the commit")
    assert await parts(settings, topics, 2) == [b"eins", b"zwei"]


async def test_a_stop_in_the_middle_loses_nothing(
    runner: Runner, settings: StoreSettings, topics: Topics, publisher: Publisher
) -> None:
    held = HeldPublisher(publisher)
    texts = [f"text-{number}" for number in range(12)]
    await submit(publisher, topics, *texts)
    async with running(runner, settings, topics, held):
        await asyncio.wait_for(held.asked.wait(), 20)
    assert await committed(settings, topics) == 0
    async with running(runner, settings, topics, publisher):
        found = await parts(settings, topics, len(texts))
    assert found == sorted(text.encode() for text in texts)


async def test_what_faust_fetches_while_a_rebalance_is_under_way_is_read_again(
    settings: StoreSettings, topics: Topics, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing of any partition was committed yet, as after partitions were added, and on the first day.
    stop = asyncio.Event()
    events: dict[str, Callable[[Record], DocumentPart]] = {topics.documents: document_of}
    step = Step(
        "segmenter",
        events=events,
        handler=in_chunks(Parts(one_event)),
        publisher=publisher,
        dead_letters=topics.dead_letters,
    )
    app = SegmenterApp(KafkaClients.of(settings), topics.group("segmenter"), step, StageOptions())
    consumer = app._app.consumer
    under_way: list[bool] = []
    fetch = consumer._getmany

    async def watched(**options: Any) -> Any:
        under_way.append(True)
        try:
            return await fetch(**options)
        finally:
            under_way.clear()

    monkeypatch.setattr(consumer, "_getmany", watched)
    running = asyncio.create_task(app.run(stop))
    try:

        async def fetching() -> bool:
            return bool(app._app.consumer_generation_id and consumer.flow_active and under_way)

        await eventually(fetching, within=30, what="a fetch that is under way")
        # As a rebalance does.
        consumer.stop_flow()
        await submit(publisher, topics, "eins")

        async def ended() -> bool:
            return not under_way

        await eventually(ended, what="the end of the fetch")
        await consumer.perform_seek()
        consumer.resume_flow()
        assert await parts(settings, topics, 1) == [b"eins"]
    finally:
        stop.set()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_second_segmenter_that_joins_and_leaves_loses_nothing(
    runner: Runner, settings: StoreSettings, topics: Topics, publisher: Publisher
) -> None:
    def slow(event: DocumentPart, record: Record) -> Iterable[Outgoing]:
        time.sleep(0.02)
        return list(one_event(event, record))

    async def finished(count: int) -> bool:
        return await committed(settings, topics) >= count

    texts = [f"text-{number:03}" for number in range(300)]
    async with running(runner, settings, topics, publisher, slow):
        await submit(publisher, topics, *texts[:100])
        for batch, so_far in ((texts[100:200], 120), (texts[200:], 220)):
            async with running(runner, settings, topics, publisher, slow):
                await submit(publisher, topics, *batch)
                await eventually(partial(finished, so_far), what="some of the work")
        await eventually(partial(finished, len(texts)), within=40, what="all commits")
        found = await parts(settings, topics, len(texts))
    # Work may be repeated when partitions change hands; it may not be lost.
    assert set(found) == {text.encode() for text in texts}
