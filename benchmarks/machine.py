"""What figures were measured on: the machine, the programs, and the commit."""

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Self

import msgspec
import psutil

from embedded.java import find_java
from embedded.mongodb import find_mongod

_ROOT = Path(__file__).parent.parent
_PACKAGES = (
    "ctranslate2", "sentencepiece", "spacy", "faust-streaming", "aiokafka", "pymongo", "msgspec", "fastapi", "uvicorn",
    "transformers", "torch",
)  # fmt: skip
_MADE = ("benchmarks/results", "docs")
"""What differs after every run, and changes no figure."""


class Machine(msgspec.Struct, frozen=True):
    """A machine, and how much else it had to do when the measurement began."""

    processor: str
    cores: int
    memory_gb: float
    system: str
    load: float | None = None
    """Processes that wanted a core, on average of the minute before."""

    @classmethod
    def here(cls) -> Self:
        """Return this one."""
        memory = round(psutil.virtual_memory().total / 1e9, 1)
        system = f"{platform.system()} {platform.release()}"
        return cls(_processor(), len(os.sched_getaffinity(0)), memory, system, round(os.getloadavg()[0], 1))

    @staticmethod
    def versions() -> dict[str, str]:
        """Return the versions of what counts."""
        found = {"python": platform.python_version()}
        for name in _PACKAGES:
            try:
                found[name] = version(name)
            except PackageNotFoundError:
                continue
        jars = (_ROOT / "embedded" / "kafka-jars.txt").read_text(encoding="utf-8")
        return found | {
            "kafka": re.findall(r"Apache Kafka (\S+)", jars)[0],
            "mongodb": _said(find_mongod(), "--version", pattern=r"v(\d[\w.]+)"),
            "java": _said(find_java(), "-version", pattern=r'version "([^"]+)"'),
        }


class Commit(msgspec.Struct, frozen=True):
    """A commit, and whether the code differed from it."""

    id: str
    changed: bool

    @classmethod
    def here(cls) -> Self:
        """Return that of this folder."""
        states = _git("status", "--porcelain", "--untracked-files=no").splitlines()
        return cls(_git("rev-parse", "--short=10", "HEAD"), any(not line[3:].startswith(_MADE) for line in states))


def cards() -> list[str]:
    """Return the GPUs that are here, with their memory and driver."""
    try:
        query = "--query-gpu=name,memory.total,driver_version"
        return [line.strip() for line in _output("nvidia-smi", query, "--format=csv,noheader").splitlines()]
    except OSError:
        return []


def now() -> str:
    """Return the minute, in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M")


def _git(*arguments: str) -> str:
    return _output("git", "-C", str(_ROOT), *arguments).rstrip()


def _said(*command: str, pattern: str) -> str:
    return next(iter(re.findall(pattern, _output(*command))), "unknown")


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    return done.stdout + done.stderr


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()
