"""The services of a pipeline inside the test's own process."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from aiokafka import TopicPartition
from aiokafka.errors import GroupCoordinatorNotAvailableError

import api.__main__ as api_main
import segmenter.__main__ as segmenter_main
import sink.__main__ as sink_main
import translator.__main__ as translator_main
from embedded.ports import free_port
from pipeline.kafka import KafkaClients
from pipeline.publisher import Outgoing, Publisher
from pipeline.settings import StoreSettings
from pipeline.topics import Topics
from tests.conftest import MODELS
from tests.waiting import eventually


@dataclass
class Flow:
    """A running pipeline."""

    http: httpx.AsyncClient
    topics: Topics
    publisher: Publisher
    kafka: KafkaClients

    async def put(self, value: bytes, *, topic: str | None = None, key: bytes | None = None) -> None:
        """Put a record on a topic, as any Kafka client would."""
        await self.publisher.publish([Outgoing(topic or self.topics.documents, value, key)])

    async def done(self, document: str, *, within: float = 30) -> dict[str, Any]:
        """Wait until a document is done, and return its status."""

        async def check() -> dict[str, Any] | None:
            answer = await self.http.get(f"/v1/documents/{document}")
            status: dict[str, Any] = answer.json()
            return status if status.get("state") == "done" else None

        return await eventually(check, within=within, what=f"{document} done")

    async def text(self, document: str) -> bytes:
        """Return a finished translation."""
        await self.done(document)
        answer = await self.http.get(f"/v1/documents/{document}/text")
        assert answer.status_code == 200, answer.text
        return answer.content

    async def dead_letters(self, count: int) -> list[Any]:
        """Wait for so many dead letters, and return them."""
        return await self.records(self.topics.dead_letters, count)

    async def count(self, topic: str) -> int:
        """Return how many records a topic has."""
        consumer = self.kafka.consumer()
        await consumer.start()
        try:
            partitions = [TopicPartition(topic, number) for number in range(self.topics[topic].partitions)]
            return sum((await consumer.end_offsets(partitions)).values())
        finally:
            await consumer.stop()

    async def consumed(self, topic: str, group: str, *, within: float = 20) -> None:
        """Wait until a group has finished everything that a topic holds."""

        async def check() -> bool:
            return await committed(self.kafka, self.topics, group, topic) >= await self.count(topic)

        await eventually(check, within=within, what=f"the end of {topic} for the {group}")

    async def records(self, topic: str, count: int) -> list[Any]:
        """Wait for so many records on a topic, and return all there are."""
        return await read(self.kafka, topic, self.topics[topic].partitions, count)


async def committed(kafka: KafkaClients, topics: Topics, group: str, topic: str) -> int:
    """Return how many records of a topic a group has finished, as Kafka knows it."""
    admin = kafka.admin()
    await admin.start()
    try:
        try:
            offsets = await admin.list_consumer_group_offsets(topics.group(group))
        except GroupCoordinatorNotAvailableError:
            # Kafka makes the topic of the offsets with the first group of all.
            return 0
        return sum(
            entry.offset for partition, entry in offsets.items() if partition.topic == topic and entry.offset > 0
        )
    finally:
        await admin.close()


async def read(kafka: KafkaClients, topic: str, partition_count: int, count: int) -> list[Any]:
    """Read a topic from its beginning until `count` records have come."""
    consumer = kafka.consumer(auto_offset_reset="earliest")
    await consumer.start()
    try:
        partitions = [TopicPartition(topic, number) for number in range(partition_count)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        found: list[Any] = []

        async def check() -> bool:
            for batch in (await consumer.getmany(timeout_ms=100)).values():
                found.extend(batch)
            return len(found) >= count

        await eventually(check, within=20, what=f"{count} records on {topic}")
        return found
    finally:
        await consumer.stop()


def services(
    settings: StoreSettings, names: Sequence[str], port: int, stop: asyncio.Event, engine: str, api: Mapping[str, Any]
) -> list[Any]:
    """Return the coroutines of the named services."""
    common = settings.model_dump()
    made: dict[str, Any] = {
        "segmenter": lambda: segmenter_main.run(segmenter_main.SegmenterSettings(**common, models=MODELS), stop),
        "translator": lambda: translator_main.run(
            translator_main.TranslatorSettings(**common, models=MODELS, engine=engine, threads=1),
            stop,
        ),
        "sink": lambda: sink_main.run(settings, stop),
        "api": lambda: api_main.run(
            api_main.ApiSettings.model_validate(common | {"host": "127.0.0.1", "port": port} | dict(api)), stop
        ),
    }
    return [made[name]() for name in names]


@asynccontextmanager
async def run_flow(
    settings: StoreSettings,
    names: Sequence[str] = ("segmenter", "translator", "sink", "api"),
    *,
    engine: str = "identity",
    keys: Path | None = None,
    api: Mapping[str, Any] | None = None,
) -> AsyncIterator[Flow]:
    """Run services until the block ends; a service that ends before is an error of the test.

    `api`: settings of the API besides those that all services share.
    """
    stop = asyncio.Event()
    options = {"api_keys_file": keys} | dict(api or {})
    # Another place for each run, so that two of them on one machine do not meet.
    port = free_port(20_000 + os.getpid() % 10_000, set())
    running = [asyncio.create_task(service) for service in services(settings, names, port, stop, engine, options)]
    kafka = KafkaClients.of(settings)
    publisher = Publisher(kafka)
    await publisher.start()
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=100) as http:
            if "api" in names:
                await eventually(lambda: _ready(http, running, "translator" in names), within=30, what="readiness")
            yield Flow(http, Topics(settings.topic_prefix), publisher, kafka)
    finally:
        await publisher.stop()
        stop.set()
        await asyncio.gather(*running)


async def _ready(http: httpx.AsyncClient, running: Sequence["asyncio.Task[None]"], with_translator: bool) -> bool:
    for task in running:
        if task.done():
            task.result()
    try:
        answer = await http.get("/readyz" if with_translator else "/livez")
    except httpx.TransportError:
        return False
    return answer.status_code == 200 and (not with_translator or answer.json()["translators"] > 0)
