"""Faults of three brokers and three nodes of MongoDB, of which one may be away."""

import asyncio
import random
import signal
import time
from contextlib import suppress
from functools import partial

from aiokafka.errors import KafkaError

from embedded.chaos.fault import Fault, Target
from pipeline.consumers import started
from pipeline.errors import SatzstromError, UnavailableError
from pipeline.kafka import KafkaClients
from store import nodes

_NODES = 3
_WHOLE_WITHIN = 120.0
_WAYS = (("kill -9", signal.SIGKILL), ("restart", signal.SIGTERM))


class Failovers:
    """Takes nodes away one after the other, or more of them than the others can stand in for."""

    def __init__(self, target: Target, chance: random.Random) -> None:
        self._target = target
        self._chance = chance

    def kinds(self) -> list[Fault]:
        """Return every kind."""
        return [
            *(self._in_turn(how, number, kind) for kind in ("kafka", "mongodb") for how, number in _WAYS),
            *(Fault(f"kill -9 two nodes of {kind}", partial(self._kill_two, kind)) for kind in ("kafka", "mongodb")),
            Fault("mongodb's primary steps down", self._step_down, 2),
        ]

    def _in_turn(self, how: str, number: int, kind: str) -> Fault:
        def strike() -> None:
            """End each node when all others have a copy of everything again."""
            for name in self._nodes(kind, _NODES):
                self._target.end(number, name)
                self._wait_until_whole(kind)

        return Fault(f"{how} each node of {kind} in turn", strike)

    def _kill_two(self, kind: str) -> None:
        """Leave one node, which may take nothing alone."""
        self._target.signal(signal.SIGKILL, self._nodes(kind, 2))

    def _step_down(self) -> None:
        # It closes connections when it does so.
        with suppress(UnavailableError):
            nodes.step_down(self._target.running().mongodb)

    def _nodes(self, kind: str, count: int) -> list[str]:
        return [f"{kind}-{number}" for number in self._chance.sample(range(1, _NODES + 1), count)]

    def _wait_until_whole(self, kind: str) -> None:
        """Return when each node has a copy of everything. Raises `SatzstromError` if that takes two minutes."""
        running = self._target.running()

        def check() -> str:
            return asyncio.run(_out_of_sync(running.kafka)) if kind == "kafka" else _unhealthy(running.mongodb)

        deadline = time.monotonic() + _WHOLE_WITHIN
        while problem := check():
            if time.monotonic() > deadline:
                raise SatzstromError(f"{kind} is not whole again after {_WHOLE_WITHIN:.0f} s: {problem}")
            time.sleep(0.5)


async def _out_of_sync(address: str) -> str:
    """Return what is not on all brokers; nothing if everything is."""
    admin = KafkaClients(address).admin()
    try:
        async with started(admin):
            topics = await admin.describe_topics(await admin.list_topics())
    except (KafkaError, OSError) as error:
        return repr(error)
    places = [(topic["topic"], place) for topic in topics for place in topic["partitions"]]
    return ", ".join(f"{name}-{place['partition']}" for name, place in places if len(place["isr"]) < _NODES)


def _unhealthy(uri: str) -> str:
    """Return which nodes of MongoDB are neither primary nor follow it; nothing if all do."""
    try:
        return ", ".join(f"{name}: {found}" for name, found in nodes.unhealthy(uri).items())
    except UnavailableError as error:
        return str(error)
