from pathlib import Path

import pytest

from embedded import child
from embedded.child import RotatingLog, pause_before_restart


def test_a_log_is_rotated_while_its_process_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_LOG_LIMIT", 1000)
    path = tmp_path / "service.log"
    with RotatingLog(path) as log:
        for number in range(1000):
            log.write(b"line %d\n" % number)
    assert path.stat().st_size < 1100
    kept = (tmp_path / "service.log.1").read_bytes() + path.read_bytes()
    assert kept.endswith(b"line 998\nline 999\n")
    assert kept.count(b"\n") >= 100
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["service.log", "service.log.1"]


def test_a_server_that_is_killed_again_and_again_is_started_again_within_seconds() -> None:
    assert [pause_before_restart(failures, server=True) for failures in range(8)] == [0.5, 0.5, 1, 2, 4, 5, 5, 5]
    assert pause_before_restart(1000, server=True) == 5
    assert pause_before_restart(1000, server=False) == 30
