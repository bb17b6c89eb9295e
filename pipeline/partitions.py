"""How many partitions topics have now: the broker knows, for some may have been added since they were made."""

from collections.abc import Iterable, Mapping
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import for_code

LOOK_EVERY = 5.0
"""Seconds between two looks for partitions that were added, for those who read all of a topic."""


async def partitions_of(admin: Any, topics: Iterable[str]) -> list[TopicPartition]:
    """Return all partitions that topics have, in their order; `admin`: an admin client. Raises aiokafka's `KafkaError`."""
    found = []
    for topic in await admin.describe_topics(list(topics)):
        if topic["error_code"]:
            raise for_code(topic["error_code"])(topic["topic"])
        found += [TopicPartition(topic["topic"], partition["partition"]) for partition in topic["partitions"]]
    return sorted(found)


async def assign_all(
    admin: Any, consumer: Any, topic: str, positions: Mapping[TopicPartition, int]
) -> dict[TopicPartition, int]:
    """Let a consumer read all partitions of a topic, those too that were added; return from which offsets it does.

    `positions`: where it goes on; none: it reads what comes from now on. What is in a partition that was added is new, so
    it is read from its beginning. Raises aiokafka's `KafkaError`.
    """
    partitions = await partitions_of(admin, [topic])
    if consumer.assignment().issuperset(partitions):
        return dict(positions)
    consumer.assign(partitions)
    added = dict.fromkeys(partitions, 0)
    known = added | dict(positions) if positions else dict(await consumer.end_offsets(partitions))
    for partition, offset in known.items():
        consumer.seek(partition, offset)
    return known
