"""Measures every pattern, and prints those that take too long (`tests/contract/test_patterns.py`)."""

import gc
import resource
import sys

from tests.patterns.finding import NOT_LOADED, every_pattern
from tests.patterns.measuring import CPU_SECONDS, Meter


def main() -> int:
    """Measure all patterns, or those named; print the names of each before it is measured, and what is wrong with it."""

    def say(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    wanted = sys.argv[1:]
    bad = 0
    # All is stopped after so many seconds of a processor, however long they last.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    sys.modules.update(dict.fromkeys(NOT_LOADED))  # type: ignore[arg-type]  # which says that there is none
    patterns = every_pattern()
    gc.disable()
    meter = Meter()
    for pattern in patterns:
        if wanted and not any(name in pattern.name for name in wanted):
            continue
        say(f"measuring {pattern.name}")
        for line in meter.check(pattern):
            say(f"SLOW {line}")
            bad += 1
    say(f"{len(patterns)} patterns, {bad} slow; {meter.yardstick:.3f} s by the yardstick")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
