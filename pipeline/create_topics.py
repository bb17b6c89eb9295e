"""Creates the topics of the table that are missing: python -m pipeline.create_topics.

For a Kafka of one's own; `satzstrom up` and the compose file do it by themselves.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from aiokafka.admin import NewTopic
from aiokafka.errors import InvalidReplicationFactorError, KafkaError, TopicAlreadyExistsError, for_code
from pydantic import Field

from pipeline import service
from pipeline.backoff import wait_for
from pipeline.consumers import started
from pipeline.errors import SetupError
from pipeline.kafka import KafkaClients
from pipeline.settings import Settings
from pipeline.topics import Topics, pair_topic

logger = logging.getLogger(__name__)


class TopicSettings(Settings):
    """Settings of the topics' creation."""

    replication: int = Field(1, ge=1, description="Brokers that keep a copy of each record; 3 in a cluster.")


async def create(kafka: KafkaClients, topics: Topics, *, replication: int = 1) -> list[str]:
    """Create the topics that are missing, and return the names of those that were made here.

    Idempotent: existing topics are left as they are. Raises aiokafka's `KafkaError` when the broker refuses, and as
    `KafkaClients.check`.
    """
    await kafka.check()
    admin = kafka.admin()
    async with started(admin):
        wanted = {
            topics.prefix + topic.name: NewTopic(
                topics.prefix + topic.name, topic.partitions, replication, topic_configs=topic.config
            )
            for topic in topics
        }
        return await _create_missing(admin, wanted)


async def create_for_pairs(kafka: KafkaClients, topics: Topics, pairs: Iterable[tuple[str, str]]) -> list[str]:
    """As `create`, for the topics of pairs of languages: with as many partitions and copies as those of their lanes."""
    admin = kafka.admin()
    async with started(admin):
        wanted = {}
        for lane in await admin.describe_topics([topics.sentences_interactive, topics.sentences_bulk]):
            if lane["error_code"]:
                raise for_code(lane["error_code"])(lane["topic"])
            count, copies = len(lane["partitions"]), len(lane["partitions"][0]["replicas"])
            for name in {pair_topic(lane["topic"], *pair) for pair in pairs}:
                wanted[name] = NewTopic(name, count, copies, topic_configs=topics[name].config)
        created = await _create_missing(admin, wanted)
        while not await _complete(admin, list(wanted)):  # noqa: ASYNC110 (Kafka tells nobody when it is so)
            await asyncio.sleep(0.1)
        return created


async def _complete(admin: Any, names: list[str]) -> bool:
    """Whether the broker knows all of some topics: a group that is formed earlier misses partitions."""
    described = await admin.describe_topics(names) if names else []
    return all(
        not topic["error_code"] and all(not one["error_code"] and one["leader"] >= 0 for one in topic["partitions"])
        for topic in described
    )


async def _create_missing(admin: Any, wanted: Mapping[str, NewTopic]) -> list[str]:
    existing = set(await admin.list_topics())
    missing = [topic for name, topic in wanted.items() if name not in existing]
    created = []
    if missing:
        response = await admin.create_topics(missing)
        for name, code, *_ in response.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                raise error(name)
            if not code:
                created.append(name)
    return sorted(created)


async def run(settings: TopicSettings, stop: asyncio.Event) -> None:
    """Create what is missing as soon as Kafka answers, and say what."""
    topics = Topics(settings.topic_prefix)
    kafka = KafkaClients.of(settings)

    async def attempt() -> None:
        try:
            created = await create(kafka, topics, replication=settings.replication)
        except InvalidReplicationFactorError as error:
            raise SetupError(
                f"Kafka at {kafka.address} has fewer than {settings.replication} brokers; lower SATZSTROM_REPLICATION"
            ) from error
        logger.info("created %s", ", ".join(created) if created else "nothing: all topics are there")

    await wait_for(
        attempt,
        server="Kafka",
        address=kafka.address,
        patience=settings.start_timeout,
        errors=(KafkaError, OSError),
        logger=logger,
        stop=stop,
    )


if __name__ == "__main__":
    service.main("topics", TopicSettings, run)
