import re
import time
from pathlib import Path

import pytest

from tests.speed import Stopwatch, slowness

TESTS = Path(__file__).parents[1]
# These measure, or wait with a deadline.
WITH_A_CLOCK = {"speed", "lag", "growth", "measuring", "test_lag", "test_compose", "test_three_servers"}


def test_what_takes_longer_than_its_limit_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.speed.slowness", lambda clock: 2.0)
    watch = Stopwatch(iter([0.0, 1.9, 2.1]).__next__)
    watch.check(1)
    with pytest.raises(AssertionError, match="reading took"):
        watch.check(1, "reading")


def test_no_machine_is_faster_than_the_limits_are_for() -> None:
    assert slowness(time.process_time) >= 1
    assert slowness(lambda: 0.0) == 1


def test_no_test_judges_seconds_by_a_clock_of_its_own() -> None:
    found = [
        f"{path.relative_to(TESTS)}:{number}"
        for path in TESTS.rglob("*.py")
        if path.stem not in WITH_A_CLOCK
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"(?:monotonic|perf_counter|process_time)\(", line) and "deadline" not in line
    ]
    assert found == []
