"""Clients of Kafka that are closed while somebody gives up waiting for it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from aiokafka import TopicPartition

from pipeline.consumers import started
from pipeline.kafka import KafkaClients
from pipeline.topics import Topics
from tests.integration.servers import Servers


@asynccontextmanager
async def reading(kafka: KafkaClients, topics: Topics) -> AsyncIterator[Any]:
    """A consumer with a fetch under way."""
    consumer = kafka.consumer()
    async with started(consumer):
        consumer.assign([TopicPartition(topics.translations, 0)])
        await consumer.getmany(timeout_ms=50)
        yield consumer


@asynccontextmanager
async def asking(kafka: KafkaClients, topics: Topics) -> AsyncIterator[Any]:
    """An admin client."""
    admin = kafka.admin()
    async with started(admin):
        await admin.describe_topics([topics.translations])
        yield admin


@pytest.mark.parametrize("client", [reading, asking])
async def test_a_cancellation_that_comes_while_a_client_closes_is_not_lost(
    servers: Servers, topics: Topics, client: Callable[[KafkaClients, Topics], AbstractAsyncContextManager[Any]]
) -> None:
    opened: list[Any] = []

    async def open_and_close(closing: asyncio.Event) -> None:
        async with client(servers.clients, topics) as one:
            opened.append(one)
            closing.set()
        await asyncio.Event().wait()

    for steps in range(6):
        closing = asyncio.Event()
        task = asyncio.create_task(open_and_close(closing))
        await closing.wait()
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task], timeout=3)
        ended = task.cancelled()
        task.cancel()
        await asyncio.wait([task])
        assert ended, f"cancelled after {steps} steps of closing"
        assert not [number for number, one in opened[-1]._client._conns.items() if one.connected()]
