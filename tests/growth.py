"""Judges whether a call takes time for the length of its text: four times the text, about four times the time."""

import gc
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType

import pytest

from tests.speed import slowness

PATIENCE = 10.0
"""Seconds for a text of the larger size."""
# What takes so little is not compared.
_LITTLE = 0.06
# What is quadratic takes sixteen times as long for four times the text.
_GROWTH = 10.0


class TooSlowError(Exception):
    """A call is not done in its time."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise `TooSlowError` in the block after so many seconds of processor time, more on a slower machine."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise TooSlowError(f"not done after {seconds} s")

    seconds *= _slowness()

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@cache
def _slowness() -> float:
    return slowness()


def seconds(call: Callable[[str], object], text: str) -> float:
    """Return the seconds of processor time that a call takes."""
    # Collecting what the tests before have left takes time of its own.
    gc.disable()
    try:
        begin = time.process_time()
        call(text)
        return time.process_time() - begin
    finally:
        gc.enable()


def check_growth(call: Callable[[str], object], make: Callable[[int], str], size: int) -> None:
    """Fail if a call takes far more than four times as long for a text four times as long as `size`."""
    with limited(PATIENCE):
        after = seconds(call, make(4 * size))
        # Others work on this machine, too: only what is slow twice is slow.
        for _ in range(3):
            if after < _LITTLE:
                return
            before = min(seconds(call, make(size)) for _ in range(2))
            if after < _GROWTH * before:
                return
            after = min(after, seconds(call, make(4 * size)))
    pytest.fail(f"{before:.3f} s for {size} characters, {after:.3f} s for {4 * size}")
