"""What a service waits for before it works."""

import asyncio
import logging
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from pipeline.backoff import wait_for
from pipeline.publisher import Publisher
from pipeline.settings import Settings
from pipeline.topics import Topics

logger = logging.getLogger(__name__)


class _TopicsMissingError(Exception):
    """Kafka answers, but topics are missing."""


async def wait_for_topics(settings: Settings, topics: Topics, stop: asyncio.Event) -> None:
    """Return when Kafka answers and has all topics.

    Raises `UnavailableError` after `settings.start_timeout` seconds, `StoppedError` when `stop` is set meanwhile.
    """
    names = {topics.prefix + topic.name for topic in topics}

    async def attempt() -> None:
        client: Any = AIOKafkaClient(bootstrap_servers=settings.kafka)
        try:
            await client.bootstrap()
            metadata = await client.fetch_all_metadata()
        finally:
            await client.close()
        missing = sorted(names - set(metadata.topics()))
        if missing:
            raise _TopicsMissingError(
                f"topics missing: {', '.join(missing)}; create them: python -m pipeline.create_topics"
            )

    await wait_for(
        attempt,
        server="Kafka",
        address=settings.kafka,
        patience=settings.start_timeout,
        errors=(KafkaError, OSError, _TopicsMissingError),
        logger=logger,
        stop=stop,
    )


async def start_publisher(settings: Settings, stop: asyncio.Event) -> Publisher:
    """Return a connected publisher; waits for Kafka as `wait_for_topics` does."""
    publisher = Publisher(settings.kafka)
    await wait_for(
        publisher.start,
        server="Kafka",
        address=settings.kafka,
        patience=settings.start_timeout,
        errors=(KafkaError, OSError),
        logger=logger,
        stop=stop,
    )
    return publisher
