"""How many translators for how many documents a day, simulated: the busiest half hour, three times the average."""

from benchmarks.recorder import Recorder
from benchmarks.simulation import Arrival, Machines, Outcome, day, simulate

# Sentences of usual length a second, of one translator with two CPU threads and the bundled model, with one GPU.
CPU, GPU = 120, 2_000
SENTENCES = 60


def run(recorder: Recorder) -> None:
    """Simulate the busiest half hour of days with more and more documents."""
    for documents in (1_000, 10_000, 100_000, 1_000_000):
        arrivals = day(documents, SENTENCES)
        for name, speed in (("2 CPUs", CPU), ("GPU", GPU)):
            needed, outcome = _needed(arrivals, speed)
            note = (
                f"busy {outcome.utilisation:.0%}, a document p50 {outcome.quantile(0.5):.1f} s, "
                f"p95 {outcome.quantile(0.95):.1f} s"
            )
            recorder.add(f"{documents:,} documents a day, {name} each", needed, "translators", note=note)


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
