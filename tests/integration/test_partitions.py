"""Partitions that are added while documents flow."""

import asyncio

import pytest
from aiokafka.admin import NewPartitions
from aiokafka.errors import UnknownTopicOrPartitionError

import pipeline.kafka
import segmenter.broker
from api.observer import Observer
from pipeline.consumers import started
from pipeline.kafka import KafkaClients
from pipeline.partitions import partitions_of
from pipeline.publisher import Outgoing, Publisher
from pipeline.settings import StoreSettings
from pipeline.topics import Topics
from store.collections import Collections
from store.documents.reading import DocumentReader
from tests.integration.flow import run_flow
from tests.integration.test_api import TEXT
from tests.integration.test_live import BOOK, Event, events, translations
from tests.waiting import eventually

AGE = 500


async def add(kafka: KafkaClients, topics: Topics, *names: str) -> None:
    """Double the partitions of topics."""
    admin = kafka.admin()
    async with started(admin):
        await admin.create_partitions({name: NewPartitions(2 * topics[name].partitions) for name in names})

        async def there() -> bool:
            try:
                found = await partitions_of(admin, names)
            except UnknownTopicOrPartitionError:  # made a moment ago, and not known to the broker yet
                return False
            return len(found) == sum(2 * topics[name].partitions for name in names)

        await eventually(there, what="the new partitions")


async def test_documents_and_their_events_go_on(settings: StoreSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    # Half a minute would be long for a test.
    monkeypatch.setattr(pipeline.kafka, "METADATA_MAX_AGE", AGE)
    monkeypatch.setattr(segmenter.broker, "METADATA_MAX_AGE", AGE)
    monkeypatch.setenv("SATZSTROM_IDENTITY_BATCH_SECONDS", "0.3")
    async with run_flow(settings) as flow:
        topics = flow.topics
        found: dict[str, list[Event]] = {}

        async def read(name: str) -> None:
            found[name] = []
            last_id = None
            while last_id != "end":
                async for event in events(flow, name, last_id):
                    found[name].append(event)
                    last_id = event.id or last_id

        async def send(name: str) -> "asyncio.Task[None]":
            text = BOOK.replace("Satz", f"Satz {name}")
            answer = await flow.http.post(f"/v1/documents?id={name}", content=text, headers=TEXT)
            assert answer.status_code == 202, answer.text
            return asyncio.create_task(read(name))

        async def translated() -> bool:
            return sum(event.kind == "sentence" for event in found.get("before0", [])) > 10

        before = [await send(f"before{number}") for number in range(3)]
        await eventually(translated, what="the first sentences")
        await add(
            flow.kafka, topics, topics.documents, topics.parts, topics.sentences_interactive, topics.sentences_bulk,
            topics.translations, topics.documents_completed,
        )  # fmt: skip
        after = [await send(f"after{number}") for number in range(6)]
        for reading in (*before, *after):
            await asyncio.wait_for(reading, 120)
        for name, its in found.items():
            expected = [text.replace("Satz", f"Satz {name}") for text in BOOK.split("\n\n")]
            assert translations(its) == {f"0.{index}": text for index, text in enumerate(expected)}, name
            assert its[-1].data["state"] == "done"
        made = {event.id.partition("-")[0] for its in found.values() for event in its if event.id and "-" in event.id}
        old = topics[topics.translations].partitions
        assert any(int(partition) >= old for partition in made), "some went through partitions that were added"


async def test_waiting_records_of_added_partitions_count(
    settings: StoreSettings, topics: Topics, publisher: Publisher, collections: Collections
) -> None:
    kafka = KafkaClients.of(settings)
    await add(kafka, topics, topics.translations)
    await publisher.publish(
        [Outgoing(topics.translations, b"{}", partition=2 * topics[topics.translations].partitions - 1)]
    )
    observer = Observer(kafka, topics, DocumentReader(collections))
    watching = asyncio.create_task(observer.run())

    async def counted() -> bool:
        return observer.lag.get((topics.group("sink"), topics.translations)) == 1

    await eventually(counted, what="the record")
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_an_id_of_an_earlier_release_is_taken(settings: StoreSettings) -> None:
    async with run_flow(settings) as flow:
        await flow.http.post("/v1/documents?id=note", content="Eins. Zwei.", headers=TEXT)
        await flow.done("note")
        for last_id in ("7", "99-3", "0-999999"):
            found = [event async for event in events(flow, "note", last_id)]
            assert found[-1].data["state"] == "done"
            if last_id != "0-999999":
                assert translations(found) == {"0.0": "Eins.", "0.1": "Zwei."}
