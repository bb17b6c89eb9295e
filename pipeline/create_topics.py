"""Creates the topics of the table that are missing: python -m pipeline.create_topics.

For a Kafka of one's own; `satzstrom up` and the compose file do it by themselves.
"""

import asyncio
import logging

from aiokafka.admin import NewTopic
from aiokafka.errors import InvalidReplicationFactorError, KafkaError, TopicAlreadyExistsError, for_code
from pydantic import Field

from pipeline import service
from pipeline.backoff import wait_for
from pipeline.errors import SetupError
from pipeline.kafka import KafkaClients
from pipeline.settings import Settings
from pipeline.topics import Topics

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
    await admin.start()
    try:
        existing = set(await admin.list_topics())
        missing = [
            NewTopic(
                topics.prefix + topic.name,
                topic.partitions,
                replication,
                topic_configs=topic.config,
            )
            for topic in topics
            if topics.prefix + topic.name not in existing
        ]
        created = []
        if missing:
            response = await admin.create_topics(missing)
            for name, code, *_ in response.topic_errors:
                error = for_code(code)
                if code and error is not TopicAlreadyExistsError:
                    raise error(name)
                if not code:
                    created.append(name)
    finally:
        await admin.close()
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
