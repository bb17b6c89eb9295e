"""Watches what no single process sees: documents that are under way, and how far each group is behind its topics.

The API does it, because it runs however many translators there are, none included. Several APIs give the same figures.
"""

import asyncio
import logging
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from aiokafka.errors import KafkaError

from pipeline.backoff import Backoff
from pipeline.consumers import started
from pipeline.errors import UnavailableError
from pipeline.kafka import KafkaClients
from pipeline.metrics import DOCUMENTS, LAG, UNSEARCHED
from pipeline.partitions import partitions_of
from pipeline.topics import Topics
from store.documents.reading import DocumentReader
from store.ownership import EVERYBODY

logger = logging.getLogger(__name__)

_EVERY = 5.0


class Observer:
    """Keeps the figures that concern the pipeline as a whole, for `pipeline.metrics` and for people."""

    def __init__(self, kafka: KafkaClients, topics: Topics, reader: DocumentReader) -> None:
        self._kafka = kafka
        self._topics = topics
        self._reader = reader
        self.documents: dict[str, int] = {}
        """Documents that have not come to their end, by state."""
        self.lag: dict[tuple[str, str], int] = {}
        """Records that a group has not finished, by group and topic."""
        self.watched: datetime | None = None
        """When that was so."""

    async def run(self) -> None:
        """Look every few seconds until cancelled."""
        backoff = Backoff(logger, "watching the pipeline")
        while True:
            try:
                await self._watch(backoff)
            except (KafkaError, UnavailableError, OSError) as error:
                await backoff.wait(error)

    async def _watch(self, backoff: Backoff) -> None:
        admin = self._kafka.admin()
        consumer = self._kafka.consumer()
        async with started(admin), started(consumer):
            while True:
                self.documents = await self._reader.open_documents(EVERYBODY)
                for state, count in self.documents.items():
                    DOCUMENTS.labels(state).set(count)
                UNSEARCHED.set(await self._reader.unsearched())
                for group, names in self._topics.read_by(await admin.list_topics()).items():
                    for topic, lag in (await self._lag(admin, consumer, group, names)).items():
                        self.lag[group, topic] = lag
                        LAG.labels(group, topic).set(lag)
                self.watched = datetime.now(UTC)
                backoff.succeeded()
                await asyncio.sleep(_EVERY)

    async def _lag(self, admin: Any, consumer: Any, group: str, names: list[str]) -> dict[str, int]:
        """Return how many records of each topic a group has not finished."""
        partitions = await partitions_of(admin, names)
        finished = await admin.list_consumer_group_offsets(group)
        ends = await consumer.end_offsets(partitions)
        # What retention has removed does not wait any more.
        beginnings = await consumer.beginning_offsets(partitions)
        lag: dict[str, int] = defaultdict(int)
        for partition in partitions:
            known = finished.get(partition)
            place = max(known.offset if known else 0, beginnings[partition])
            lag[partition.topic] += max(0, ends[partition] - place)
        return lag
