"""Apache Kafka as KRaft nodes on this machine."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from embedded.child import Child
from embedded.java import find_java, kafka_jars
from embedded.ports import LOOPBACK, free_port
from pipeline.errors import SetupError
from pipeline.topics import RECORD_LIMIT

# Any constant will do: no other node finds this one.
_CLUSTER_ID = "c2F0enN0cm9tLWxvY2FsLQ"


class Kafka:
    """One broker and controller, `name` among the processes; its data stays in `folder`."""

    def __init__(
        self,
        folder: Path,
        logs: Path,
        taken: set[int],
        listeners: str = "",
        properties: Mapping[str, str] | None = None,
        name: str = "kafka",
    ) -> None:
        """Take `listeners`: further ones, NAME://address, separated by commas; `properties`: further ones of the broker."""
        self.port = free_port(9092, taken)
        self.controller_port = free_port(19092, taken)
        self._folder = folder
        self._listeners = f",{listeners}" if listeners else ""
        self._further = dict(properties or {})
        self._logs = logs
        self._name = name

    @property
    def bootstrap(self) -> str:
        """Address for clients."""
        return f"{LOOPBACK}:{self.port}"

    def join(self, nodes: Sequence["Kafka"]) -> None:
        """Make it one of several nodes that keep copies of each other: what is acknowledged is in two of them at least.

        To be called once on each of the nodes, before any of them is prepared.
        """
        voters = enumerate((f"{LOOPBACK}:{node.controller_port}" for node in nodes), 1)
        copies = str(len(nodes))
        self._further |= {
            "node.id": str(nodes.index(self) + 1),
            "controller.quorum.voters": ",".join(f"{number}@{address}" for number, address in voters),
            "offsets.topic.replication.factor": copies,
            "transaction.state.log.replication.factor": copies,
            "share.coordinator.state.topic.replication.factor": copies,
            "min.insync.replicas": "2",
        }

    async def prepare(self) -> Child:
        """Write the settings, format the folder at its first use, and return the process to start.

        Raises `SetupError` when Java or the jars are missing or the folder cannot be formatted.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        properties = self._folder / "server.properties"
        properties.write_text("".join(f"{name}={value}\n" for name, value in self._properties().items()))
        java = await asyncio.to_thread(find_java)
        jars = await asyncio.to_thread(kafka_jars)
        command = [
            java,
            "-Xms128m",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            # Without the optimising compiler: on two cores its work costs more than it saves here (half of Kafka's time).
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-cp",
            os.pathsep.join(map(str, jars)),
        ]
        if not (self._folder / "data" / "meta.properties").exists():
            format_ = await asyncio.create_subprocess_exec(
                *command, "kafka.tools.StorageTool", "format", "-t", _CLUSTER_ID, "-c", str(properties),
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip
            output, _ = await format_.communicate()
            if format_.returncode:
                raise SetupError(f"Kafka cannot use {self._folder}: {output.decode(errors='replace').strip()}")
        log = self._logs / f"{self._name}.log"
        return Child(self._name, [*command, "kafka.Kafka", str(properties)], log=log, server=True)

    def _properties(self) -> dict[str, object]:
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@{LOOPBACK}:{self.controller_port}",
            "controller.listener.names": "CONTROLLER",
            "listeners": (
                f"PLAINTEXT://{self.bootstrap}{self._listeners},CONTROLLER://{LOOPBACK}:{self.controller_port}"
            ),
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap}{self._listeners}",
            "log.dirs": self._folder / "data",
            "auto.create.topics.enable": "false",
            # One node keeps one copy; of several see `join`.
            "offsets.topic.replication.factor": 1,
            "offsets.topic.num.partitions": 4,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            # Members of a group join at once instead of waiting for others.
            "group.initial.rebalance.delay.ms": 0,
            "message.max.bytes": RECORD_LIMIT,
            # Small segments, so that what has been kept long enough is really removed; 1 MiB of index is enough for them.
            "log.segment.bytes": 64 * 1024 * 1024,
            "log.index.size.max.bytes": 1024 * 1024,
            **self._further,
        }
