"""What a fault is, what it strikes, and what it leaves behind that somebody has to look for."""

import os
import signal
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from embedded import state
from embedded.chaos.documents import Document
from pipeline.errors import SatzstromError

_RESTARTS_WITHIN = 60.0


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


@dataclass
class Ledger:
    """What faults have sent themselves, and what has to become of it; `problems` are what they saw go wrong."""

    documents: list[Document] = field(default_factory=list)
    """Have to be done."""
    deleted: list[Document] = field(default_factory=list)
    """Their deletion was begun, but perhaps not taken: nothing at all is left of each, or it is done."""
    letters: set[bytes] = field(default_factory=set)
    """Records of which each has to be a dead letter."""
    problems: list[str] = field(default_factory=list)


class Target:
    """The processes of the pipeline that runs on `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def running(self) -> state.PipelineState:
        """Return the pipeline as it is now. Raises `SatzstromError` if it has ended."""
        running = state.read(self.folder)
        if running is None:
            raise SatzstromError(f"the pipeline has ended; see {self.folder}/logs")
        return running

    def pids(self) -> dict[str, int]:
        """Return the processes that run now, by name."""
        return {process.name: process.pid for process in self.running().processes if process.pid is not None}

    def signal(self, number: int, names: Collection[str]) -> None:
        """Send a signal to those processes that run."""
        for name, pid in self.pids().items():
            if name in names:
                with suppress(ProcessLookupError):
                    os.kill(pid, number)

    def pause(self, names: Collection[str], seconds: float) -> None:
        """Stop processes for a time, and let them go on."""
        self.signal(signal.SIGSTOP, names)
        try:
            time.sleep(seconds)
        finally:
            self.signal(signal.SIGCONT, names)

    def end(self, number: int, name: str) -> None:
        """End a process with a signal, and return when another has taken its place.

        Raises `SatzstromError` when there is none after a minute.
        """
        before = self.pids().get(name)
        self.signal(number, [name])
        deadline = time.monotonic() + _RESTARTS_WITHIN
        while (now := self.pids().get(name)) is None or now == before:
            if time.monotonic() > deadline:
                raise SatzstromError(f"{name} was not started again within {_RESTARTS_WITHIN:.0f} s")
            time.sleep(0.02)
