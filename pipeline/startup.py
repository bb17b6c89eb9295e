"""What a service waits for before it works."""

import asyncio
import logging
from collections.abc import Collection

from aiokafka.errors import ClusterAuthorizationFailedError, KafkaError, TopicAuthorizationFailedError

from pipeline.backoff import wait_for
from pipeline.create_topics import create_for_pairs
from pipeline.errors import SetupError
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


async def create_topics_for_pairs(
    kafka: KafkaClients, topics: Topics, pairs: Collection[tuple[str, str]], patience: float, stop: asyncio.Event
) -> None:
    """Return when the pairs of languages have their topics of sentences; waits for Kafka as `wait_for_topics` does.

    Raises `SetupError` if this service may not create them.
    """

    async def attempt() -> None:
        try:
            created = await create_for_pairs(kafka, topics, pairs)
        except (ClusterAuthorizationFailedError, TopicAuthorizationFailedError) as error:
            raise SetupError(
                f"Kafka at {kafka.address} does not let this translator create the topics of its pairs (docs/models.md): "
                f"allow it for names that begin with {topics.prefix}sentences., or create them"
            ) from error
        if created:
            logger.info("created %s", ", ".join(created))

    await wait_for(
        attempt,
        server="Kafka",
        address=kafka.address,
        patience=patience,
        errors=(KafkaError, OSError),
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


async def first_of(*events: asyncio.Event) -> None:
    """Return when the first of the events is set."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
