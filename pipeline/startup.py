"""What a service waits for before it works."""

import asyncio
import logging

from aiokafka.errors import KafkaError

from pipeline.backoff import wait_for
from pipeline.kafka import KafkaClients
from pipeline.publisher import Publisher
from pipeline.topics import Topics

logger = logging.getLogger(__name__)


class _TopicsMissingError(Exception):
    """Kafka answers, but topics are missing."""


async def wait_for_topics(kafka: KafkaClients, topics: Topics, patience: float, stop: asyncio.Event) -> None:
    """Return when Kafka answers and has all topics.

    Raises `SetupError` at once if Kafka refuses this client, `UnavailableError` after `patience` seconds, `StoppedError`
    when `stop` is set meanwhile.
    """
    names = {topics.prefix + topic.name for topic in topics}

    async def attempt() -> None:
        missing = sorted(names - await kafka.topics())
        if missing:
            raise _TopicsMissingError(
                f"topics missing: {', '.join(missing)}; create them: python -m pipeline.create_topics"
            )

    await wait_for(
        attempt,
        server="Kafka",
        address=kafka.address,
        patience=patience,
        errors=(KafkaError, OSError, _TopicsMissingError),
        logger=logger,
        stop=stop,
    )


async def start_publisher(kafka: KafkaClients, patience: float, stop: asyncio.Event) -> Publisher:
    """Return a connected publisher; waits for Kafka as `wait_for_topics` does."""
    publisher = Publisher(kafka)
    await wait_for(
        publisher.start,
        server="Kafka",
        address=kafka.address,
        patience=patience,
        errors=(KafkaError, OSError),
        logger=logger,
        stop=stop,
    )
    return publisher
