"""Translations as they are made, given out by document."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from api.live.events import Place, made_event
from pipeline.backoff import Backoff, describe
from pipeline.consumers import started
from pipeline.errors import UnavailableError
from pipeline.kafka import KafkaClients
from pipeline.partitions import LOOK_EVERY, assign_all
from pipeline.publisher import partition_of
from pipeline.topics import Topics

logger = logging.getLogger(__name__)

# Translations that wait for a slow reader. One that falls further behind is let go; it comes back with the offset it has.
_WAITING = 2000
# Translations that are given out before other requests have their turn.
_AT_ONCE = 500
# Seconds for which the sink's offsets count as known: an older one is as right, and only lets more be read from the topic.
_COMMITTED_FOR = 0.4
# Seconds to wait for the broker that knows the sink's offsets.
_COORDINATOR_PATIENCE = 10.0
# Seconds after partitions were added until nothing of before is on its way: a generous guess, it only costs repetitions.
_SETTLED_AFTER = 600.0


class FellBehindError(Exception):
    """A reader is too slow for what is made."""


class Listener:
    """Gets the events of one document's translations from an offset on, in their order, none left out."""

    def __init__(self, position: Callable[[int], int], earlier: AsyncIterator[list[bytes]]) -> None:
        """`position`: how far a partition was read; `earlier`: what was made before this listener came."""
        self._position = position
        self._earlier: AsyncIterator[list[bytes]] | None = earlier
        self._waiting: list[bytes] = []
        self._arrived = asyncio.Event()
        self._fell_behind = False

    def give(self, event: bytes) -> None:
        """Take the event of a translation that was just made."""
        if len(self._waiting) >= _WAITING:
            self._fell_behind = True
            return
        self._waiting.append(event)
        self._arrived.set()

    async def take(self, seconds: float) -> list[bytes]:
        """Return the events that come next; none once all earlier ones were, and if none comes for so many seconds.

        Raises `FellBehindError`, and aiokafka's `KafkaError` while earlier ones cannot be read.
        """
        if self._earlier is not None:
            async for earlier in self._earlier:
                return earlier
            self._earlier, seconds = None, 0
        if self._fell_behind:
            raise FellBehindError
        try:
            async with asyncio.timeout(seconds):
                await self._arrived.wait()
        except TimeoutError:
            return []
        taken, self._waiting = self._waiting, []
        self._arrived.clear()
        return taken

    def has_all_before(self, place: Place) -> bool:
        """Whether everything before a place was returned by `take`, also if its document has another partition by now."""
        return self._earlier is None and not self._waiting and self._position(place.partition) >= place.offset


class Feed:
    """Reads `translations` while somebody listens, once for all listeners; without any it reads nothing."""

    def __init__(self, kafka: KafkaClients, topics: Topics) -> None:
        self._kafka = kafka
        self._topics = topics
        self._partitions: list[TopicPartition] = []
        self._moved: float | None = None
        self._listeners: defaultdict[bytes, set[Listener]] = defaultdict(set)
        self._positions: dict[TopicPartition, int] = {}
        self._readers = 0
        self._wanted = asyncio.Event()
        self._reading = asyncio.Event()
        self._reader: Any = None
        self._committed: tuple[float, asyncio.Task[dict[TopicPartition, int]]] | None = None

    async def run(self) -> None:
        """Read until cancelled."""
        backoff = Backoff(logger, "reading translations")
        while True:
            await self._wanted.wait()
            admin, self._reader = self._kafka.admin(), self._consumer()
            try:
                async with started(admin), started(self._reader):
                    await self._read(admin, self._reader, backoff)
            except KafkaError as error:
                await backoff.wait(error)

    async def _read(self, admin: Any, consumer: Any, backoff: Backoff) -> None:
        """Read on where the last reading was broken off; where nobody listened meanwhile, from the end."""
        await self._look(admin, consumer)
        looked = time.monotonic()
        self._reading.set()
        try:
            while self._wanted.is_set():
                if time.monotonic() >= looked + LOOK_EVERY:
                    await self._look(admin, consumer)
                    looked = time.monotonic()
                for partition, records in (await consumer.getmany(timeout_ms=200, max_records=_AT_ONCE)).items():
                    self._give_out(records)
                    self._positions[partition] = records[-1].offset + 1
                backoff.succeeded()
        finally:
            self._reading.clear()
        self._positions = {}

    async def _look(self, admin: Any, consumer: Any) -> None:
        """Read all partitions that there are by now."""
        self._positions = await assign_all(admin, consumer, self._topics.translations, self._positions)
        if self._partitions and len(self._partitions) != len(self._positions):
            logger.info("translations have %d partitions now", len(self._positions))
            self._moved = time.monotonic()
        self._partitions = sorted(self._positions)

    def moved_since(self, began: float) -> bool:
        """Whether translations that came after a moment may be in another partition than that of their document.

        So it is while partitions are added, until all who write know of them, and the sink has stored what was before.
        """
        return self._moved is not None and began < self._moved + _SETTLED_AFTER

    def _give_out(self, records: Sequence[Any]) -> None:
        for record in records:
            if listeners := self._listeners.get(record.key):
                event = _event(record)
                for listener in listeners:
                    listener.give(event)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """Read, as long as this lasts; `listen` and `bounds` are to be used within it.

        Raises `UnavailableError` while Kafka is away.
        """
        self._readers += 1
        self._wanted.set()
        try:
            await self._until_reading()
            yield
        finally:
            self._readers -= 1
            if not self._readers:
                self._wanted.clear()

    async def _until_reading(self) -> None:
        try:
            async with asyncio.timeout(10):
                await self._reading.wait()
        except TimeoutError:
            raise UnavailableError("Kafka", self._kafka.address, "translations cannot be read") from None

    @asynccontextmanager
    async def listen(self, document: str, start: Place) -> AsyncIterator[Listener]:
        """Listen to a document's translations from a place on. Raises `FellBehindError` if it is in a wrong partition."""
        partition = self._partition(document)
        if start.partition != partition.partition:
            raise FellBehindError
        key = document.encode()
        async with aclosing(self._earlier(partition, key, start.offset, self._positions[partition])) as earlier:
            listener = Listener(self._position, earlier)
            self._listeners[key].add(listener)
            try:
                yield listener
            finally:
                self._listeners[key].discard(listener)
                if not self._listeners[key]:
                    del self._listeners[key]

    async def bounds(self, document: str) -> tuple[Place, Place]:
        """Return the places of the oldest translation in a document's partition, and behind the newest one.

        Raises `UnavailableError`.
        """
        await self._until_reading()
        partition = self._partition(document)
        try:
            oldest = await self._reader.beginning_offsets([partition])
            newest = await self._reader.end_offsets([partition])
        except KafkaError as error:
            raise UnavailableError("Kafka", self._kafka.address, describe(error)) from None
        return Place(partition.partition, oldest[partition]), Place(partition.partition, newest[partition])

    async def stored(self, document: str) -> Place:
        """Return a place up to which the sink has stored the translations of a document's partition.

        All who ask at the same time get the same answer. Raises `UnavailableError`.
        """
        now = time.monotonic()
        if self._committed is None or self._committed[0] < now:
            reading = asyncio.create_task(self._read_committed())
            # An error belongs to those who wait, if there still are any.
            reading.add_done_callback(lambda task: task.cancelled() or task.exception())
            self._committed = now + _COMMITTED_FOR, reading
        offsets = await asyncio.shield(self._committed[1])
        partition = self._partition(document)
        return Place(partition.partition, offsets.get(partition, 0))

    async def _read_committed(self) -> dict[TopicPartition, int]:
        admin = self._kafka.admin()
        try:
            async with started(admin):
                offsets = await self._offsets_of_sink(admin)
        except KafkaError as error:
            raise UnavailableError("Kafka", self._kafka.address, describe(error)) from None
        return {partition: max(0, known.offset) for partition, known in offsets.items()}

    async def _offsets_of_sink(self, admin: Any) -> Any:
        deadline = time.monotonic() + _COORDINATOR_PATIENCE
        while True:
            try:
                return await admin.list_consumer_group_offsets(self._topics.group("sink"))
            except KafkaError as error:
                # A broker that is new, or that another one has handed its groups to, does not know them at once.
                if not error.retriable or time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.2)

    async def _earlier(
        self, partition: TopicPartition, key: bytes, start: int, end: int
    ) -> AsyncGenerator[list[bytes]]:
        """Yield the events of a document's translations between two offsets."""
        if start >= end:
            return
        consumer = self._consumer()
        async with started(consumer):
            consumer.assign([partition])
            beginning = (await consumer.beginning_offsets([partition]))[partition]
            consumer.seek(partition, max(start, beginning))
            while await consumer.position(partition) < end:
                records = (await consumer.getmany(partition, timeout_ms=500)).get(partition, [])
                yield [
                    made_event(it.value, Place(it.partition, it.offset + 1))
                    for it in records
                    if it.key == key and it.offset < end
                ]

    def _partition(self, document: str) -> TopicPartition:
        return self._partitions[partition_of(document.encode(), len(self._partitions))]

    def _position(self, partition: int) -> int:
        return self._positions.get(TopicPartition(self._topics.translations, partition), 0)

    def _consumer(self) -> Any:
        return self._kafka.consumer(fetch_max_wait_ms=200)


def _event(record: Any) -> bytes:
    return made_event(record.value, Place(record.partition, record.offset + 1))
