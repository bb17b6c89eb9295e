"""The consume loop on real Kafka, under Faust and under aiokafka: what becomes of records that cannot be handled."""

import asyncio
import threading
from collections.abc import Iterable

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import NewTopic
from aiokafka.errors import MessageSizeTooLargeError

from pipeline.brake import IN_A_ROW
from pipeline.cloudevents import document_of
from pipeline.consumers import started
from pipeline.dead_letters import reasons_of
from pipeline.errors import BrakeError, LanguageError, UnavailableError
from pipeline.events import DocumentPart, decode
from pipeline.kafka import KafkaClients
from pipeline.publisher import Outgoing, Publisher
from pipeline.records import Record, reader
from pipeline.settings import StoreSettings
from pipeline.topics import RECORD_LIMIT, Topics
from tests.integration.flow import read
from tests.integration.loops import (
    Runner,
    committed,
    documents,
    in_rounds,
    one_event,
    parts,
    runner,
    running,
    same_key,
    submit,
)
from tests.speed import Stopwatch
from tests.waiting import eventually

# Fixtures.
__all__ = ["runner"]


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
        watch = Stopwatch()
    assert task.exception() is None
    watch.check(15, "ending while it waited")
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


async def test_many_small_records_go_together_and_a_poisonous_one_buries_itself_alone(
    settings: StoreSettings, topics: Topics, publisher: Publisher
) -> None:
    class Counting:
        calls = 0

        async def publish(self, records: Iterable[Outgoing]) -> None:
            out = list(records)
            self.calls += any(one.topic == topics.parts for one in out)
            # A slow broker: what comes meanwhile is the next round, however slowly this machine reads.
            await asyncio.sleep(0.2)
            await publisher.publish(out)

    def some_fail(event: DocumentPart, record: Record) -> Iterable[Outgoing]:
        if event.text == "text-100":
            raise RuntimeError("defect")
        if event.text == "text-200":
            raise LanguageError("xx")
        return one_event(event, record)

    texts = [f"text-{number:03}" for number in range(300)]
    counting = Counting()
    await submit(publisher, topics, *texts)

    async def moved() -> bool:
        return await committed(settings, topics) == len(texts)

    async with running(in_rounds, settings, topics, counting, some_fail):
        await eventually(moved, what="the commit")
        found = await parts(settings, topics, len(texts) - 2)
        letters = await read(KafkaClients.of(settings), topics.dead_letters, 1, 2)
    # The others of a round that was halved may have gone out twice.
    assert set(found) == {text.encode() for text in texts} - {b"text-100", b"text-200"}
    why = {decode(DocumentPart, letter.value).text: reasons_of(letter)["exception.class.name"] for letter in letters}
    assert why == {"text-100": "RuntimeError", "text-200": "LanguageError"}
    assert counting.calls < len(texts) / 4
