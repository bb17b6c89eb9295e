"""Runs the benchmarks: python -m benchmarks [speed|memory|scaling|capacity|gpu|guards|searching|files|readers …]."""

import sys

from benchmarks import (
    capacity,
    confidence,
    day,
    editions,
    files,
    gpu,
    guards,
    memory,
    readers,
    recovery,
    remembering,
    scaling,
    searching,
    segmentation,
    speed,
    swapping,
)

_ALL = {
    "speed": speed.run,
    "memory": memory.run,
    "scaling": scaling.run,
    "capacity": capacity.run,
    "guards": guards.run,
    "searching": searching.run,
    "readers": readers.run,
    "recovery": recovery.run,
    "editions": editions.run,
    "remembering": remembering.run,
    "day": day.run,
    "files": files.run,
    "gpu": gpu.run,
    "segmentation": segmentation.run,
    "swapping": swapping.run,
    "confidence": confidence.run,
}


def main() -> None:
    """Run the named benchmarks, or all."""
    for name in sys.argv[1:] or _ALL:
        _ALL[name]()


if __name__ == "__main__":
    main()
