"""Which of the servers a fault strikes: the only one of its kind, or one of three."""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from embedded.chaos.fault import Target
from pipeline.errors import SatzstromError, UnavailableError
from store import nodes

# An election may be under way.
_PRIMARY_WITHIN = 60.0


@dataclass(frozen=True)
class Server:
    """What a fault can do something to: `label` in the fault's name, `find` names the process of the moment."""

    label: str
    find: Callable[[], str]


def servers_of(target: Target, chance: random.Random, number: int) -> list[Server]:
    """Return Kafka and MongoDB, of which there are `number` nodes each."""
    if number == 1:
        return [Server("kafka", lambda: "kafka"), Server("mongodb", lambda: "mongodb")]
    return [
        # Each of them leads a third of all partitions.
        Server("a broker", lambda: f"kafka-{chance.randint(1, number)}"),
        Server("mongodb's primary", lambda: find_primary(target)),
    ]


def find_primary(target: Target) -> str:
    """Return which process MongoDB's primary is; waits for an election. Raises `SatzstromError` if that takes a minute."""
    uri = target.running().mongodb
    hosts = uri.removeprefix("mongodb://").partition("/")[0].split(",")
    deadline = time.monotonic() + _PRIMARY_WITHIN
    while time.monotonic() < deadline:
        with suppress(UnavailableError):
            return f"mongodb-{hosts.index(nodes.primary(uri)) + 1}"
    raise SatzstromError(f"MongoDB has no primary after {_PRIMARY_WITHIN:.0f} s")
