"""How many translators for how many documents a day: what the simulator says for docs/capacity.md."""

from pathlib import Path

import psutil

from benchmarks.pipelines import pipeline
from benchmarks.simulation import Arrival, Machines, Outcome, day, simulate
from benchmarks.speed import STORY, finish

# Sentences of usual length a second, of one translator with two CPU threads and the bundled model, with one GPU.
CPU, GPU = 120, 2_000
SENTENCES = 60


def run() -> None:
    """Print both tables."""
    costs()
    simulated()


def costs(copies: int = 40) -> None:
    """Print what a thousand sentences cost each process, and how many bytes they are in Kafka."""
    with pipeline("identity") as (client, state):
        finish(client, client.submit(STORY))
        processes = {entry["name"]: psutil.Process(entry["pid"]) for entry in state["processes"]}
        before = {name: sum(process.cpu_times()[:2]) for name, process in processes.items()}
        total = finish(client, client.submit(iter([(STORY * copies).encode()]))).sentences.total
        for name, process in processes.items():
            used = sum(process.cpu_times()[:2]) - before[name]
            print(
                f"{name:<13} {1000 * used / total:.3f} CPU seconds for 1,000 sentences   {total / used:,.0f} a second"
            )
        folder = Path(state["data"])
        size = {name: _size(folder / name) for name in ("kafka", "mongodb")}
    sentences = total * (copies + 1) / copies
    print(", ".join(f"{name} {bytes_ / sentences:.0f} bytes a sentence" for name, bytes_ in size.items()))


def _size(folder: Path) -> int:
    """Return the bytes below a folder that are in use; files made larger in advance count with what they hold."""
    return sum(512 * path.stat().st_blocks for path in folder.rglob("*") if path.is_file())


def simulated() -> None:
    """Print how many translators a day's documents need."""
    print(f"documents/day of {SENTENCES} sentences on average; three times as many in the busiest half hour")
    print(f"{'documents/day':>14} {'translator':>10} {'needed':>7} {'busy':>5} {'p50 s':>6} {'p95 s':>6}")
    for documents in (1_000, 10_000, 100_000, 1_000_000):
        arrivals = day(documents, SENTENCES)
        for name, speed in (("2 CPUs", CPU), ("GPU", GPU)):
            needed, outcome = _needed(arrivals, speed)
            print(
                f"{documents:>14,} {name:>10} {needed:>7} {outcome.utilisation:>5.0%}"
                f" {outcome.quantile(0.5):>6.1f} {outcome.quantile(0.95):>6.1f}"
            )


def _needed(arrivals: list[Arrival], speed: float) -> tuple[int, Outcome]:
    """Return the fewest translators with which 95 of 100 documents take less than a minute, and the outcome."""
    batch = 16 if speed < 1000 else 128
    low, high = 1, 4096
    while low < high:
        middle = (low + high) // 2
        if simulate(_machines(middle, batch, speed), arrivals).quantile(0.95) < 60:
            high = middle
        else:
            low = middle + 1
    return low, simulate(_machines(low, batch, speed), arrivals)


def _machines(translators: int, batch: int, speed: float) -> Machines:
    # Two segmenters, for the day that one of them dies.
    return Machines(translators, batch, batch / speed, segmenters=2)
