"""Whether processes grow: memory and open files, sampled between documents."""

import statistics
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import psutil

from embedded import state

# Libraries are loaded and buffers filled when a process starts; what it has then is not what it needs.
_WARM_AFTER = 10.0
# Three in each third, so that one odd sample does not decide.
_FEWEST = 9
# Smaller steps are the allocator's: the services' memory goes up and down by up to 20 MB between documents.
_GROWTH_MB = 32
# Connections that are opened again overlap with those that are not closed yet.
_GROWTH_FILES = 16
# Java takes as much of its heap as it may before it collects (-Xmx512m, and what is outside of the heap); MongoDB does with
# its cache (256 MB, and what its connections need). Below that they may grow.
_CEILINGS_MB = {"kafka": 768, "mongodb": 640}
# Of several nodes one that was away gets its part of the work and of the clients back, and any may become the primary.
_CEILING_FILES_OF_A_NODE = 320


class _Sample(NamedTuple):
    mb: float
    files: int


@dataclass(frozen=True)
class Growth:
    """Medians of the first and the last third of a process's samples."""

    process: str
    samples: int
    first_mb: float
    last_mb: float
    first_files: float
    last_files: float

    @property
    def problem(self) -> str | None:
        """What is wrong with it, if anything is."""
        ceiling = _CEILINGS_MB.get(self.process.partition("-")[0], 0)
        if self.last_mb - self.first_mb > _GROWTH_MB and self.last_mb > ceiling:
            return f"{self.process} has grown from {self.first_mb:.0f} to {self.last_mb:.0f} MB"
        files = _CEILING_FILES_OF_A_NODE if self.process.startswith(("kafka-", "mongodb-")) else 0
        if self.last_files - self.first_files > _GROWTH_FILES and self.last_files > files:
            return f"{self.process} had {self.first_files:.0f} files open, and has {self.last_files:.0f}"
        return None


class Sampler:
    """Samples every process of a pipeline; one that was restarted is another process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lives: dict[tuple[str, int, float], list[_Sample]] = {}
        self._lock = threading.Lock()

    def sample(self) -> None:
        """Take one sample of each process that has run for a while."""
        running = state.read(self._folder)
        if running is None:
            return
        pids = {process.name: process.pid for process in running.processes if process.pid is not None}
        for name, pid in (pids | {"supervisor": running.supervisor}).items():
            try:
                process = psutil.Process(pid)
                self._add(name, process)
                if name.startswith("translator-"):
                    for child in process.children():
                        self._add(f"{name}'s engine", child)
            except psutil.NoSuchProcess:
                continue

    def _add(self, name: str, process: psutil.Process) -> None:
        began = process.create_time()
        if time.time() - began < _WARM_AFTER:
            return
        sample = _Sample(process.memory_info().rss / 1e6, process.num_fds())
        with self._lock:
            self._lives.setdefault((name, process.pid, began), []).append(sample)

    def growth(self) -> list[Growth]:
        """Return how every process has grown that lived long enough, by name."""
        lives = sorted(self._lives.items())
        return [_growth(name, samples) for (name, *_), samples in lives if len(samples) >= _FEWEST]


def _growth(name: str, samples: list[_Sample]) -> Growth:
    third = len(samples) // 3
    first, last = samples[:third], samples[-third:]
    return Growth(
        name,
        len(samples),
        statistics.median(sample.mb for sample in first),
        statistics.median(sample.mb for sample in last),
        statistics.median(sample.files for sample in first),
        statistics.median(sample.files for sample in last),
    )
