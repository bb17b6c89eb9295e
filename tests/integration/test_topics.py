"""The topics as Kafka has them after `python -m pipeline.create_topics`."""

import asyncio
from functools import partial
from typing import Any

import pytest
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from pipeline.create_topics import TopicSettings, run
from pipeline.errors import SetupError
from pipeline.topics import Topics
from tests.integration.servers import Servers
from tests.waiting import eventually


async def test_creates_what_the_table_says_and_only_what_is_missing(
    servers: Servers, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    settings = TopicSettings(
        kafka=servers.kafka, topic_prefix="created.", start_timeout=20, log_level="INFO", replication=1
    )
    await run(settings, asyncio.Event())
    await run(settings, asyncio.Event())
    for topic in Topics("created."):
        assert f"created.{topic.name}" in caplog.messages[-2]
    assert "nothing" in caplog.messages[-1]
    topics = Topics("created.")
    admin = servers.clients.admin()
    await admin.start()
    try:
        for topic in topics:
            name = topics.prefix + topic.name
            # A broker hears of a topic a little after it was made.
            partitions = await eventually(partial(_partitions, admin, name), what=f"a broker that knows {name}")
            assert len(partitions) == topic.partitions
            (answer,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
            found = {entry[0]: entry[1] for entry in answer.resources[0][4]}
            assert {key: found[key] for key in topic.config} == topic.config
    finally:
        await admin.close()


async def _partitions(admin: Any, topic: str) -> list[Any]:
    (described,) = await admin.describe_topics([topic])
    found: list[Any] = described["partitions"]
    return found


async def test_more_copies_than_brokers_are_refused_with_what_to_do(servers: Servers) -> None:
    settings = TopicSettings(
        kafka=servers.kafka, topic_prefix="copies.", start_timeout=20, log_level="INFO", replication=3
    )
    with pytest.raises(SetupError, match="lower SATZSTROM_REPLICATION"):
        await run(settings, asyncio.Event())
