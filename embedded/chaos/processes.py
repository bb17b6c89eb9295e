"""Faults of processes: killed, stopped, restarted, scaled."""

import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import psutil

from embedded.chaos.fault import Fault, Target
from embedded.commands import scale_running

SERVICES = ("segmenter", "translator-1", "translator-2", "sink", "api")
SERVERS = ("kafka", "mongodb")
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

    def __init__(self, target: Target, chance: random.Random, *, short: bool) -> None:
        self._target = target
        self._chance = chance
        self._short = short

    def kinds(self) -> list[Fault]:
        """Return every kind."""
        # Kafka takes the longest to come back, so it is killed less often: more faults in the same time.
        faults = [fault for name in SERVICES for fault in self._of(name, 2)]
        faults += self._of("mongodb", 2) + self._of("kafka", 1)
        for name in SERVICES:
            faults.append(Fault(f"restart {name}", self._signal(signal.SIGTERM, name), 5))
        return [
            *faults,
            Fault("kill -9 kafka and mongodb", self._signal(signal.SIGKILL, *SERVERS)),
            Fault("kill -9 all services", self._signal(signal.SIGKILL, *SERVICES), 2),
            Fault("kill -9 everything", self._signal(signal.SIGKILL, *SERVICES, *SERVERS)),
            *(Fault(f"kill -9 {name} twice in a row", partial(self._kill_twice, name)) for name in SERVERS),
            Fault("kill -9 translator-1's engine", self._kill_engine, 4),
            Fault("scale translators to 1, 4 and 2", self._scale, 2),
            Fault("restart each service in turn", self._restart_in_turn),
        ]

    def _of(self, name: str, often: int) -> list[Fault]:
        faults = [
            Fault(f"kill -9 {name}", self._signal(signal.SIGKILL, name), often),
            Fault(f"stop {name} for up to 2 s", self._pause(name, _SHORT_STOP), 5),
        ]
        if not self._short:
            faults.append(Fault(f"stop {name} for 8 to 30 s", self._pause(name, _LONG_STOP)))
        elif name not in _LEFT_OUT_IN_SHORT:
            faults.append(Fault(f"stop {name} for 8 s", self._pause(name, _SHORTENED_STOP)))
        return faults

    def _signal(self, number: int, *names: str) -> Callable[[], None]:
        return lambda: self._target.signal(number, names)

    def _pause(self, name: str, seconds: tuple[float, float]) -> Callable[[], None]:
        return lambda: self._target.pause([name], self._chance.uniform(*seconds))

    def _kill_twice(self, name: str) -> None:
        """Kill a server again while it recovers from being killed."""
        self._target.end(signal.SIGKILL, name)
        time.sleep(self._chance.uniform(*_AGAIN_AFTER))
        self._target.signal(signal.SIGKILL, [name])

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
