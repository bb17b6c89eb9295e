"""Limits in seconds for a machine that may be slow or busy: they are stretched by what a yardstick takes beside them."""

import time
from collections.abc import Callable

_ROUNDS = 100_000
_REFERENCE = 0.020
"""Seconds that the yardstick takes on the machine that the limits were written on: two cores of 2026, nothing else."""


def slowness(clock: Callable[[], float] = time.process_time) -> float:
    """Return how many times slower this machine is now than the one the limits are for; 1 if it is faster.

    With a clock of the wall (`time.monotonic`) it counts what others take away, too.
    """
    took = []
    for _ in range(3):
        began = clock()
        total = 0
        for number in range(_ROUNDS):
            total += number * number % 7
        took.append(clock() - began)
    return max(1.0, sorted(took)[1] / _REFERENCE)


class Stopwatch:
    """Judges what has happened since it was made."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()

    @property
    def seconds(self) -> float:
        """The seconds since then, as they are."""
        return self._clock() - self._began

    def check(self, limit: float, what: str = "it") -> None:
        """Fail if more than `limit` seconds have gone by on a machine that is as fast as the one the limits are for."""
        took = self.seconds
        if took <= limit:
            return
        slower = slowness(self._clock)
        assert took <= limit * slower, f"{what} took {took:.3f} s of {limit} s, {slower:.1f} times slower than usual"
