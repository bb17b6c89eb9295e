"""No text takes a pattern more than linear time, and none takes long."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

# All together take ten seconds; where others work on the machine, more.
_PATIENCE = 100


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
    assert process.returncode == 0, "\n".join(slow)
