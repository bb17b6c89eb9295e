"""The watermark: a moment before which everything that was sent has gone through all services, or is lost."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from aiokafka import TopicPartition

from pipeline.partitions import partitions_of
from pipeline.topics import Topics

# In the order in which records go through them.
_SERVICES = ("segmenter", "translator", "sink")


async def next_watermark(admin: Any, consumer: Any, topics: Topics, pause: float) -> datetime:
    """Wait until all that the topics hold now has gone through; return the moment of the call.

    Service after service: what its topics hold when the one before it is through is finished by its groups when they have
    committed so far. What retention has removed meanwhile does not count. So it takes as long as the pipeline is behind, and
    without end while a service is away. It looks every `pause` seconds. Raises aiokafka's `KafkaError`.
    """
    begin = datetime.now(UTC)
    for service in _SERVICES:
        read_by = topics.read_by(await admin.list_topics())
        groups = {group: names for group, names in read_by.items() if group.startswith(topics.group(service))}
        partitions = await partitions_of(admin, [name for names in groups.values() for name in names])
        ends = await consumer.end_offsets(partitions)
        for group, names in groups.items():
            wanted = {partition: end for partition, end in ends.items() if partition.topic in names}
            while True:
                if await _passed(admin, consumer, group, wanted):
                    break
                await asyncio.sleep(pause)
    return begin


async def _passed(admin: Any, consumer: Any, group: str, wanted: dict[TopicPartition, int]) -> bool:
    finished = await admin.list_consumer_group_offsets(group)
    beginnings = await consumer.beginning_offsets(list(wanted))
    ends = await consumer.end_offsets(list(wanted))

    def passed(partition: TopicPartition, end: int) -> bool:
        known = finished.get(partition)
        # A topic that was made anew is shorter than it was.
        return bool(max(known.offset if known else 0, beginnings[partition]) >= min(end, ends[partition]))

    return all(passed(partition, end) for partition, end in wanted.items())
