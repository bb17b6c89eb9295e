"""What becomes of records between a topic and the next one: halving, dead letters, the brake, waiting."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from aiokafka.errors import MessageSizeTooLargeError, UnsupportedVersionError

from pipeline.brake import IN_A_ROW, RECENT, Brake
from pipeline.cloudevents import document_of
from pipeline.consumers import OVERSIZED
from pipeline.dead_letters import reasons_of
from pipeline.errors import (
    AbandonedError,
    BrakeError,
    ConflictError,
    EngineError,
    EventError,
    InputError,
    NewerVersionError,
    UnavailableError,
)
from pipeline.events import DocumentPart, decode_document, encode
from pipeline.publisher import Outgoing
from pipeline.records import Received, Record, public_reader, reader
from pipeline.step import Handler, Output, Refused, Step, at_once
from pipeline.topics import RECORD_LIMIT
from tests.unit.records import FakeRecord


class Kafka:
    """Takes records, except those whose value it is told to refuse."""

    def __init__(self, refuses: dict[bytes, Exception] | None = None) -> None:
        self.refuses = refuses or {}
        self.records: list[Outgoing] = []

    async def publish(self, records: Sequence[Outgoing]) -> None:
        for record in records:
            if error := self.refuses.get(record.value or b""):
                raise error
            self.records.append(record)

    def values(self, topic: str) -> list[bytes | None]:
        return [record.value for record in self.records if record.topic == topic]

    def reasons(self) -> list[dict[str, str]]:
        letters = [one for one in self.records if one.topic == "dead-letters"]
        return [reasons_of(FakeRecord(one.value, headers=tuple(one.headers))) for one in letters]


def records(*texts: str, partition: int = 3) -> list[FakeRecord]:
    return [
        FakeRecord(encode(DocumentPart(text=text)), offset=number, partition=partition)
        for number, text in enumerate(texts)
    ]


def step(kafka: Kafka, handler: Handler[DocumentPart]) -> Step[DocumentPart]:
    publisher: Any = kafka
    return Step(
        "test",
        events={"documents": reader(DocumentPart)},
        handler=handler,
        publisher=publisher,
        dead_letters="dead-letters",
    )


def always() -> bool:
    return True


async def echo(received: Sequence[Received[DocumentPart]]) -> Output:
    return [Outgoing("out", one.event.text.encode()) for one in received]


async def test_what_a_handler_refuses_costs_one_call() -> None:
    calls = []

    async def refuse_odd(received: Sequence[Received[DocumentPart]]) -> Output:
        calls.append(len(received))
        return [
            Refused(one.record, ConflictError("odd")) if int(one.event.text) % 2 else Outgoing("out", b"x")
            for one in received
        ]

    kafka = Kafka()
    await step(kafka, at_once(refuse_odd))(records(*map(str, range(1000))), always)
    assert calls == [1000]
    assert (len(kafka.values("out")), len(kafka.values("dead-letters"))) == (500, 500)
    assert {why["exception.message"] for why in kafka.reasons()} == {"odd"}


@pytest.mark.parametrize("error", [MessageSizeTooLargeError(), UnsupportedVersionError()])
async def test_an_output_that_kafka_refuses_buries_its_record_and_no_other(error: Exception) -> None:
    kafka = Kafka({b"bad": error})
    await step(kafka, at_once(echo))(records("a", "bad", "c", "d", "e"), always)
    assert set(kafka.values("out")) == {b"a", b"c", b"d", b"e"}
    assert [(why["stage"], why["offset"]) for why in kafka.reasons()] == [("publish", "1")]


async def test_a_record_with_an_output_that_is_too_large_sends_nothing_of_that_chunk() -> None:
    async def part_and_sentence(received: Sequence[Received[DocumentPart]]) -> Output:
        return [Outgoing("out", b"part"), Outgoing("out", b"x" * (RECORD_LIMIT + 1))]

    kafka = Kafka()
    await step(kafka, at_once(part_and_sentence))(records("a"), always)
    assert kafka.values("out") == []
    (why,) = kafka.reasons()
    assert (why["stage"], why["exception.class.name"]) == ("publish", "OutputTooLargeError")


async def test_a_record_that_unpacks_to_more_than_a_record_may_be_is_not_decoded() -> None:
    decoded: list[Record] = []

    def note(record: Record) -> DocumentPart:
        decoded.append(record)
        return DocumentPart(text="")

    kafka = Kafka()
    publisher: Any = kafka
    limited: Step[DocumentPart] = Step(
        "test",
        events={"documents": note},
        handler=at_once(echo),
        publisher=publisher,
        dead_letters="dead-letters",
    )
    await limited([FakeRecord(b'{"text":"' + b"a" * RECORD_LIMIT + b'"}')], always)
    assert decoded == []
    (why,) = kafka.reasons()
    assert why["exception.class.name"] == "RecordTooLargeError"
    assert "cut" in why
    (letter,) = kafka.records
    assert len(letter.value or b"") == 1024 * 1024


async def test_a_batch_that_was_not_unpacked_is_one_dead_letter_that_can_be_read() -> None:
    kafka = Kafka()
    await step(kafka, at_once(echo))([FakeRecord(b"packed", headers=((OVERSIZED, b"3 records in 6 bytes"),))], always)
    (letter,) = kafka.records
    (why,) = kafka.reasons()
    assert letter.value == b"packed"
    assert "3 records in 6 bytes" in why["exception.message"]
    assert OVERSIZED not in dict(letter.headers)


async def test_chunks_are_published_one_after_the_other() -> None:
    kafka = Kafka()
    seen: list[int] = []

    async def chunks(received: Sequence[Received[DocumentPart]]) -> AsyncIterator[Output]:
        for number in range(3):
            seen.append(len(kafka.records))
            yield [Outgoing("out", bytes([number]))]

    await step(kafka, chunks)(records("a"), always)
    assert seen == [0, 1, 2]


@pytest.mark.parametrize("error", [EngineError("m", "broken"), BrakeError("test", "all", ValueError())])
async def test_what_is_nobody_s_fault_buries_nothing(error: Exception) -> None:
    async def fail(received: Sequence[Received[DocumentPart]]) -> Output:
        raise error

    kafka = Kafka()
    with pytest.raises(type(error)):
        await step(kafka, at_once(fail))(records("a", "b"), always)
    assert kafka.records == []


async def test_while_a_server_is_away_the_same_records_are_tried_again() -> None:
    calls = []

    async def away(received: Sequence[Received[DocumentPart]]) -> Output:
        calls.append(len(received))
        if len(calls) < 4:
            raise UnavailableError("MongoDB", "here", "test")
        return await echo(received)

    kafka = Kafka()
    await step(kafka, at_once(away))(records("a", "b"), always)
    assert calls == [2, 2, 2, 2]
    assert kafka.values("out") == [b"a", b"b"]
    assert kafka.values("dead-letters") == []


async def test_records_that_are_given_up_are_not_waited_for() -> None:
    wanted = True

    async def away(received: Sequence[Received[DocumentPart]]) -> Output:
        nonlocal wanted
        wanted = False
        raise UnavailableError("MongoDB", "here", "test")

    kafka = Kafka()
    with pytest.raises(AbandonedError, match="MongoDB"):
        await step(kafka, at_once(away))(records("a"), lambda: wanted)
    assert kafka.records == []


@pytest.mark.parametrize("value", [b'{"version":2,"text":"x"}', b'{"version":2}', b'{"version":7,"text":{"a":[1]}}'])
async def test_a_newer_version_waits_whatever_else_is_in_the_record(value: bytes) -> None:
    kafka = Kafka()
    waiting = asyncio.create_task(step(kafka, at_once(echo))([*records("a"), FakeRecord(value)], always))
    await asyncio.wait([waiting], timeout=0.3)
    assert not waiting.done()
    waiting.cancel()
    assert kafka.records == []
    with pytest.raises(NewerVersionError, match="upgrade this service"):
        reader(DocumentPart)(FakeRecord(value))


@pytest.mark.parametrize("value", [b'{"version":2,"text":"x"}', b'{"version":2,"text":7}'])
def test_on_topics_that_anybody_writes_nobody_can_make_a_service_wait(value: bytes) -> None:
    for read in (document_of, public_reader(DocumentPart)):
        with pytest.raises(EventError, match="newer than this release") as caught:
            read(FakeRecord(value))
        assert not isinstance(caught.value, NewerVersionError)


def test_fields_of_a_later_release_never_become_metadata() -> None:
    part = decode_document(b'{"text":"x","satzstrom_tone":"formal","tone":"mine"}')
    assert part.metadata == {"tone": "mine"}


async def test_a_handler_that_fails_on_everything_pulls_the_brake() -> None:
    async def defect(received: Sequence[Received[DocumentPart]]) -> Output:
        raise RuntimeError("defect")

    kafka = Kafka()
    failing = step(kafka, at_once(defect))
    for number in range(IN_A_ROW - 1):
        await failing(records(str(number)), always)
    with pytest.raises(BrakeError, match="RuntimeError: defect"):
        await failing(records("last"), always)
    assert len(kafka.values("dead-letters")) == IN_A_ROW - 1


async def test_records_that_say_what_is_wrong_with_them_do_not() -> None:
    async def refuse(received: Sequence[Received[DocumentPart]]) -> Output:
        raise InputError("no")

    kafka = Kafka()
    refusing = step(kafka, at_once(refuse))
    await refusing([FakeRecord(b"{")] * 2 * RECENT, always)
    await refusing(records(*["x"] * 2 * IN_A_ROW), always)
    assert len(kafka.values("dead-letters")) == 2 * RECENT + 2 * IN_A_ROW


def test_the_brake_looks_at_a_share_of_each_partition() -> None:
    brake = Brake("test")
    error = RuntimeError("defect")
    for number in range(RECENT - 1):
        if number % 3:
            brake.failed("documents", 0, error)
        else:
            brake.went_well("documents", 0)
        brake.went_well("documents", 1)
    with pytest.raises(BrakeError, match=f"of the last {RECENT} records of documents-0"):
        brake.failed("documents", 0, error)


def test_what_went_wrong_long_ago_does_not_count() -> None:
    brake = Brake("test")
    for number in range(3 * RECENT):
        # Less than a row at a time, and less than half of the records.
        if number % 100 < 40:
            brake.failed("documents", 0, RuntimeError("defect"))
        else:
            brake.went_well("documents", 0)
