"""Kafka and MongoDB for tests: in containers where a Docker engine answers, embedded otherwise."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import docker
from aiokafka.errors import KafkaError

from embedded.kafka import Kafka
from embedded.mongodb import MongoDB
from embedded.ports import free_port
from pipeline.kafka import KafkaClients
from store.replica_set import initiate
from tests.integration.sharding import shard_keys
from tests.integration.shards import sharded_mongodb
from tests.waiting import eventually

KAFKA_IMAGE = os.environ.get("KAFKA_IMAGE", "apache/kafka:4.2.1")
MONGO_IMAGE = os.environ.get("MONGO_IMAGE", "mongo:8.0")
BROKER_IN_CONTAINER = {
    "KAFKA_NODE_ID": "1",
    "KAFKA_PROCESS_ROLES": "broker,controller",
    "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
    "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
    "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
    "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
    "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
    "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
    "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
}
SERVERS_WANTED = os.environ.get("SATZSTROM_TEST_SERVERS", "")


@dataclass(frozen=True)
class Servers:
    """Addresses of a Kafka and a MongoDB, and who provides them."""

    kafka: str
    mongodb: str
    provider: str

    @property
    def clients(self) -> KafkaClients:
        """Clients of this Kafka."""
        return KafkaClients(self.kafka)


def docker_answers() -> bool:
    """Whether a Docker engine is there; SATZSTROM_TEST_SERVERS=embedded or sharded says to do without."""
    if SERVERS_WANTED in ("embedded", "sharded"):
        return False
    host = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if host.startswith("unix://"):
        # docker-py leaves a socket open when nobody listens; so look first.
        with socket.socket(socket.AF_UNIX) as probe:
            answers = probe.connect_ex(host.removeprefix("unix://")) == 0
    else:
        client: Any = docker.from_env()
        answers = client.ping()
        client.close()
    assert answers or SERVERS_WANTED != "docker", f"SATZSTROM_TEST_SERVERS=docker, but no engine answers at {host}"
    return answers


@asynccontextmanager
async def embedded_servers(folder: Path) -> AsyncIterator[Servers]:
    """Start the servers that the embedded pipeline uses."""
    taken: set[int] = set()
    kafka = Kafka(folder / "kafka", folder / "logs", taken)
    mongodb = MongoDB(folder / "mongodb", folder / "logs", taken)
    children = [await kafka.prepare(), mongodb.prepare()]
    running = [asyncio.create_task(child.run(lambda: None)) for child in children]
    try:
        await mongodb.initiate()
        await eventually(lambda: kafka_answers(kafka.bootstrap), within=60, what="Kafka")
        yield Servers(kafka.bootstrap, mongodb.uri, "embedded")
    finally:
        await asyncio.gather(*(child.stop(10) for child in children))
        await asyncio.gather(*running)


@asynccontextmanager
async def sharded_servers(folder: Path) -> AsyncIterator[Servers]:
    """Start the same, and use a sharded MongoDB beside them."""
    async with embedded_servers(folder) as servers, sharded_mongodb(folder / "shards", shard_keys()) as (uri, _, _):
        yield replace(servers, mongodb=uri, provider="sharded")


@asynccontextmanager
async def docker_servers() -> AsyncIterator[Servers]:
    """Start containers of the images KAFKA_IMAGE and MONGO_IMAGE."""
    from testcontainers.core.container import DockerContainer

    # The broker tells its clients where it is, so the port outside has to be known before.
    port = free_port(29092, set())
    kafka: Any = DockerContainer(KAFKA_IMAGE).with_bind_ports(9092, port)
    settings = BROKER_IN_CONTAINER | {
        "KAFKA_LISTENERS": "PLAINTEXT://0.0.0.0:9092,CONTROLLER://0.0.0.0:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://localhost:{port}",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    }
    for name, value in settings.items():
        kafka = kafka.with_env(name, value)
    mongodb: Any = (
        DockerContainer(MONGO_IMAGE)
        .with_command("mongod --replSet satzstrom --bind_ip_all --wiredTigerCacheSizeGB 0.25")
        .with_exposed_ports(27017)
    )
    with kafka, mongodb:
        uri = f"mongodb://localhost:{mongodb.get_exposed_port(27017)}/?directConnection=true"
        await asyncio.to_thread(initiate, uri, member="localhost:27017", patience=90)
        await eventually(lambda: kafka_answers(f"localhost:{port}"), within=90, what="Kafka")
        yield Servers(f"localhost:{port}", uri, "docker")


async def kafka_answers(bootstrap: str) -> bool:
    """Whether a broker takes commands."""
    admin = KafkaClients(bootstrap).admin()
    try:
        await admin.start()
        await admin.list_topics()
    except KafkaError:
        return False
    finally:
        await admin.close()
    return True
