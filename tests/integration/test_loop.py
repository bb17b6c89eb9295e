"""The consume loop on real Kafka, under Faust and under aiokafka: when offsets move, and when they must not."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, cast

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import NewTopic
from aiokafka.errors import MessageSizeTooLargeError

from pipeline.brake import IN_A_ROW
from pipeline.cloudevents import document_of
from pipeline.consumers import started
from pipeline.dead_letters import reasons_of
from pipeline.errors import BrakeError, UnavailableError
from pipeline.events import DocumentPart, encode
from pipeline.kafka import KafkaClients
from pipeline.publisher import Outgoing, Publisher
from pipeline.records import Record, reader
from pipeline.settings import StoreSettings
from pipeline.stage import Stage, StageOptions, run_stages
from pipeline.startup import wait_for_topics
from pipeline.step import Step
from pipeline.topics import RECORD_LIMIT, Topics
from segmenter.app import SegmenterApp
from segmenter.chunks import in_chunks
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


async def on_faust(settings: StoreSettings, topics: Topics, step: Step[DocumentPart], stop: asyncio.Event) -> None:
    """The loop as the segmenter has it."""
    await SegmenterApp(KafkaClients.of(settings), topics.group("segmenter"), step).run(stop)


async def on_aiokafka(settings: StoreSettings, topics: Topics, step: Step[DocumentPart], stop: asyncio.Event) -> None:
    """The loop as translator and sink have it, with a record a round."""
    # Who joins a group before the broker knows of its topics has no partitions until the metadata is read again.
    kafka = KafkaClients.of(settings)
    await wait_for_topics(kafka, topics, settings.start_timeout, stop)
    consumer = kafka.group_consumer(topics.group("segmenter"))
    await run_stages(stop, Stage(consumer, step, StageOptions(round_size=1)))


Runner = Callable[..., Coroutine[Any, Any, None]]


@pytest.fixture(params=[on_faust, on_aiokafka])
def runner(request: pytest.FixtureRequest) -> Runner:
    """Whatever reads records and commits them."""
    found: Runner = request.param
    return found


@asynccontextmanager
async def running(
    runner: Runner,
    settings: StoreSettings,
    topics: Topics,
    publisher: Any,
    handler: Callable[..., Any] = one_event,
    read: Callable[[Record], DocumentPart] = document_of,
) -> AsyncIterator[asyncio.Task[None]]:
    stop = asyncio.Event()
    step = Step(
        "segmenter",
        events=dict.fromkeys((topics.documents, topics.documents_bulk), read),
        handler=in_chunks(handler),
        publisher=publisher,
        dead_letters=topics.dead_letters,
    )
    task = asyncio.create_task(runner(settings, topics, step, stop))
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
        handler=in_chunks(cast("Any", one_event)),
        publisher=publisher,
        dead_letters=topics.dead_letters,
    )
    app = SegmenterApp(KafkaClients.of(settings), topics.group("segmenter"), step)
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


async def test_a_dead_letter_that_can_never_be_published_stops_the_loop_and_is_not_skipped(
    runner: Runner, settings: StoreSettings, topics: Topics, publisher: Publisher
) -> None:
    class Refusing:
        async def publish(self, records: Iterable[Outgoing]) -> None:
            raise MessageSizeTooLargeError

    await submit(publisher, topics, "zu groß")
    async with running(runner, settings, topics, Refusing()) as task:
        with pytest.raises(MessageSizeTooLargeError):
            await asyncio.wait_for(task, 20)
    assert await committed(settings, topics) == 0


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


async def test_a_handler_that_fails_is_a_dead_letter(
    runner: Runner, settings: StoreSettings, topics: Topics, publisher: Publisher
) -> None:
    def failing(event: DocumentPart, record: Record) -> Iterable[Outgoing]:
        if event.text == "schlecht":
            raise RuntimeError("defect")
        return one_event(event, record)

    await submit(publisher, topics, "gut", "schlecht", "besser")
    async with running(runner, settings, topics, publisher, failing):
        assert await parts(settings, topics, 2) == [b"besser", b"gut"]
        (letter,) = await read(KafkaClients.of(settings), topics.dead_letters, 1, 1)
    headers = dict(letter.headers)
    assert headers["__connect.errors.connector.name"] == b"segmenter"
    assert headers["__connect.errors.exception.class.name"] == b"RuntimeError"
    assert TopicPartition(topics.documents, int(headers["__connect.errors.partition"]))


async def same_key(publisher: Publisher, topics: Topics, *values: bytes) -> None:
    """Put records one behind the other on one partition."""
    await publisher.publish([Outgoing(topics.documents, value, b"k") for value in values])


def documents(*texts: str) -> list[bytes]:
    return [encode(DocumentPart(text=text, id=text)) for text in texts]


async def test_what_kafka_refuses_buries_the_record_it_came_of(
    runner: Runner, settings: StoreSettings, topics: Topics, publisher: Publisher
) -> None:
    small = f"{topics.prefix}small"
    admin = KafkaClients.of(settings).admin()
    async with started(admin):
        await admin.create_topics([NewTopic(small, 1, 1, topic_configs={"max.message.bytes": "1000"})])

    def bigger(event: DocumentPart, record: Record) -> Iterable[Outgoing]:
        if event.text == "refused":
            yield Outgoing(small, b"x" * 2000)
        elif event.text == "large":
            yield Outgoing(topics.parts, b"part", b"k")
            yield Outgoing(topics.sentences_bulk, b"x" * RECORD_LIMIT, b"k")
        else:
            yield from one_event(event, record)

    await same_key(publisher, topics, *documents("one", "refused", "large", "two"))
    async with running(runner, settings, topics, publisher, bigger):
        assert await parts(settings, topics, 2) == [b"one", b"two"]
        letters = await read(KafkaClients.of(settings), topics.dead_letters, 1, 2)

        async def moved() -> bool:
            return await committed(settings, topics) == 4

        await eventually(moved, what="the commit")
    # Two rounds are under way at once, so either may be the first.
    letters.sort(key=lambda letter: int(reasons_of(letter)["offset"]))
    why = [reasons_of(letter) for letter in letters]
    assert [(one["stage"], one["exception.class.name"]) for one in why] == [
        ("publish", "MessageSizeTooLargeError"),
        ("publish", "OutputTooLargeError"),
    ]
    assert [letter.value for letter in letters] == documents("refused", "large")


async def test_a_handler_that_fails_on_everything_stops_the_loop(
    runner: Runner, settings: StoreSettings, topics: Topics, publisher: Publisher
) -> None:
    def defect(event: DocumentPart, record: Record) -> Iterable[Outgoing]:
        raise RuntimeError("defect")

    await same_key(publisher, topics, *documents(*(f"text-{number}" for number in range(2 * IN_A_ROW))))
    async with running(runner, settings, topics, publisher, defect) as task:
        with pytest.raises(BrakeError, match=f"{IN_A_ROW} records in a row.*RuntimeError: defect"):
            await asyncio.wait_for(task, 30)
    assert await committed(settings, topics) < IN_A_ROW
    async with running(runner, settings, topics, publisher):
        # Those that are not dead letters are handled once the defect is mended.
        assert len(await parts(settings, topics, IN_A_ROW)) >= IN_A_ROW


async def test_records_that_say_what_is_wrong_with_them_never_stop_the_loop(
    runner: Runner, settings: StoreSettings, topics: Topics, publisher: Publisher
) -> None:
    await same_key(publisher, topics, *[b"{"] * (2 * IN_A_ROW), *documents("good"))
    async with running(runner, settings, topics, publisher):
        assert await parts(settings, topics, 1) == [b"good"]


async def test_while_a_server_is_away_the_loop_waits_and_can_be_stopped(
    runner: Runner, settings: StoreSettings, topics: Topics, publisher: Publisher
) -> None:
    asked = threading.Event()

    def away(event: DocumentPart, record: Record) -> Iterable[Outgoing]:
        asked.set()
        raise UnavailableError("MongoDB", "here", "test")

    await same_key(publisher, topics, *documents("one", "two"))
    async with running(runner, settings, topics, publisher, away) as task:
        await asyncio.to_thread(asked.wait, 20)
        begin = time.monotonic()
    assert task.exception() is None
    assert time.monotonic() - begin < 15, "it ended while it waited"
    assert await committed(settings, topics) == 0
    async with running(runner, settings, topics, publisher):
        assert await parts(settings, topics, 2) == [b"one", b"two"]


async def test_what_a_newer_release_wrote_is_left_to_it(
    runner: Runner, settings: StoreSettings, topics: Topics, publisher: Publisher, caplog: pytest.LogCaptureFixture
) -> None:
    newer = b'{"version":2,"text":{"what":"nobody knows yet"}}'
    await same_key(publisher, topics, *documents("one"), newer, *documents("two"))
    async with running(runner, settings, topics, publisher, read=reader(DocumentPart)) as task:
        # The round behind the one that waits may be published already; it is not committed.
        assert b"one" in await parts(settings, topics, 1)

        async def said() -> bool:
            return "upgrade this service" in caplog.text

        await eventually(said, what="what it waits for")
    assert task.exception() is None
    assert await committed(settings, topics) == 1

    def of_the_newer_release(record: Record) -> DocumentPart:
        return DocumentPart(text="new") if record.value == newer else document_of(record)

    async with running(runner, settings, topics, publisher, read=of_the_newer_release):

        async def all_came() -> bool:
            return set(await parts(settings, topics, 3)) == {b"new", b"one", b"two"}

        await eventually(all_came, what="all three, some of them perhaps twice")


async def test_a_header_without_a_value_is_no_reason_to_refuse_a_document(
    runner: Runner, settings: StoreSettings, topics: Topics, publisher: Publisher
) -> None:
    value = documents("one")[0]
    await publisher.publish([Outgoing(topics.documents, value, headers=[("traceparent", None), ("empty", None)])])
    async with running(runner, settings, topics, publisher):
        assert await parts(settings, topics, 1) == [b"one"]
