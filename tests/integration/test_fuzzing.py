"""Malformed records on every topic, with good documents between them."""

import asyncio
import json
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import pytest

from pipeline.dead_letters import reasons_of
from pipeline.events import DocumentPart, SegmentedPart, encode
from pipeline.revisions import revision
from pipeline.settings import StoreSettings
from pipeline.topics import RECORD_LIMIT
from store.collections import Collections
from tests.headers import Name, batch_builder
from tests.integration.flow import Flow, run_flow
from tests.integration.malformed import DOCUMENTS, KINDS, Malformed, base, headers, intrusions, malformed, written
from tests.texts import CORNER_CASES
from tests.waiting import eventually

COUNT = 4_000
"""Each kind ten times on each of its topics, so that all the values that one lists come."""
GOOD = 200
READERS_OF_THE_ROSTER = 4


def good_documents() -> dict[str, str]:
    """Return texts by id."""
    small = [text for text in CORNER_CASES.values() if len(text) < 10_000]
    numbered = [f"Guten Tag, {number}. Wie geht es?\r\n\r\n\tNoch ein Absatz." for number in range(GOOD)]
    return {f"good-{number}": (small + numbered)[number] for number in range(GOOD)}


def contradictions(number: int) -> Iterator[tuple[Malformed, Malformed | None]]:
    """Yield records that contradict the document `held-…`, which has one part, and the dead letter of each."""
    name = f"held-{number}"
    # Legal, and left out: the part that it belongs to was never there.
    other = written(base("translations", name, "Falsch.") | {"revision": "0123456789abcdef"})
    yield Malformed("a translation of another text", "translations", other, name.encode(), None), None
    for kind, change, reason in (
        ("another text under an id", {"text": "Anders."}, "already there with another text"),
        ("other languages under an id", {"target": "fr"}, "was submitted as de→en"),
        ("a part behind the last one", {"part": 1, "last": False}, "ends with part 0"),
        ("another last part", {"part": 7}, "ends with part 0"),
    ):
        event = DocumentPart(**{"id": name, "text": "Satz."} | change)
        segmented = SegmentedPart(
            document=name,
            part=event.part,
            last=event.last,
            revision=revision(event),
            text=event.text,
            spans=[0, len(event.text)],
            source=event.source,
            target=event.target,
            # The model in use when it came; only of what asks for the pair that it announces.
            pinned="identity@1" if event.target == "en" else None,
        )
        key = name.encode()
        sent = Malformed(kind, DOCUMENTS[number % 2], encode(event), key, reason)
        yield sent, Malformed(kind, "parts", encode(segmented), key, reason)


async def send(flow: Flow, records: Sequence[Malformed], *, seed: int) -> None:
    """Send records as any client would, with headers and times that no service writes; return when Kafka has them."""
    random = Random(seed)
    producer = flow.kafka.producer(acks="all", max_request_size=RECORD_LIMIT)
    await producer.start()
    try:
        waiting = []
        for record in records:
            partition = random.randrange(flow.topics[record.topic].partitions)
            # -1 says that there is no time.
            at = random.choice([None, None, -1, 0, 10**12, 2**53])
            # One that is almost as large as a record may be has no room for them.
            beside = headers(random) if len(record.value or b"") < RECORD_LIMIT // 2 else []
            topic = flow.topics.prefix + record.topic
            if any(isinstance(name, Name) for name, _ in beside):
                batch = producer.create_batch()
                batch._builder = batch_builder()
                batch.append(timestamp=at, key=record.key, value=record.value, headers=beside)
                waiting.append(await producer.send_batch(batch, topic, partition=partition))
            else:
                waiting.append(await producer.send(topic, record.value, record.key, partition, at, beside))
        await asyncio.gather(*waiting)
    finally:
        await producer.stop()


def mixed(records: list[Malformed], good: dict[str, str]) -> list[Malformed]:
    """Put good documents and what intrudes on them between malformed records, evenly."""
    sent = [
        record
        for name, text in good.items()
        for record in (
            *intrusions(name, text),
            Malformed("good", DOCUMENTS[len(text) % 2], encode(DocumentPart(id=name, text=text)), None, None),
        )
    ]
    every = len(records) // len(sent)
    found: list[Malformed] = []
    for number, record in enumerate(sent):
        found += [*records[number * every : (number + 1) * every], record]
    return found + records[len(sent) * every :]


def legal_documents(records: Sequence[Malformed]) -> dict[str, str]:
    """Return what strange but legal records make, by id."""
    read = [json.loads(one.value or b"") for one in records if one.topic in DOCUMENTS and one.reason is None]
    return {fields["id"]: fields["text"] for fields in read}


# Half a minute on two cores that have nothing else to do.
@pytest.mark.timeout(400)
async def test_malformed_records_are_dead_letters_and_good_documents_are_done(
    settings: StoreSettings, collections: Collections, caplog: pytest.LogCaptureFixture
) -> None:
    held = [f"held-{number}" for number in range(10)]
    records = malformed(COUNT, seed=1)
    good = good_documents()
    assert {record.kind for record in records} == {kind.name for kind in KINDS}
    async with run_flow(settings) as flow:
        for name in held:
            await flow.put(encode(DocumentPart(id=name, text="Satz.")))
        for name in held:
            await flow.done(name)
        pairs = [pair for number in range(len(held)) for pair in contradictions(number)]
        await send(flow, mixed(records, good), seed=2)
        await send(flow, [sent for sent, _ in pairs], seed=3)

        refused = [record for record in records if record.reason is not None and record.topic != "translators"]
        refused += [letter for _, letter in pairs if letter is not None]
        for group, topics in flow.topics.read_by().items():
            for topic in topics:
                await flow.consumed(topic, group.removeprefix(flow.topics.prefix), within=200)
        letters = await flow.records(flow.topics.dead_letters, await flow.count(flow.topics.dead_letters))
        assert differences(letters, refused) == []
        documents = good | legal_documents(records) | dict.fromkeys(held, "Satz.")
        for name, text in documents.items():
            assert await flow.text(name) == text.encode(), name
        assert wrong_reasons(flow, refused, letters) == []
        assert await collections.dead_letters.count_documents({}) == len(refused)

        bad = [record for record in records if record.reason is not None and record.topic == "translators"]
        await eventually(lambda: ignored(caplog, len(bad)), what="warnings of the readers of the roster")
    said = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    # That is said where others want the processor all the time.
    assert [line for line in said if "keepalive is not responding" not in line] == []


def _timeless(value: bytes | None) -> bytes | None:
    """Return a record of the segmenter without the time at which its part came, which only Kafka knows."""
    return value and re.sub(rb',"created":\d{13}(?=[,}])', b"", value)


def differences(letters: Sequence[Any], refused: Sequence[Malformed]) -> list[tuple[bytes, bytes]]:
    """Return how the records begin that are dead letters and should not be, or the other way round."""
    found = Counter((one.key, _timeless(one.value)) for one in letters)
    expected = Counter((one.key, one.value) for one in refused)
    return [((key or b"")[:60], (value or b"")[:300]) for key, value in ((found - expected) + (expected - found))]


def wrong_reasons(flow: Flow, refused: Sequence[Malformed], letters: Sequence[Any]) -> list[tuple[str, str]]:
    """Return kind and reason of those that were refused for another reason than theirs."""
    expected: dict[tuple[str, Any, Any], Malformed] = {
        (flow.topics.prefix + record.topic, record.key, record.value): record for record in refused
    }
    wrong = []
    for letter in letters:
        why = reasons_of(letter)
        record = expected[why["topic"], letter.key, _timeless(letter.value)]
        if (record.reason or "") not in why["exception.message"] or not why["exception.class.name"].endswith("Error"):
            wrong.append((record.kind, why["exception.message"]))
    return wrong


async def ignored(caplog: pytest.LogCaptureFixture, count: int) -> bool:
    """Whether each reader of the roster said of so many records that it ignores them."""
    found = sum("ignoring a record of the roster" in record.getMessage() for record in caplog.records)
    assert found <= count * READERS_OF_THE_ROSTER
    return found == count * READERS_OF_THE_ROSTER


async def test_a_record_that_is_larger_than_its_dead_letter_may_be_is_cut(settings: StoreSettings) -> None:
    async with run_flow(settings) as flow:
        producer = flow.kafka.producer(compression_type="gzip", max_request_size=3 * RECORD_LIMIT)
        await producer.start()
        try:
            for topic in (flow.topics.documents, flow.topics.parts):
                await producer.send_and_wait(topic, b"x" * (2 * RECORD_LIMIT), b"large")
        finally:
            await producer.stop()
        await flow.put(written({"id": "after", "text": "Danach."}))
        assert await flow.text("after") == b"Danach."
        for letter in await flow.dead_letters(2):
            assert letter.value == b"x" * 1024 * 1024
            assert f"the record has {2 * RECORD_LIMIT + 5} bytes" in reasons_of(letter)["cut"]
            assert "bytes when it is unpacked" in reasons_of(letter)["exception.message"]


async def test_sentences_that_no_model_takes_keep_their_source(settings: StoreSettings) -> None:
    common = {"document": "d", "part": 0, "revision": "0" * 16, "text": "Salut."}
    strange = [
        common | {"index": 0, "source": "fr", "target": "de"},
        common | {"index": 1, "source": "xx", "target": "yy"},
        common | {"index": 2, "source": "de", "target": "en", "model": "nobody's"},
    ]
    soon = settings.model_copy(update={"model_kept": 1.0})
    async with run_flow(soon, engine="ctranslate2") as flow:
        for number, fields in enumerate(strange):
            topics = (flow.topics.sentences_interactive, flow.topics.sentences_bulk)
            await flow.put(written(fields), topic=topics[number % 2])
        letters = await flow.dead_letters(2)
        assert sorted(letter.value for letter in letters) == sorted(map(written, strange[:2]))
        assert {reasons_of(letter)["stage"] for letter in letters} == {"translate"}
        made = [json.loads(record.value) for record in await flow.records(flow.topics.translations, len(strange))]
        assert {(one["index"], one["text"]) for one in made if one.get("failed")} == {(0, "Salut."), (1, "Salut.")}
        # Another model of its pair took the last one, and says so.
        assert [(one["index"], one["flags"]) for one in made if not one.get("failed")] == [(2, ["model"])]
