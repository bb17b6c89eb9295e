"""Faults of processes: killed, stopped, restarted, scaled."""

import random
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

import psutil

from embedded.chaos.fault import Fault, Target
from embedded.chaos.servers import Server
from embedded.commands import scale_running

SERVICES = ("segmenter", "translator-1", "translator-2", "sink", "api")
# Seconds. Within the session time-out of 6 s nobody notices a short stop; after a long one others have its partitions.
_SHORT_STOP = (0.5, 2.0)
_LONG_STOP = (8.0, 30.0)
_SHORTENED_STOP = (8.0, 8.0)
# Not stopped for long in a short round: the one runs the same program as the other translator, the other is in no group.
_LEFT_OUT_IN_SHORT = ("translator-2", "api")
# Seconds after its start at which a server is killed again: while it recovers, or just when all go back to it.
_AGAIN_AFTER = (0.2, 4.0)


class ProcessFaults:
    """Kills, stops, restarts and scales; `short`: long stops take 8 s, and some are left out."""

    def __init__(self, target: Target, chance: random.Random, servers: Sequence[Server], *, short: bool) -> None:
        self._target = target
        self._chance = chance
        self._servers = servers
        self._short = short

    def kinds(self) -> list[Fault]:
        """Return every kind."""
        services = [Server(name, partial(str, name)) for name in SERVICES]
        kafka, mongodb = self._servers
        # Kafka takes the longest to come back, so it is killed less often: more faults in the same time.
        faults = [fault for one in services for fault in self._of(one, 2)] + self._of(mongodb, 2) + self._of(kafka, 1)
        faults += [Fault(f"restart {one.label}", self._signal(signal.SIGTERM, one), 5) for one in services]
        return [
            *faults,
            Fault(f"kill -9 {kafka.label} and {mongodb.label}", self._signal(signal.SIGKILL, kafka, mongodb)),
            Fault("kill -9 all services", self._signal(signal.SIGKILL, *services), 2),
            Fault("kill -9 everything", lambda: self._target.signal(signal.SIGKILL, self._target.pids().keys())),
            *(Fault(f"kill -9 {one.label} twice in a row", partial(self._kill_twice, one)) for one in self._servers),
            Fault("kill -9 translator-1's engine", self._kill_engine, 4),
            Fault("scale translators to 1, 4 and 2", self._scale, 2),
            Fault("restart each service in turn", self._restart_in_turn),
        ]

    def _of(self, one: Server, often: int) -> list[Fault]:
        faults = [
            Fault(f"kill -9 {one.label}", self._signal(signal.SIGKILL, one), often),
            Fault(f"stop {one.label} for up to 2 s", self._pause(one, _SHORT_STOP), 5),
        ]
        if not self._short:
            faults.append(Fault(f"stop {one.label} for 8 to 30 s", self._pause(one, _LONG_STOP)))
        elif one.label not in _LEFT_OUT_IN_SHORT:
            faults.append(Fault(f"stop {one.label} for 8 s", self._pause(one, _SHORTENED_STOP)))
        return faults

    def _signal(self, number: int, *struck: Server) -> Callable[[], None]:
        return lambda: self._target.signal(number, [one.find() for one in struck])

    def _pause(self, one: Server, seconds: tuple[float, float]) -> Callable[[], None]:
        return lambda: self._target.pause([one.find()], self._chance.uniform(*seconds))

    def _kill_twice(self, server: Server) -> None:
        """Kill a server again while it recovers from being killed, or who has taken its place."""
        self._target.end(signal.SIGKILL, server.find())
        time.sleep(self._chance.uniform(*_AGAIN_AFTER))
        self._target.signal(signal.SIGKILL, [server.find()])

    def _kill_engine(self) -> None:
        pid = self._target.pids().get("translator-1")
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(pid).children() if pid else []:
                child.kill()

    def _scale(self) -> None:
        for translators in (1, 4, 2):
            scale_running(self._target.folder, translators)
            # They join and leave while sentences are under way.
            time.sleep(self._chance.uniform(1, 3))

    def _restart_in_turn(self) -> None:
        """Do what a rolling upgrade does: each service ends in order and another takes its place, one after the other."""
        for name in self._chance.sample(SERVICES, len(SERVICES)):
            self._target.end(signal.SIGTERM, name)
            # The others have noticed, and it may be reading already, or not yet.
            time.sleep(self._chance.uniform(0.5, 3))
