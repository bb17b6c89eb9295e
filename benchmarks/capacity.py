"""What days with more and more documents need of every service and both servers: reckoned, and simulated."""

from dataclasses import replace

from benchmarks.planning import Need, needs, partitions, stored
from benchmarks.recorder import Recorder
from benchmarks.services import ENGINE, costs_measured
from benchmarks.simulation import Arrival, Machines, Outcome, day, simulate

DAYS = (1_000, 10_000, 100_000, 1_000_000)
_RECKONED = (10_000, 1_000_000)
SENTENCES = 60
# A batch of a translator with one core, and of one with a GPU, which is assumed to do so many sentences a second.
_CORE_BATCH, _GPU_BATCH, _GPU = 16, 128, 2_000.0
# Made with so many: docs/architecture.md.
_SENTENCE_PARTITIONS, _OTHER_PARTITIONS = 32, 8
_SERVICES = ("api", "segmenter", "translator", "sink", "kafka", "mongodb")
_KEPT = ("kafka, bytes", "mongodb, bytes on the disk", "mongodb, bytes of oplog")


def run(recorder: Recorder) -> None:
    """Reckon cores, processes, partitions and bytes for documents of 60 sentences, and simulate the busiest half hour."""
    costs = costs_measured()
    # A translator and its engine are one process to whoever plans.
    costs["translator"] = costs["translator"] + costs.pop(ENGINE)
    for documents in DAYS:
        label = f"{documents:,} documents a day"
        needed = needs({name: costs[name] for name in _SERVICES}, documents, SENTENCES)
        for name, need in needed.items() if documents in _RECKONED else ():
            recorder.add(f"{label}, {name}", need.cores, "cores", note=_note(name, need))
        for name in _KEPT if documents in _RECKONED else ():
            kept = stored(costs[name], documents, SENTENCES)
            note = f"{kept.a_second / 1e6:.2f} MB/s at the busiest, three copies together"
            recorder.add(f"{label}, {name}", kept.a_day / 1e9, "GB a day", note=note)
        arrivals = day(documents, SENTENCES)
        core = 1 / costs["translator"].of(0, 1)
        for name, speed, batch in (("one core", core, _CORE_BATCH), ("a GPU", _GPU, _GPU_BATCH)):
            machines = Machines(
                translators=1,
                batch=batch,
                batch_seconds=batch / speed,
                segmenters=needed["segmenter"].processes,
                segmented_per_second=1 / costs["segmenter"].sentence,
                segmenter_seconds=costs["segmenter"].document,
                sinks=needed["sink"].processes,
                stored_per_second=1 / costs["sink"].sentence,
                sink_seconds=costs["sink"].document,
            )
            translators, outcome = _fewest(machines, arrivals)
            note = (
                f"simulated; busy {outcome.utilisation:.0%}, a document p50 {outcome.quantile(0.5):.1f} s, "
                f"p95 {outcome.quantile(0.95):.1f} s"
            )
            recorder.add(f"{label}, translators with {name} each", translators, note=note)


def _note(name: str, need: Need) -> str:
    if name in ("kafka", "mongodb"):
        return "one copy"
    least = _SENTENCE_PARTITIONS if name == "translator" else _OTHER_PARTITIONS
    topics = "" if name == "api" else f", {partitions(need.processes, least)} partitions"
    return f"{need.processes} of one core each{topics}"


def _fewest(machines: Machines, arrivals: list[Arrival]) -> tuple[int, Outcome]:
    """Return the fewest translators with which 95 of 100 documents take less than a minute, and the outcome."""
    low, high = 1, 4096
    while low < high:
        middle = (low + high) // 2
        if simulate(replace(machines, translators=middle), arrivals).quantile(0.95) < 60:
            high = middle
        else:
            low = middle + 1
    return low, simulate(replace(machines, translators=low), arrivals)
