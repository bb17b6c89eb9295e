"""Everything that can go wrong with a running pipeline."""

import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from embedded.chaos.deletions import InterruptedDeletions
from embedded.chaos.disk import Volume
from embedded.chaos.documents import DIES, FAILS, SLOW
from embedded.chaos.failover import Failovers
from embedded.chaos.fault import Fault, Ledger, Target
from embedded.chaos.hostile_records import HostileRecords
from embedded.chaos.hostile_requests import HostileRequests
from embedded.chaos.load import LoadFaults
from embedded.chaos.losing import LostSentences
from embedded.chaos.processes import ProcessFaults
from embedded.chaos.releases import Releases
from embedded.chaos.revisions import ModelChanges
from embedded.chaos.servers import servers_of
from pipeline.errors import SatzstromError, UnavailableError
from store.checkpoint import write_checkpoint

# Long enough for several starts of a MongoDB that has no room.
_FULL_FOR = 4.0
# MongoDB ends when it writes a checkpoint, which it is told to; it does so within a second.
_ENDS_WITHIN = 30.0


@dataclass(frozen=True)
class FaultOptions:
    """Which faults there are.

    `short`: for a round of all kinds in some minutes; long stops take 8 s, and some are left out. `servers`: how many nodes
    Kafka and MongoDB have each. `volume`: what MongoDB has its data on, if that can be full. `release`: a checkout of
    another release.
    """

    short: bool = False
    servers: int = 1
    volume: Volume | None = None
    release: Path | None = None


class Faults:
    """Strikes a pipeline."""

    def __init__(self, target: Target, chance: random.Random, ledger: Ledger, options: FaultOptions) -> None:
        self._target = target
        self._chance = chance
        self._ledger = ledger
        self._options = options

    def kinds(self) -> list[Fault]:
        """Return every kind."""
        target, chance, ledger, options = self._target, self._chance, self._ledger, self._options
        servers = servers_of(target, chance, options.servers)
        kinds = [
            *ProcessFaults(target, chance, servers, short=options.short).kinds(),
            *LoadFaults(target, chance, ledger, servers, short=options.short).kinds(),
            *LostSentences(target).kinds(),
            *InterruptedDeletions(target, chance, ledger, servers[1]).kinds(),
            *ModelChanges(target, chance, ledger).kinds(),
            *HostileRecords(target, chance, ledger).kinds(),
            *HostileRequests(target, chance, ledger).kinds(),
            *_engine_faults(),
        ]
        if options.servers > 1:
            kinds += Failovers(target, chance).kinds()
        if options.release is not None:
            kinds += Releases(target, chance, ledger, options.release).kinds()
        if (volume := options.volume) is not None:
            kinds.append(Fault("full disk under mongodb", lambda: self._fill_disk(volume)))
        return kinds

    def _fill_disk(self, volume: Volume) -> None:
        before = self._target.pids().get("mongodb")
        uri = self._target.running().mongodb
        try:
            volume.fill()
            checkpoint = threading.Thread(target=_checkpoint, args=(uri,))
            checkpoint.start()
            ended = None
            deadline = time.monotonic() + _ENDS_WITHIN
            while ended is None or time.monotonic() - ended < _FULL_FOR:
                # What it frees when it ends and starts again is taken as well.
                volume.fill()
                if ended is None and self._target.pids().get("mongodb") != before:
                    ended = time.monotonic()
                if ended is None and time.monotonic() > deadline:
                    raise SatzstromError("MongoDB does not notice that its disk is full")
                time.sleep(0.05)
        finally:
            volume.empty()
        checkpoint.join()


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
