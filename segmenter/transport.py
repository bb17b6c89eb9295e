"""Faust's Kafka transport, with five things put right.

1. Faust asks the broker to hold a fetch for 1.5 s. aiokafka has one fetch under way at a time, so a record of a partition
   that the fetch does not name waits that long. Here it is 300 ms.
2. Faust counts a record as done when its agent is cancelled, fails, or skips it during a rebalance, and commits past
   it: the record is lost. Here only `Consumer.finish` counts.
3. Records are read whatever the names of their headers are (`pipeline.consumers`).
4. Faust's thread that fetches keeps the process alive until the group is left, and that takes as long as Kafka is away. Here
   the process ends without it.
5. What a fetch brings while a rebalance is under way Faust throws away, and goes back to what was committed; but it stays
   where it is in a partition of which nothing was committed yet, one that was added or of the first day: the record is
   lost. Here it goes back to the beginning of such a partition.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from faust.transport.drivers import aiokafka as driver
from faust.types import TP, Message
from mode.threads import WorkerThread

from pipeline.consumers import read_any_header_name

_FETCH_WAIT_MS = 300


class _Worker(WorkerThread):
    """A thread that does not keep its process alive."""

    def __init__(self, service: Any, **options: Any) -> None:
        super().__init__(service, **options)
        self.daemon = True


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread that fetches."""

    Worker: type[WorkerThread] = _Worker

    def _create_worker_consumer(self, transport: "driver.Transport") -> Any:
        read_any_header_name()
        consumer: Any = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = _FETCH_WAIT_MS  # noqa: SLF001 (Faust has no setting for it)
        return consumer

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Go back to what was committed, of each partition that this process owns."""
        committed: Mapping[TP, int] = await super().seek_to_committed()
        untouched = [partition for partition, offset in committed.items() if not offset]
        if untouched:
            await self.call_thread(self._seek_to_beginning, untouched)
        return committed

    async def _seek_to_beginning(self, partitions: Sequence[TP]) -> None:
        # Not aiokafka's own way: until it knows the beginning such a partition is nowhere, and Faust ends when it sees that.
        consumer = self._ensure_consumer()
        for partition, offset in (await consumer.beginning_offsets(partitions)).items():
            consumer.seek(partition, offset)


class Consumer(driver.Consumer):
    """Commits the offsets of records that were finished, and of no others."""

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    def ack(self, message: Message) -> bool:
        """Ignore Faust's own idea of when a record is done."""
        del message
        return False

    def finish(self, message: Message) -> None:
        """Count a record as done: everything that came of it is safe in Kafka.

        Records of one partition have to be finished in their order: of a partition without a committed offset Faust
        commits whatever is finished first. A record that was read before the last rebalance does not count; it is read
        again.
        """
        if message.generation_id == self.app.consumer_generation_id:
            super().ack(message)


class Transport(driver.Transport):
    """Makes the consumers above."""

    Consumer: ClassVar[type[Any]] = Consumer
