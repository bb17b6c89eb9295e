"""No text takes a pattern more than linear time, and none takes long."""

import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.patterns.finding import Pattern
from tests.patterns.measuring import Meter
from tests.patterns.texts import texts

# All together take 45 seconds of a processor, and end after 150; beside others that can be minutes.
_PATIENCE = 300


@pytest.mark.timeout(_PATIENCE + 30)
def test_every_pattern_takes_linear_time() -> None:
    """In a process of its own: a call that does not come back can be ended there."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.patterns"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            said = process.communicate(timeout=_PATIENCE)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            said = process.communicate()[0]
            pytest.fail(f"not done after {_PATIENCE} s: {said.splitlines()[-1:]}")
    slow = [line for line in said.splitlines() if not line.startswith("measuring ")]
    assert process.returncode == 0, "\n".join([*slow, *said.splitlines()[-1:]])


@pytest.fixture(scope="module")
def meter() -> Meter:
    return Meter()


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        # Quadratic: a run of spaces is looked at from each of its characters.
        (r"\s+$", "finditer"),
        # Exponential.
        (r"(?:a|aa|\w)+!", "fullmatch"),
        # Linear, with a repetition whose bound is too high.
        (r"[ab]{0,4000}c", "finditer"),
    ],
)
def test_a_pattern_that_takes_too_long_is_found(meter: Meter, pattern: str, method: str) -> None:
    assert meter.check(Pattern("bad", re.compile(pattern), (method,)))


@pytest.mark.parametrize("pattern", [r"(?<!\s)\s++$", r"(?<!\w)\w{1,64}+@\w+", r"[ab]{0,30}c"])
def test_a_pattern_that_takes_linear_time_is_let_through(meter: Meter, pattern: str) -> None:
    assert meter.check(Pattern("good", re.compile(pattern), ("finditer", "fullmatch"))) == []


def test_no_text_is_tried_twice() -> None:
    tried = [make(800) for make in texts(re.compile(r"(?:ab)+|(?:abab){3}"))]
    assert len(tried) == len(set(tried))
