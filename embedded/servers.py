"""Kafka and MongoDB on this machine: one node of each, or several that stand in for each other."""

import asyncio
import logging
from pathlib import Path

from embedded.child import Child
from embedded.kafka import Kafka
from embedded.mongodb import MongoDB
from embedded.ports import LOOPBACK
from pipeline.backoff import wait_for
from pipeline.errors import SatzstromError, UnavailableError
from store import nodes
from store.replica_set import REPLICA_SET


class Servers:
    """The servers of one pipeline.

    One node of each serves everybody whose data has to outlive processes. Three, each with a copy of everything, are for
    tests of what happens when one dies: on one machine they protect from nothing.
    """

    def __init__(self, data: Path, logs: Path, taken: set[int], nodes: int = 1) -> None:
        kafka, mongodb = data / "kafka", data / "mongodb"
        if nodes == 1:
            self._kafka = [Kafka(kafka, logs, taken)]
            self._mongodb = [MongoDB(mongodb, logs, taken)]
            return
        numbers = range(1, nodes + 1)
        self._kafka = [Kafka(kafka / str(number), logs, taken, name=f"kafka-{number}") for number in numbers]
        self._mongodb = [MongoDB(mongodb / str(number), logs, taken, name=f"mongodb-{number}") for number in numbers]
        for node in self._kafka:
            node.join(self._kafka)

    @property
    def bootstrap(self) -> str:
        """Addresses of Kafka for clients."""
        return ",".join(node.bootstrap for node in self._kafka)

    @property
    def uri(self) -> str:
        """Connection string of MongoDB for clients; its hosts are in the order of the nodes' numbers."""
        return f"mongodb://{','.join(self._members())}/?replicaSet={REPLICA_SET}"

    @property
    def copies(self) -> int:
        """How many brokers keep a copy of each record."""
        return len(self._kafka)

    async def prepare(self) -> list[Child]:
        """Return the processes to start. Raises `SetupError` when a program is missing or a folder cannot be used."""
        kafka = [await node.prepare() for node in self._kafka]
        return [*kafka, *(node.prepare() for node in self._mongodb)]

    async def initiate(self, patience: float = 60.0) -> None:
        """Return when MongoDB has a primary. Raises `UnavailableError` when it has none after `patience` seconds."""
        if len(self._mongodb) == 1:
            await self._mongodb[0].initiate(patience)
            return

        async def attempt() -> None:
            if not await asyncio.to_thread(nodes.initiate, self._members()):
                raise _NoPrimaryError("the nodes have not elected a primary yet")

        await wait_for(
            attempt,
            server="MongoDB",
            address=self.uri,
            patience=patience,
            errors=(UnavailableError, _NoPrimaryError),
            logger=logging.getLogger("embedded.quiet"),
        )

    def _members(self) -> list[str]:
        return [f"{LOOPBACK}:{node.port}" for node in self._mongodb]


class _NoPrimaryError(SatzstromError):
    """The nodes have not elected one of them yet."""
