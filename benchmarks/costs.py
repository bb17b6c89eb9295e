"""CPU seconds and bytes of each process for a million sentences, scaled up from a run that is a fraction of it."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from benchmarks.pipelines import finish, pipeline
from benchmarks.recorder import Recorder
from benchmarks.texts import STORY

_MILLION = 1_000_000


def run(recorder: Recorder, rounds: int = 3, copies: int = 40) -> None:
    """Measure with the identity engine, which costs next to nothing; every round sends the same text once more."""
    with pipeline("identity") as (client, state):
        finish(client, client.submit(STORY))
        processes = {entry["name"]: psutil.Process(entry["pid"]) for entry in state["processes"]}
        seconds: dict[str, list[float]] = {name: [] for name in processes}
        written: dict[str, list[float]] = {name: [] for name in processes}
        stored: dict[str, list[float]] = {"kafka": [], "mongodb": []}
        total = 0
        for _ in range(rounds):
            before, sizes = _used(processes), _sizes(state)
            total = finish(client, client.submit(iter([(STORY * copies).encode()]))).sentences.total
            after, now = _used(processes), _sizes(state)
            for name in processes:
                seconds[name].append((after[name][0] - before[name][0]) / total * _MILLION)
                written[name].append((after[name][1] - before[name][1]) / total * _MILLION / 1e6)
            for name, found in stored.items():
                found.append((now[name] - sizes[name]) / total * _MILLION / 1e6)
    recorder.details["measured sentences a round"] = total
    for name in sorted(processes, key=lambda one: -sum(seconds[one])):
        recorder.add(f"{name}, CPU", seconds[name], "s", note=f"for a million sentences, scaled up from {total:,}")
    recorder.add("all, CPU", [sum(one) for one in zip(*seconds.values(), strict=True)], "s")
    for name, found in written.items():
        if any(found):
            recorder.add(f"{name}, written to the disk", found, "MB")
    for name, found in stored.items():
        recorder.add(
            f"{name}, more in its folder", found, "MB", note="files that are made in advance count with what they hold"
        )


def _used(processes: Mapping[str, psutil.Process]) -> dict[str, tuple[float, int]]:
    """Return the CPU seconds of each process until now, and the bytes that it gave to the disk."""
    found = {}
    for name, process in processes.items():
        family = [process, *process.children(recursive=True)]
        cpu = sum(sum(one.cpu_times()[:2]) for one in family)
        found[name] = (cpu, sum(one.io_counters().write_bytes for one in family))
    return found


def _sizes(state: Mapping[str, Any]) -> dict[str, int]:
    subprocess.run(["sync"], check=True)  # noqa: S607 (the one on the path)
    return {name: _size(Path(state["data"]) / name) for name in ("kafka", "mongodb")}


def _size(folder: Path) -> int:
    return sum(512 * path.stat().st_blocks for path in folder.rglob("*") if path.is_file())
