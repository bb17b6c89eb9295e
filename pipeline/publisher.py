"""Sending records to Kafka and waiting until they are safe."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, KafkaTimeoutError

from pipeline.backoff import Backoff
from pipeline.errors import UnavailableError
from pipeline.topics import RECORD_LIMIT

logger = logging.getLogger(__name__)

Headers = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record on its way to Kafka. Without `partition` the key decides."""

    topic: str
    value: bytes | None
    key: bytes | None = None
    partition: int | None = None
    headers: Headers = field(default=())


class Publisher:
    """Sends records and returns when the brokers have them (acks=all).

    It does not use Kafka's idempotent producer: a retry may write a record twice, and every reader of the pipeline takes
    records any number of times and in any order (docs/decisions/0002-delivery.md).
    """

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._producer: Any = None

    async def start(self) -> None:
        """Connect. Raises aiokafka's `KafkaConnectionError`."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap,
            acks="all",
            max_request_size=RECORD_LIMIT,
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
        """Send what is still waiting and disconnect."""
        if self._producer is not None:
            await self._producer.stop()

    async def partitions(self, topic: str) -> int:
        """Return how many partitions a topic has."""
        return len(await self._producer.partitions_for(topic))

    async def ping(self) -> None:
        """Raise `UnavailableError` if Kafka does not answer."""
        try:
            await self._producer.client.fetch_all_metadata()
        except KafkaError as error:
            raise UnavailableError("Kafka", self._bootstrap, str(error) or type(error).__name__) from None

    async def publish(self, records: Iterable[Outgoing]) -> None:
        """Send all records and wait for every acknowledgement.

        While Kafka is away it tries again, without end: the caller keeps its place in its own topic meanwhile.
        Raises aiokafka's `KafkaError` for a record that Kafka will never take, such as one that is too large.
        """
        waiting = list(records)
        backoff = Backoff(logger, "writing to Kafka")
        while waiting:
            results = await self._send(waiting)
            failed = [(record, error) for record, error in zip(waiting, results, strict=True) if error is not None]
            for _, error in failed:
                if not _can_be_repeated(error):
                    raise error
            waiting = [record for record, _ in failed]
            if failed:
                await backoff.wait(failed[0][1])
        backoff.succeeded()

    async def _send(self, records: Sequence[Outgoing]) -> list[BaseException | None]:
        """Send each record once; return its error or None, in order."""
        pending: list[asyncio.Future[Any] | BaseException] = []
        for record in records:
            try:
                pending.append(
                    await self._producer.send(
                        record.topic,
                        record.value,
                        record.key,
                        record.partition,
                        headers=record.headers,
                    )
                )
            except KafkaError as error:
                pending.append(error)
        futures = [future for future in pending if not isinstance(future, BaseException)]
        if futures:
            await asyncio.wait(futures)
        return [entry if isinstance(entry, BaseException) else entry.exception() for entry in pending]


def _can_be_repeated(error: BaseException) -> bool:
    """Whether Kafka may take the record another time; a batch that timed out waited for a broker that was away."""
    return isinstance(error, KafkaTimeoutError) or bool(getattr(error, "retriable", False))
