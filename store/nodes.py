"""Several nodes of MongoDB that stand in for each other: how they are made a replica set, and which of them leads.

For nodes that are started here for tests; a cluster is set up by whoever runs it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pymongo.errors import OperationFailure

from store import driver
from store.driver import BlockingClient
from store.failures import translated
from store.replica_set import REPLICA_SET

_ALREADY_INITIALIZED = 23
_HEALTHY = ("PRIMARY", "SECONDARY")
# Who wants to know more calls again.
_TIMEOUT_MS = 2000


def initiate(members: Sequence[str]) -> bool:
    """Make new nodes, host:port each, a replica set; return whether it has a primary, or else only will have one.

    Repeating it changes nothing. Raises `UnavailableError` while one of them does not answer.
    """
    with _client(f"mongodb://{members[0]}/?directConnection=true") as client:
        if client.admin.command("hello").get("primary"):
            return True
        config = {"_id": REPLICA_SET, "members": [{"_id": number, "host": host} for number, host in enumerate(members)]}
        try:
            client.admin.command("replSetInitiate", config)
        except OperationFailure as error:
            if error.code != _ALREADY_INITIALIZED:
                raise
    return False


def primary(uri: str) -> str:
    """Return the primary's host:port. Raises `UnavailableError` while there is none."""
    with _client(uri) as client:
        return str(client.admin.command("hello")["me"])


def step_down(uri: str) -> None:
    """Let another node become the primary. Raises `UnavailableError` if there is none, or if it closes the connection."""
    with _client(uri) as client:
        client.admin.command("replSetStepDown", 10)


def unhealthy(uri: str) -> dict[str, str]:
    """Return nodes that neither are the primary nor follow it, with their state. Raises `UnavailableError`."""
    with _client(uri) as client:
        members = client.admin.command("replSetGetStatus")["members"]
    return {one["name"]: one["stateStr"] for one in members if one["stateStr"] not in _HEALTHY}


@contextmanager
def _client(uri: str) -> Iterator[BlockingClient]:
    with driver.open_blocking_client(uri, serverSelectionTimeoutMS=_TIMEOUT_MS) as client, translated():
        yield client
