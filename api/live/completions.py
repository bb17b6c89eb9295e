"""Waiting for documents to come to their end."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from pipeline.backoff import Backoff
from pipeline.consumers import started
from pipeline.kafka import KafkaClients
from pipeline.partitions import LOOK_EVERY, assign_all
from pipeline.records import Record
from pipeline.topics import Topics
from store.documents.history import State
from store.documents.reading import DocumentReader
from store.ownership import EVERYBODY, Ownership

logger = logging.getLogger(__name__)

# An announcement can be missed while Kafka is away; the store is asked this often as well.
_ASK_EVERY = 1.0
_ENDS = ("done", "cancelled")


class Completions:
    """Follows `documents.completed`, and wakes up whoever waits for a document."""

    def __init__(self, kafka: KafkaClients, topics: Topics, reader: DocumentReader) -> None:
        self._kafka = kafka
        self._reader = reader
        self._topic = topics.documents_completed
        self._waiting: defaultdict[bytes, set[asyncio.Event]] = defaultdict(set)

    async def run(self) -> None:
        """Follow the topic until cancelled."""
        backoff = Backoff(logger, "reading announcements")
        while True:
            admin, consumer = self._kafka.admin(), self._kafka.consumer(fetch_max_wait_ms=1000)
            try:
                async with started(admin), started(consumer):
                    await self._follow(admin, consumer, backoff)
            except KafkaError as error:
                await backoff.wait(error)

    async def _follow(self, admin: Any, consumer: Any, backoff: Backoff) -> None:
        positions: dict[TopicPartition, int] = {}
        while True:
            positions = await assign_all(admin, consumer, self._topic, positions)
            until = time.monotonic() + LOOK_EVERY
            while time.monotonic() < until:
                announced = await consumer.getmany(timeout_ms=1000)
                self._wake(announced)
                positions |= {partition: records[-1].offset + 1 for partition, records in announced.items()}
                backoff.succeeded()

    def _wake(self, announced: Mapping[TopicPartition, Sequence[Record]]) -> None:
        for record in chain.from_iterable(announced.values()):
            for event in self._waiting.get(record.key or b"", ()):
                event.set()

    async def wait(self, document: str, seconds: float) -> State | None:
        """Wait until a document is done or cancelled, but no longer than so many seconds; return its state then.

        None if there is no such document. Raises `UnavailableError`.
        """
        deadline = time.monotonic() + seconds
        while True:
            heard = await self.heard(EVERYBODY, document, deadline - time.monotonic())
            state = await self._reader.state(EVERYBODY, document)
            if not heard or state is None or state in _ENDS:
                return state

    async def heard(self, ownership: Ownership, document: str, seconds: float) -> bool:
        """Wait until something is heard of a document's end, or that there is none of that id; False after so many seconds.

        An announcement is believed, for whoever reads the document then. It may be an old one that came again: where the
        document has not come to its end, call it once more. Raises `UnavailableError`.
        """
        deadline = time.monotonic() + seconds
        announced = asyncio.Event()
        key = document.encode()
        self._waiting[key].add(announced)
        try:
            while True:
                state = await self._reader.state(ownership, document)
                if state is None or state in _ENDS:
                    return True
                if (left := deadline - time.monotonic()) <= 0:
                    return False
                try:
                    async with asyncio.timeout(min(left, _ASK_EVERY)):
                        await announced.wait()
                except TimeoutError:
                    continue
                return True
        finally:
            self._waiting[key].discard(announced)
            if not self._waiting[key]:
                del self._waiting[key]
