"""An empty database for every test, fresh topics and a pipeline for those who want them."""

import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest
from pymongo import AsyncMongoClient, monitoring
from pymongo.asynchronous.database import AsyncDatabase

from pipeline.create_topics import create
from pipeline.kafka import KafkaClients
from pipeline.publisher import Publisher
from pipeline.settings import StoreSettings
from pipeline.topics import TABLE, Topics
from store.collections import Collections, connect
from store.indexes import INDEXES
from tests.integration.flow import Flow, run_flow
from tests.integration.servers import (
    SERVERS_WANTED,
    Servers,
    docker_answers,
    docker_servers,
    embedded_servers,
    sharded_servers,
)
from tests.integration.sharding import ShardRules, shard_keys

_numbers = itertools.count()
# Databases in which nothing is left but collections and indexes.
_emptied: list[str] = []
_rules = ShardRules(shard_keys())
# Of all clients that are made from now on.
monitoring.register(_rules)


@pytest.fixture(autouse=True)
def sharded() -> Iterator[None]:
    """Whatever the store does in a test could be done by a sharded MongoDB, too."""
    yield
    broken, _rules.broken = _rules.broken, []
    assert broken == []


@pytest.fixture(scope="module", autouse=True)
def few_partitions() -> Iterator[None]:
    """A quarter of the partitions of each topic: the broker's work for a test is mostly to make and to assign them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "pipeline.topics.TABLE", [replace(topic, partitions=-(-topic.partitions // 4)) for topic in TABLE]
        )
        yield


@pytest.fixture(scope="session")
async def servers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Servers]:
    """Kafka and MongoDB."""
    if docker_answers():
        provider = docker_servers()
    else:
        start = sharded_servers if SERVERS_WANTED == "sharded" else embedded_servers
        provider = start(tmp_path_factory.mktemp("servers"))
    async with provider as running:
        yield running


@pytest.fixture
def fresh_name() -> str:
    """Return what the topics and the database of this test are called, and of no other."""
    return f"test{next(_numbers)}"


@pytest.fixture
async def topics(servers: Servers, fresh_name: str) -> AsyncIterator[Topics]:
    """Topics that nobody else uses."""
    fresh = Topics(f"{fresh_name}.")
    await create(servers.clients, fresh)
    yield fresh
    # With those of all tests one broker would become slow.
    await delete(servers.clients, fresh)


async def delete(kafka: KafkaClients, topics: Topics) -> None:
    """Delete what `create` has made."""
    admin = kafka.admin()
    await admin.start()
    try:
        await admin.delete_topics([name for name in await admin.list_topics() if name.startswith(topics.prefix)])
    finally:
        await admin.close()


@pytest.fixture
async def store_settings(
    request: pytest.FixtureRequest, servers: Servers, fresh_name: str
) -> AsyncIterator[StoreSettings]:
    """Settings of a store; no topics are made for it, which is dear, nor indexes where a test before has left them."""
    used = _emptied and not request.node.get_closest_marker("new_database")
    name = _emptied.pop() if used else fresh_name
    yield settings_of(servers, fresh_name).model_copy(update={"database": name})
    async with AsyncMongoClient[dict[str, Any]](servers.mongodb) as client:
        if await _emptied_as_made(client[name]):
            _emptied.append(name)
        else:
            await client.drop_database(name)


async def _emptied_as_made(database: AsyncDatabase[dict[str, Any]]) -> bool:
    """Empty a database; return whether it has just the indexes that the store makes."""
    found = set()
    for name in await database.list_collection_names():
        await database[name].delete_many({})
        found |= {(name, index["name"]) async for index in await database[name].list_indexes()}
    return {one for one in found if one[1] != "_id_"} == {(index.collection, index.name) for index in INDEXES}


@pytest.fixture
def settings(store_settings: StoreSettings, topics: Topics) -> StoreSettings:
    """Settings of a service on these servers, whose topics are there."""
    assert store_settings.topic_prefix == topics.prefix
    return store_settings


def settings_of(servers: Servers, name: str) -> StoreSettings:
    """Return settings of services whose topics and database have a name of their own."""
    return StoreSettings(
        kafka=servers.kafka,
        mongodb=servers.mongodb,
        topic_prefix=f"{name}.",
        database=name,
        start_timeout=20,
        log_level="INFO",
    )


@pytest.fixture
async def collections(store_settings: StoreSettings) -> AsyncIterator[Collections]:
    """An empty store."""
    opened = await connect(store_settings)
    yield opened
    await opened.close()


@pytest.fixture
async def flow(settings: StoreSettings) -> AsyncIterator[Flow]:
    """A pipeline with the identity engine."""
    async with run_flow(settings) as running:
        yield running


@pytest.fixture
async def german(settings: StoreSettings) -> AsyncIterator[Flow]:
    """A pipeline with the bundled model."""
    async with run_flow(settings, engine="ctranslate2") as running:
        yield running


@pytest.fixture
async def publisher(servers: Servers) -> AsyncIterator[Publisher]:
    """A connected publisher."""
    connected = Publisher(servers.clients)
    await connected.start()
    yield connected
    await connected.stop()
