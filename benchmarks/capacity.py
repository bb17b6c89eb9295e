"""How many translators for how many documents a day: what the simulator says for docs/capacity.md."""

from benchmarks.simulation import Arrival, Machines, Outcome, day, simulate

# Sentences of usual length a second, of one translator with two CPU threads and the bundled model, with one GPU.
CPU, GPU = 120, 2_000
SENTENCES = 60


def run() -> None:
    """Print the table."""
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
    # One segmenter splits 15,000 sentences a second; two from 100,000 documents a day on.
    return Machines(translators, batch, batch / speed, segmenters=2)
