"""What can go wrong with a running pipeline."""

import asyncio
import logging
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from aiokafka import TopicPartition
from aiokafka.admin import RecordsToDelete
from aiokafka.errors import KafkaError

from embedded import state
from embedded.chaos.disk import Volume
from embedded.chaos.documents import DIES, FAILS, SLOW
from embedded.commands import scale_running
from pipeline.backoff import wait_for
from pipeline.consumers import started
from pipeline.errors import SatzstromError, UnavailableError
from pipeline.kafka import KafkaClients
from pipeline.topics import Topics
from store.checkpoint import write_checkpoint

logger = logging.getLogger(__name__)

_SERVICES = ("segmenter", "translator-1", "translator-2", "sink", "api")
_TRANSLATORS = ("translator-1", "translator-2")
_SERVERS = ("kafka", "mongodb")
# Seconds. Within the session time-out of 6 s nobody notices a short stop; after a long one others have its partitions.
_SHORT_STOP = (0.5, 2.0)
_LONG_STOP = (8.0, 30.0)
_SHORTENED_STOP = (8.0, 8.0)
# Not stopped for long in a short round: the one runs the same program as the other translator, the other is in no group.
_LEFT_OUT_IN_SHORT = ("translator-2", "api")
# Seconds in which sentences come that no translator takes.
_PILE_UP = 1.5
# Long enough for several starts of a MongoDB that has no room.
_FULL_FOR = 4.0
# MongoDB ends when it writes a checkpoint, which it is told to; it does so within a second.
_ENDS_WITHIN = 30.0


@dataclass(frozen=True)
class Fault:
    """One kind of fault. `strike` does it and returns when it is over.

    `weight`: how often it comes in a round of all kinds; what takes a second comes five times while a long stop comes once,
    so that there are ten faults a minute. `words`: where the engine goes wrong in the document that is
    sent after it, which has `sentences`.
    """

    name: str
    strike: Callable[[], None]
    weight: int = 1
    # Every translator's share: twice as many as sentences have partitions, one half in each lane.
    sentences: int = 64
    words: Mapping[int, str] = field(default_factory=dict)


class Faults:
    """Strikes the pipeline that runs on `folder`; `volume` is what its MongoDB has its data on, if that can be full."""

    def __init__(self, folder: Path, volume: Volume | None, chance: random.Random, *, short: bool) -> None:
        """`short`: for a round of all kinds in less than five minutes; long stops take 8 s, and some are left out."""
        self._folder = folder
        self._volume = volume
        self._chance = chance
        self._short = short

    def kinds(self) -> list[Fault]:
        """Return every kind."""
        return [*self._process_faults(), *self._common_faults(), *_engine_faults()]

    def _process_faults(self) -> list[Fault]:
        def process_faults(name: str, often: int) -> list[Fault]:
            faults = [
                Fault(f"kill -9 {name}", lambda: self._signal(signal.SIGKILL, [name]), often),
                Fault(f"stop {name} for up to 2 s", lambda: self._pause(name, _SHORT_STOP), 5),
            ]
            if not self._short:
                faults.append(Fault(f"stop {name} for 8 to 30 s", lambda: self._pause(name, _LONG_STOP)))
            elif name not in _LEFT_OUT_IN_SHORT:
                faults.append(Fault(f"stop {name} for 8 s", lambda: self._pause(name, _SHORTENED_STOP)))
            return faults

        # Kafka takes the longest to come back, so it is killed less often: more faults in the same time.
        faults = [fault for name in _SERVICES for fault in process_faults(name, 2)]
        faults += process_faults("mongodb", 2) + process_faults("kafka", 1)
        for name in _SERVICES:
            faults.append(Fault(f"restart {name}", lambda name=name: self._signal(signal.SIGTERM, [name]), 5))  # type: ignore[misc]
        return faults

    def _common_faults(self) -> list[Fault]:
        faults = [
            Fault("kill -9 kafka and mongodb", lambda: self._signal(signal.SIGKILL, _SERVERS)),
            Fault("kill -9 all services", lambda: self._signal(signal.SIGKILL, _SERVICES), 2),
            Fault("kill -9 everything", lambda: self._signal(signal.SIGKILL, [*_SERVICES, *_SERVERS])),
            Fault("kill -9 translator-1's engine", self._kill_engine, 4),
            Fault("scale translators to 1, 4 and 2", self._scale, 2),
        ]
        faults.append(Fault("lose the sentences that wait", self._lose_sentences))
        if (volume := self._volume) is not None:
            faults.append(Fault("full disk under mongodb", lambda: self._fill_disk(volume)))
        return faults

    def _signal(self, number: int, names: Collection[str]) -> None:
        for name, pid in self._pids().items():
            if name in names:
                with suppress(ProcessLookupError):
                    os.kill(pid, number)

    def _pids(self) -> dict[str, int]:
        running = self._running()
        return {process.name: process.pid for process in running.processes if process.pid is not None}

    def _running(self) -> state.PipelineState:
        running = state.read(self._folder)
        if running is None:
            raise SatzstromError(f"the pipeline has ended; see {self._folder}/logs")
        return running

    def _pause(self, name: str, seconds: tuple[float, float]) -> None:
        self._signal(signal.SIGSTOP, [name])
        try:
            time.sleep(self._chance.uniform(*seconds))
        finally:
            self._signal(signal.SIGCONT, [name])

    def _kill_engine(self) -> None:
        pid = self._pids().get("translator-1")
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(pid).children() if pid else []:
                child.kill()

    def _scale(self) -> None:
        for translators in (1, 4, 2):
            scale_running(self._folder, translators)
            # They join and leave while sentences are under way.
            time.sleep(self._chance.uniform(1, 3))

    def _lose_sentences(self) -> None:
        """Do what retention does with sentences that nobody has translated in time."""
        groups = Topics().read_by().items()
        names = [name for group, names in groups if group.startswith("translator") for name in names]
        # Some have to wait, or there is nothing to lose.
        self._signal(signal.SIGSTOP, _TRANSLATORS)
        try:
            time.sleep(_PILE_UP)
            asyncio.run(_remove_records(KafkaClients(self._running().kafka), names))
        finally:
            self._signal(signal.SIGCONT, _TRANSLATORS)

    def _fill_disk(self, volume: Volume) -> None:
        before = self._pids().get("mongodb")
        uri = self._running().mongodb
        try:
            volume.fill()
            checkpoint = threading.Thread(target=_checkpoint, args=(uri,))
            checkpoint.start()
            ended = None
            deadline = time.monotonic() + _ENDS_WITHIN
            while ended is None or time.monotonic() - ended < _FULL_FOR:
                # What it frees when it ends and starts again is taken as well.
                volume.fill()
                if ended is None and self._pids().get("mongodb") != before:
                    ended = time.monotonic()
                if ended is None and time.monotonic() > deadline:
                    raise SatzstromError("MongoDB does not notice that its disk is full")
                time.sleep(0.05)
        finally:
            volume.empty()
        checkpoint.join()


async def _remove_records(kafka: KafkaClients, names: Sequence[str]) -> None:
    admin = kafka.admin()

    async def attempt() -> None:
        topics = await admin.describe_topics(list(names))
        places = [TopicPartition(one["topic"], place["partition"]) for one in topics for place in one["partitions"]]
        await admin.delete_records(dict.fromkeys(places, RecordsToDelete(-1)))

    async with started(admin):
        # Kafka may just have come back from the fault before.
        await wait_for(attempt, server="Kafka", address=kafka.address, patience=30, errors=(KafkaError,), logger=logger)


def _checkpoint(uri: str) -> None:
    # That it fails is what is wanted.
    with suppress(UnavailableError):
        write_checkpoint(uri)


def _engine_faults() -> list[Fault]:
    def nothing() -> None:
        """Do nothing: what is wrong stands in the document."""

    return [
        Fault("engine fails on 3 sentences of 64", nothing, words={3: FAILS, 31: FAILS, 50: FAILS}),
        Fault("engine dies on 2 sentences of 64", nothing, words={7: DIES, 45: DIES}),
        Fault("engine takes 20 times as long", nothing, sentences=320, words=dict.fromkeys(range(0, 320, 8), SLOW)),
    ]
