"""The Faust app on real Kafka: when offsets move, and when they must not."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import MessageSizeTooLargeError

from pipeline.events import DocumentPart, encode
from pipeline.kafka import KafkaClients
from pipeline.publisher import Outgoing, Publisher
from pipeline.records import Record
from pipeline.settings import StoreSettings
from pipeline.topics import Topics
from segmenter.app import SegmenterApp
from tests.integration import flow
from tests.integration.flow import read
from tests.waiting import eventually


def one_event(event: DocumentPart, record: Record) -> Iterable[Outgoing]:
    """A handler that copies the text to `parts`."""
    yield Outgoing(f"{record.topic.partition('.')[0]}.parts", event.text.encode(), b"k")


class HeldPublisher:
    """A publisher whose acknowledgements come when the test says so."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self.asked = asyncio.Event()
        self.release = asyncio.Event()

    async def publish(self, records: Iterable[Outgoing]) -> None:
        self.asked.set()
        await self.release.wait()
        await self._publisher.publish(records)


async def committed(settings: StoreSettings, topics: Topics) -> int:
    return await flow.committed(KafkaClients.of(settings), topics, "segmenter", topics.documents)


@asynccontextmanager
async def segmenter(
    settings: StoreSettings, topics: Topics, publisher: Any, handler: Callable[..., Any] = one_event
) -> AsyncIterator[asyncio.Task[None]]:
    stop = asyncio.Event()
    task = asyncio.create_task(SegmenterApp(KafkaClients.of(settings), topics, handler, publisher).run(stop))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.gather(task, return_exceptions=True)


async def submit(publisher: Publisher, topics: Topics, *texts: str) -> None:
    await publisher.publish(
        [Outgoing(topics.documents, encode(DocumentPart(text=text, id=text)), text.encode()) for text in texts]
    )


async def parts(settings: StoreSettings, topics: Topics, count: int) -> list[bytes]:
    records = await read(KafkaClients.of(settings), topics.parts, topics[topics.parts].partitions, count)
    return sorted(record.value for record in records)


async def test_offsets_move_only_after_the_acknowledgement(
    settings: StoreSettings, topics: Topics, publisher: Publisher
) -> None:
    held = HeldPublisher(publisher)
    await submit(publisher, topics, "eins")
    async with segmenter(settings, topics, held):
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
    settings: StoreSettings, topics: Topics, publisher: Publisher
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
    async with segmenter(settings, topics, held):
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
    settings: StoreSettings, topics: Topics, publisher: Publisher
) -> None:
    held = HeldPublisher(publisher)
    texts = [f"text-{number}" for number in range(12)]
    await submit(publisher, topics, *texts)
    async with segmenter(settings, topics, held):
        await asyncio.wait_for(held.asked.wait(), 20)
    assert await committed(settings, topics) == 0
    async with segmenter(settings, topics, publisher):
        found = await parts(settings, topics, len(texts))
    assert found == sorted(text.encode() for text in texts)


async def test_what_can_never_be_published_stops_the_app_and_is_not_skipped(
    settings: StoreSettings, topics: Topics, publisher: Publisher
) -> None:
    class Refusing:
        async def publish(self, records: Iterable[Outgoing]) -> None:
            raise MessageSizeTooLargeError

    await submit(publisher, topics, "zu groß")
    async with segmenter(settings, topics, Refusing()) as task:
        with pytest.raises(MessageSizeTooLargeError):
            await asyncio.wait_for(task, 20)
    assert await committed(settings, topics) == 0


async def test_a_second_segmenter_that_joins_and_leaves_loses_nothing(
    settings: StoreSettings, topics: Topics, publisher: Publisher
) -> None:
    def slow(event: DocumentPart, record: Record) -> Iterable[Outgoing]:
        time.sleep(0.02)
        return list(one_event(event, record))

    async def finished(count: int) -> bool:
        return await committed(settings, topics) >= count

    texts = [f"text-{number:03}" for number in range(300)]
    async with segmenter(settings, topics, publisher, slow):
        await submit(publisher, topics, *texts[:100])
        for batch, so_far in ((texts[100:200], 120), (texts[200:], 220)):
            async with segmenter(settings, topics, publisher, slow):
                await submit(publisher, topics, *batch)
                await eventually(partial(finished, so_far), what="some of the work")
        await eventually(partial(finished, len(texts)), within=40, what="all commits")
        found = await parts(settings, topics, len(texts))
    # Work may be repeated when partitions change hands; it may not be lost.
    assert set(found) == {text.encode() for text in texts}


async def test_a_handler_that_fails_is_a_dead_letter(
    settings: StoreSettings, topics: Topics, publisher: Publisher
) -> None:
    def failing(event: DocumentPart, record: Record) -> Iterable[Outgoing]:
        if event.text == "schlecht":
            raise RuntimeError("defect")
        return one_event(event, record)

    await submit(publisher, topics, "gut", "schlecht", "besser")
    async with segmenter(settings, topics, publisher, failing):
        assert await parts(settings, topics, 2) == [b"besser", b"gut"]
        (letter,) = await read(KafkaClients.of(settings), topics.dead_letters, 1, 1)
    headers = dict(letter.headers)
    assert headers["__connect.errors.connector.name"] == b"segmenter"
    assert headers["__connect.errors.exception.class.name"] == b"RuntimeError"
    assert TopicPartition(topics.documents, int(headers["__connect.errors.partition"]))
