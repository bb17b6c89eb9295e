"""Translations as they are made, given out by document."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from pipeline.backoff import Backoff, describe
from pipeline.errors import UnavailableError
from pipeline.publisher import partition_of
from pipeline.topics import Topics

logger = logging.getLogger(__name__)

# Translations that wait for a slow reader. One that falls further behind is let go; it comes back with the offset it has.
_WAITING = 2000


class Made(NamedTuple):
    """A translation as it stands on its topic; all of a document are in one partition."""

    offset: int
    value: bytes


class FellBehindError(Exception):
    """A reader is too slow for what is made."""


class Listener:
    """Gets the translations of one document from an offset on, in their order, none left out."""

    def __init__(self, position: Callable[[], int], earlier: AsyncIterator[Made]) -> None:
        """`position`: how far the partition was read; `earlier`: what was made before this listener came."""
        self.queue: asyncio.Queue[Made] = asyncio.Queue(_WAITING)
        self.fell_behind = False
        self._position = position
        self._earlier: AsyncIterator[Made] | None = earlier

    async def next(self, seconds: float) -> Made | None:
        """Return the next translation; None if none comes for so many seconds.

        Raises `FellBehindError`, and aiokafka's `KafkaError` while earlier ones cannot be read.
        """
        if self._earlier is not None:
            async for made in self._earlier:
                return made
            self._earlier = None
        if self.fell_behind:
            raise FellBehindError
        try:
            async with asyncio.timeout(seconds):
                return await self.queue.get()
        except TimeoutError:
            return None

    def has_all_before(self, offset: int) -> bool:
        """Whether everything before `offset` was returned by `next`."""
        return self._earlier is None and self.queue.empty() and self._position() >= offset


class Feed:
    """Reads `translations` while somebody listens, once for all listeners; without any it reads nothing."""

    def __init__(self, bootstrap: str, topics: Topics) -> None:
        self._bootstrap = bootstrap
        self._topics = topics
        count = topics[topics.translations].partitions
        self._partitions = [TopicPartition(topics.translations, number) for number in range(count)]
        self._listeners: defaultdict[bytes, set[Listener]] = defaultdict(set)
        self._positions: dict[TopicPartition, int] = {}
        self._readers = 0
        self._wanted = asyncio.Event()
        self._reading = asyncio.Event()

    async def run(self) -> None:
        """Read until cancelled."""
        backoff = Backoff(logger, "reading translations")
        while True:
            await self._wanted.wait()
            consumer = self._consumer()
            try:
                await consumer.start()
                await self._read(consumer, backoff)
            except KafkaError as error:
                await backoff.wait(error)
            finally:
                await consumer.stop()

    async def _read(self, consumer: Any, backoff: Backoff) -> None:
        """Read on where the last reading was broken off; where nobody listened meanwhile, from the end."""
        consumer.assign(self._partitions)
        if not self._positions:
            self._positions = dict(await consumer.end_offsets(self._partitions))
        for partition, offset in self._positions.items():
            consumer.seek(partition, offset)
        self._reading.set()
        while self._wanted.is_set():
            for partition, records in (await consumer.getmany(timeout_ms=200)).items():
                for record in records:
                    for listener in self._listeners.get(record.key, ()):
                        _give(listener, Made(record.offset, record.value))
                self._positions[partition] = records[-1].offset + 1
            backoff.succeeded()
        self._reading.clear()
        self._positions = {}

    @asynccontextmanager
    async def listen(self, document: str, offset: int) -> AsyncIterator[Listener]:
        """Listen to a document's translations from an offset on.

        Raises `UnavailableError` while Kafka is away.
        """
        partition = self._partition(document)
        key = document.encode()
        self._readers += 1
        self._wanted.set()
        try:
            await self._until_reading()
            async with aclosing(self._earlier(partition, key, offset, self._positions[partition])) as earlier:
                listener = Listener(lambda: self._positions.get(partition, 0), earlier)
                self._listeners[key].add(listener)
                try:
                    yield listener
                finally:
                    self._listeners[key].discard(listener)
                    if not self._listeners[key]:
                        del self._listeners[key]
        finally:
            self._readers -= 1
            if not self._readers:
                self._wanted.clear()

    async def _until_reading(self) -> None:
        try:
            async with asyncio.timeout(10):
                await self._reading.wait()
        except TimeoutError:
            raise UnavailableError("Kafka", self._bootstrap, "translations cannot be read") from None

    async def stored(self, document: str) -> int:
        """Return the offset up to which the sink has stored the translations of a document's partition.

        Raises `UnavailableError`.
        """
        admin: Any = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap)
        try:
            await admin.start()
            offsets = await admin.list_consumer_group_offsets(self._topics.group("sink"))
        except KafkaError as error:
            raise UnavailableError("Kafka", self._bootstrap, describe(error)) from None
        finally:
            await admin.close()
        known = offsets.get(self._partition(document))
        return max(0, known.offset) if known else 0

    async def bounds(self, document: str) -> tuple[int, int]:
        """Return the offsets of the oldest translation in a document's partition, and behind the newest one.

        Raises `UnavailableError`.
        """
        partition = self._partition(document)
        consumer = self._consumer()
        try:
            await consumer.start()
            oldest = (await consumer.beginning_offsets([partition]))[partition]
            return oldest, (await consumer.end_offsets([partition]))[partition]
        except KafkaError as error:
            raise UnavailableError("Kafka", self._bootstrap, describe(error)) from None
        finally:
            await consumer.stop()

    async def _earlier(self, partition: TopicPartition, key: bytes, start: int, end: int) -> AsyncGenerator[Made]:
        """Yield a document's translations between two offsets."""
        if start >= end:
            return
        consumer = self._consumer()
        try:
            await consumer.start()
            consumer.assign([partition])
            beginning = (await consumer.beginning_offsets([partition]))[partition]
            consumer.seek(partition, max(start, beginning))
            while await consumer.position(partition) < end:
                for record in (await consumer.getmany(partition, timeout_ms=500)).get(partition, []):
                    if record.key == key and record.offset < end:
                        yield Made(record.offset, record.value)
        finally:
            await consumer.stop()

    def _partition(self, document: str) -> TopicPartition:
        return self._partitions[partition_of(document.encode(), len(self._partitions))]

    def _consumer(self) -> Any:
        return AIOKafkaConsumer(bootstrap_servers=self._bootstrap, fetch_max_wait_ms=200)


def _give(listener: Listener, made: Made) -> None:
    try:
        listener.queue.put_nowait(made)
    except asyncio.QueueFull:
        listener.fell_behind = True
