"""Following a small topic of one partition that each process has to know all of."""

import logging
from collections.abc import Callable

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from pipeline.backoff import Backoff
from pipeline.consumers import started
from pipeline.kafka import KafkaClients
from pipeline.records import Record

logger = logging.getLogger(__name__)


async def follow(
    kafka: KafkaClients, topic: str, take: Callable[[Record], None], caught_up: Callable[[], None] = lambda: None
) -> None:
    """Give every record of a topic to `take`, from its beginning, and go on with new ones until cancelled.

    `caught_up` is called when all that the topic held at the beginning was given, and maybe again.

    No group and no offsets: each process reads all of it. While Kafka is away it waits, and begins again.
    """
    backoff = Backoff(logger, f"reading {topic}")
    while True:
        consumer = kafka.consumer(fetch_max_wait_ms=1000)
        try:
            async with started(consumer):
                partition = TopicPartition(topic, 0)
                consumer.assign([partition])
                await consumer.seek_to_beginning(partition)
                end = (await consumer.end_offsets([partition]))[partition]
                while True:
                    for record in (await consumer.getmany(partition, timeout_ms=500)).get(partition, []):
                        take(record)
                    backoff.succeeded()
                    if end is not None and await consumer.position(partition) >= end:
                        end = None
                        caught_up()
        except KafkaError as error:
            await backoff.wait(error)
