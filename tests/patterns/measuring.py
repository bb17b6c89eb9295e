"""Measures patterns by a yardstick, a linear pattern that is measured beside them."""

import heapq
import math
import re
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from tests.patterns.finding import Pattern
from tests.patterns.texts import texts

LIMIT = 5.0
"""How much more than the yardstick a pattern may take for a text of the same length."""
SMALL_CHANGE = 0.5
"""What takes less of the yardstick than this (some 20 ms for 64 KB) is far from mattering, and too little to compare."""
STOP = 4 * LIMIT
"""A measurement is stopped there, and needs no second: no neighbour makes a machine so slow."""
TRIES = 5
"""So often a pattern that seems to be slow is measured, in turn with the yardstick; the least of each counts."""
CPU_SECONDS = 150
LONG_TEXTS = ("api.", "store.", "pipeline.terms.")
GROWTH = 8.0
"""Four times the text may take so many times the time; what is quadratic takes sixteen times."""


# Of all texts those that take longest when they are short are tried longer.
_SIEVE = ((800, 20), (4_000, 3))
_SMALL, _LARGE, _HUGE = 16_000, 64_000, 1_000_000

# Linear, since each repetition is bounded; with as many alternatives as the largest patterns of the code base have,
# so that a machine with small caches or busy neighbours is slow for both.
_YARDSTICK = re.compile(
    "|".join(
        rf"(?<![\w{first}-])[{first}-z]\w{{0,30}}+[.{sign}/]{{1,3}}\w{{2,30}}?(?:{first}{sign}|[{sign}A-Z0-9]{{2}}-)"
        for first in "abcdefgh"
        for sign in "@:#_+"
    )
)


class _TooLongError(Exception):
    """The measured call has used up its time."""


def _stop(signum: int, frame: FrameType | None) -> None:
    raise _TooLongError


def seconds(compiled: re.Pattern[Any], method: str, text: str, limit: float) -> float:
    """Return the processor time that a method takes for a text; infinity if it was stopped at the limit."""
    given: Any = text if isinstance(compiled.pattern, str) else text.encode("utf-8", "replace")
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    begin = time.process_time()
    try:
        if method == "finditer":
            for _ in compiled.finditer(given):
                pass
        else:
            getattr(compiled, method)(given)
    except _TooLongError:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - begin


def yardstick() -> float:
    """Return the seconds that the yardstick takes for 64 KB."""
    return seconds(_YARDSTICK, "finditer", "aA.b:c " * (_LARGE // 7), 1e3)


class Meter:
    """Measures patterns by the yardstick, which it measures first."""

    def __init__(self) -> None:
        signal.signal(signal.SIGVTALRM, _stop)
        self.yardstick = min(yardstick() for _ in range(TRIES))

    def check(self, pattern: Pattern) -> list[str]:
        """Return what is wrong with a pattern, one text for each method."""
        found = (self._check(pattern, method) for method in pattern.methods)
        return [slow for slow in found if slow is not None]

    def _check(self, pattern: Pattern, method: str) -> str | None:
        tried = list(texts(pattern.compiled))
        for size, kept in _SIEVE:
            times = []
            for make in tried:
                times.append((self._seconds(pattern, method, make(size)), make))
                if times[-1][0] == math.inf and (slow := self._too_long(pattern, method, make)) is not None:
                    return slow
            tried = [make for _, make in heapq.nlargest(kept, times, key=lambda one: one[0])]
        for make in tried:
            if (slow := self._too_long(pattern, method, make)) is not None:
                return slow
        return self._too_long(pattern, method, tried[0], _HUGE) if pattern.name.startswith(LONG_TEXTS) else None

    def _seconds(self, pattern: Pattern, method: str, text: str) -> float:
        # A short one is stopped later: a tenth of a second has to be measurable.
        stop = self.yardstick * max(1.0, STOP * len(text) / _LARGE)
        return seconds(pattern.compiled, method, text, stop)

    def _too_long(self, pattern: Pattern, method: str, make: Callable[[int], str], size: int = _LARGE) -> str | None:
        """Return what is wrong with the time that a text takes; None if it is right.

        Of several measurements in turn the least counts: others work on this machine, too.
        """
        small, large = make(size // 4), make(size)
        what = f"{pattern.name} .{method} {large[:12]!r}…{large[-6:]!r}"
        before = after = unit = math.inf
        for _ in range(TRIES):
            after = min(after, taken := self._seconds(pattern, method, large))
            if taken == math.inf:
                return f"{what}: stopped after {STOP:.0f} times what the yardstick took for {size // 1_000} KB"
            if after <= SMALL_CHANGE * self.yardstick:
                return None
            before = min(before, self._seconds(pattern, method, small))
            unit = min(unit, yardstick())
            if after <= LIMIT * unit * size / _LARGE and after <= GROWTH * before:
                return None
        took = f"{before:.3f} s for {size // 4_000} KB, {after:.3f} s for {size // 1_000} KB"
        return f"{what}: {took}, {unit:.3f} s by the yardstick"
