"""Runs benchmarks, keeps their figures, and makes the documentation of them: `python -m benchmarks [NAME …]`.

Without names those that take a quarter of an hour together; `report` alone makes tables and plots anew; `list` says what
there is.
"""

import signal
import sys
from collections.abc import Callable

from benchmarks import (
    capacity,
    confidence,
    costs,
    day,
    editions,
    engine,
    fairness,
    files,
    flames,
    gpu,
    guards,
    identity,
    large_files,
    latency,
    memory,
    peers,
    readers,
    recovery,
    remembering,
    report,
    scaling,
    searching,
    segmentation,
    services,
    speed,
    starting,
    swapping,
)
from benchmarks.recorder import Recorder

Run = Callable[[Recorder], None]

USUAL: dict[str, Run] = {
    "segmentation": segmentation.run,
    "speed": speed.run,
    "identity": identity.run,
    "latency": latency.run,
    "fairness": fairness.run,
    "costs": costs.run,
    "starting": starting.run,
    "peers": peers.run,
    "scaling": scaling.run,
}
OTHERS: dict[str, Run] = {
    "memory": memory.run,
    "services": services.run,
    "capacity": capacity.run,
    "guards": guards.run,
    "searching": searching.run,
    "readers": readers.run,
    "recovery": recovery.run,
    "editions": editions.run,
    "remembering": remembering.run,
    "day": day.run,
    "files": files.run,
    "large_files": large_files.run,
    "engine": engine.run,
    "gpu": gpu.run,
    "flames": flames.run,
    "swapping": swapping.run,
    "confidence": confidence.run,
}
ALL = USUAL | OTHERS


def main(names: list[str]) -> None:
    """Run the named benchmarks, or the usual ones; what is measured is kept at once."""
    if names == ["list"]:
        for name, run in ALL.items():
            print(f"{name:<14}{'' if name in USUAL else '(by name) '}{about(run)}")
        return
    if unknown := set(names) - {*ALL, "report"}:
        raise SystemExit(f"no benchmark is named {', '.join(sorted(unknown))}; there are {', '.join(ALL)}, and report")
    for name in names or USUAL:
        if name != "report":
            recorder = Recorder(name, about(ALL[name]))
            ALL[name](recorder)
            recorder.save()
    report.write()


def about(run: Run) -> str:
    """Return what a benchmark measures: the first line of its module."""
    return (sys.modules[run.__module__].__doc__ or "").partition("\n")[0]


if __name__ == "__main__":
    # Whoever ends a benchmark ends its pipeline, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    main(sys.argv[1:])
