"""Sending records to Kafka and waiting until they are safe."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    InvalidTimestampError,
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    RecordTooLargeError,
    TopicAuthorizationFailedError,
)
from aiokafka.partitioner import DefaultPartitioner
from msgspec import Struct

from pipeline.backoff import Backoff, describe
from pipeline.ending import within
from pipeline.errors import InputError, SetupError, UnavailableError
from pipeline.kafka import KafkaClients
from pipeline.topics import DEAD_LETTER_LIMIT
from pipeline.tracing import Headers

logger = logging.getLogger(__name__)

_RECORDS_FAULT = (
    MessageSizeTooLargeError,
    RecordTooLargeError,
    RecordListTooLargeError,
    InvalidTimestampError,
    PolicyViolationError,
)


class Outgoing(Struct, frozen=True):
    """A record on its way to Kafka, for `partition`, or else the one that `turn` comes to, or else that of its key."""

    topic: str
    value: bytes | None
    key: bytes | None = None
    partition: int | None = None
    headers: Headers = ()
    turn: int | None = None


class Publisher:
    """Sends records and returns when the brokers have them (acks=all).

    It does not use Kafka's idempotent producer: a retry may write a record twice, and every reader of the pipeline takes
    records any number of times and in any order (docs/decisions/0002-delivery.md).
    """

    def __init__(self, kafka: KafkaClients) -> None:
        self._kafka = kafka
        self._producer: Any = None

    async def start(self) -> None:
        """Connect. Raises aiokafka's `KafkaConnectionError`."""
        producer = self._kafka.producer(
            acks="all",
            max_request_size=DEAD_LETTER_LIMIT,
            # Records of one partition that are sent together travel in one batch of up to this many bytes.
            max_batch_size=128 * 1024,
        )
        try:
            await producer.start()
        except KafkaError:
            await producer.stop()
            raise
        self._producer = producer

    async def stop(self) -> None:
        """Send what is still waiting and disconnect; while Kafka is away, disconnect after a few seconds."""
        if self._producer is not None:
            await within(3.0, self._producer.stop(), what="sending what is left to Kafka")

    async def partitions(self, topic: str) -> int:
        """Return how many partitions a topic has, with those that were added more than half a minute ago."""
        return len(await self._producer.partitions_for(topic))

    async def ping(self) -> None:
        """Raise `UnavailableError` if Kafka does not answer."""
        try:
            await self._producer.client.fetch_all_metadata()
        except KafkaError as error:
            raise UnavailableError("Kafka", self._kafka.address, str(error) or type(error).__name__) from None

    async def publish(self, records: Iterable[Outgoing]) -> None:
        """Send all records and wait for every acknowledgement.

        While Kafka is away it tries again, without end: the caller keeps its place in its own topic meanwhile.
        Raises aiokafka's `KafkaError` for a record that Kafka will never take, such as one that is too large, and
        `SetupError` if this service may not write there.
        """
        waiting = list(records)
        backoff = Backoff(logger, "writing to Kafka")
        while waiting:
            failed = await self._send(waiting)
            for record, error in failed:
                if isinstance(error, TopicAuthorizationFailedError | ClusterAuthorizationFailedError):
                    raise SetupError(f"Kafka does not let this service write to {record.topic}; allow it") from error
                if not _can_be_repeated(error):
                    raise error
            waiting = [record for record, _ in failed]
            if failed:
                await backoff.wait(failed[0][1])
        backoff.succeeded()

    async def publish_within(self, seconds: float, records: Iterable[Outgoing]) -> None:
        """As `publish`, for those who serve somebody who waits.

        Raises `UnavailableError` when Kafka has not taken all of it after so many seconds, or lets this service not write,
        and `InputError` for a record that it will never take.
        """
        try:
            async with asyncio.timeout(seconds):
                await self.publish(records)
        except TimeoutError:
            raise UnavailableError("Kafka", self._kafka.address, f"no answer for {seconds:.0f} s") from None
        except _RECORDS_FAULT as error:
            raise InputError(f"Kafka takes no record like this ({describe(error)}); send less in one part") from error
        except (KafkaError, SetupError) as error:
            raise UnavailableError("Kafka", self._kafka.address, describe(error)) from error

    async def _send(self, records: Sequence[Outgoing]) -> list[tuple[Outgoing, BaseException]]:
        """Send each record once; return those that failed.

        Records of one partition travel in batches made here: that costs a fifth of sending them one by one.
        """
        groups, failed = await self._grouped(records)
        waiting: dict[asyncio.Future[Any], list[Outgoing]] = {}
        for (topic, partition), group in groups.items():
            for batch, inside in self._batches(group):
                try:
                    waiting[await self._producer.send_batch(batch, topic, partition=partition)] = inside
                except KafkaError as error:
                    failed += ((record, error) for record in inside)
        if waiting:
            await asyncio.wait(waiting)
        for future, inside in waiting.items():
            if (problem := future.exception()) is not None:
                failed += ((record, problem) for record in inside)
        return failed

    async def _grouped(
        self, records: Sequence[Outgoing]
    ) -> tuple[dict[tuple[str, int], list[Outgoing]], list[tuple[Outgoing, BaseException]]]:
        """Return records by topic and partition, and those of topics whose partitions cannot be told."""
        groups: dict[tuple[str, int], list[Outgoing]] = defaultdict(list)
        failed: list[tuple[Outgoing, BaseException]] = []
        counts: dict[str, int] = {}
        unknown: dict[str, KafkaError] = {}
        for topic in dict.fromkeys(record.topic for record in records):
            try:
                counts[topic] = await self.partitions(topic)
            except KafkaError as error:
                unknown[topic] = error
        for record in records:
            if record.topic in unknown:
                failed.append((record, unknown[record.topic]))
            else:
                groups[record.topic, _partition(record, counts[record.topic])].append(record)
        return groups, failed

    def _batches(self, records: Sequence[Outgoing]) -> Iterator[tuple[Any, list[Outgoing]]]:
        batch = self._producer.create_batch()
        inside: list[Outgoing] = []
        for record in records:
            key, value, headers = record.key, record.value, list(record.headers)
            if batch.append(timestamp=None, key=key, value=value, headers=headers) is None:
                yield batch, inside
                batch = self._producer.create_batch()
                inside = []
                batch.append(timestamp=None, key=key, value=value, headers=headers)
            inside.append(record)
        yield batch, inside


def _partition(record: Outgoing, count: int) -> int:
    """Return the partition of a record in a topic with so many."""
    if record.partition is not None:
        return record.partition
    return partition_of(record.key, count) if record.turn is None else record.turn % count


@lru_cache(maxsize=8192)
def partition_of(key: bytes | None, count: int) -> int:
    """Return the partition that Kafka's own clients choose for a key."""
    partitions = list(range(count))
    return int(DefaultPartitioner()(key, partitions, partitions))


def blames_record(error: BaseException) -> bool:
    """Whether Kafka refuses a record for what it is, and not for how it or this service is set up."""
    return isinstance(error, _RECORDS_FAULT)


def _can_be_repeated(error: BaseException) -> bool:
    """Whether Kafka may take the record another time; a batch that timed out waited for a broker that was away."""
    return isinstance(error, KafkaTimeoutError) or bool(getattr(error, "retriable", False))
