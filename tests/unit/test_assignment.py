"""How Kafka's clients deal the partitions of sentences to translators."""

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.coordinator.protocol import ConsumerProtocolMemberMetadata

from pipeline.kafka import KafkaClients
from pipeline.topics import Topics, pair_topic

PAIRS = ["de-en", "en-de", "fr-en"]


async def assigned(translators: int) -> dict[str, list[tuple[str, int]]]:
    """Return the partitions that each translator gets of one lane and its pairs of languages."""
    lane = Topics().sentences_bulk
    names = [lane, *(pair_topic(lane, *pair.split("-")) for pair in PAIRS)]
    consumer = KafkaClients("localhost:1").group_consumer("g")
    (assignor,) = consumer._partition_assignment_strategy
    cluster: Any = SimpleNamespace(partitions_for_topic=lambda name: set(range(Topics()[name].partitions)))
    members = {f"translator-{number}": ConsumerProtocolMemberMetadata(0, names, b"") for number in range(translators)}
    found = assignor.assign(cluster, members)
    await consumer.stop()
    return {
        member: [(topic, place) for topic, places in one.assignment for place in places]
        for member, one in found.items()
    }


@pytest.mark.parametrize("translators", range(1, 33))
async def test_each_translator_has_the_same_share_of_every_pair_of_languages(translators: int) -> None:
    found = await assigned(translators)
    partitions = Topics()[Topics().sentences_bulk].partitions
    assert sum(map(len, found.values())) == partitions * (1 + len(PAIRS))
    for topic in {name for places in found.values() for name, _ in places}:
        shares = [sum(name == topic for name, _ in places) for places in found.values()]
        assert sum(shares) == partitions
        # Where they do not divide evenly, one more: of eight translators each has four.
        assert max(shares) - min(shares) <= (partitions % translators > 0)
