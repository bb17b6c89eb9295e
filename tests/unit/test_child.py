import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from api.callbacks.secrets import read_callback_secrets
from embedded import child
from embedded.child import Child, RotatingLog, pause_before_restart
from embedded.services import _callback_secret
from tests.waiting import eventually


async def _until(there: Callable[[], bool]) -> None:
    async def check() -> bool:
        return there()

    await eventually(check)


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


async def test_a_process_whose_log_cannot_be_written_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    there = tmp_path / "there"
    log = tmp_path / "full.log"
    log.symlink_to("/dev/full")
    # More than the pipe between them holds: who does not read lets it wait for ever.
    program = (
        f"print('x' * 99 * 2000, end=''); [print('x' * 99) for _ in range(5000)]; open({str(there)!r}, 'w').close()"
    )
    one = Child("talker", [sys.executable, "-c", f"{program}; import time; time.sleep(60)"], log=log)
    running = asyncio.create_task(one.run(lambda: None))
    await _until(there.exists)
    await one.stop(5)
    await running
    assert [record.getMessage() for record in caplog.records if "misses lines" in record.getMessage()] == [
        f"{log} misses lines: No space left on device"
    ]


async def test_a_process_that_cannot_be_started_now_is_started_later(tmp_path: Path) -> None:
    program, there = tmp_path / "program", tmp_path / "there"
    one = Child("late", [str(program)], log=tmp_path / "late.log")
    running = asyncio.create_task(one.run(lambda: None))

    await _until(lambda: one.restarts > 0)
    program.write_text(f"#!/bin/sh\ntouch {there}\nsleep 60\n")
    program.chmod(0o700)
    await _until(there.exists)
    await one.stop(5)
    await running


async def test_a_process_is_started_again_whatever_it_has_started_itself(tmp_path: Path) -> None:
    one = Child("parent", ["/bin/sh", "-c", "sleep 60 & exit 3"], log=tmp_path / "parent.log")
    running = asyncio.create_task(one.run(lambda: None))
    await _until(lambda: one.restarts > 0)
    assert one.exit_status == 3
    await one.stop(5)
    await running


def test_a_secret_that_was_half_written_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "callback-secret").touch()
    made = _callback_secret(tmp_path).read_text(encoding="utf-8")
    assert read_callback_secrets(tmp_path / "callback-secret")
    assert _callback_secret(tmp_path).read_text(encoding="utf-8") == made, "once"
    assert [path.name for path in tmp_path.iterdir()] == ["callback-secret"]
