"""What a process says of itself."""

import asyncio
import tomllib

import pytest

import satzstrom
from pipeline import stuck
from pipeline.errors import SetupError
from pipeline.monitoring import Liveness, serve
from pipeline.version import VERSION
from tests.conftest import ROOT


def test_the_version_is_the_package_s() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION == satzstrom.__version__


def test_a_process_without_work_is_alive_for_as_long_as_its_loop_turns() -> None:
    liveness = Liveness()
    start = liveness._turned
    assert liveness.problem(start + 29) is None
    assert "event loop" in (liveness.problem(start + 31) or "")
    liveness.turned()
    assert liveness.problem() is None


def test_work_that_does_not_end_is_a_problem() -> None:
    liveness = Liveness()
    with liveness.work():
        liveness._turned = liveness._moved + 301
        assert liveness.problem(liveness._moved + 299) is None
        assert "work is in hand" in (liveness.problem(liveness._moved + 301) or "")
        with liveness.work():
            pass
        # Something has ended.
        assert liveness.problem(liveness._moved + 1) is None
    assert liveness.problem(liveness._turned + 1) is None


def test_a_port_that_cannot_be_used_is_a_set_up_error() -> None:
    with pytest.raises(SetupError, match="SATZSTROM_METRICS_PORT"):
        serve("192.0.2.1", 9464)


def test_progress_within_work_is_progress_and_waiting_for_a_server_is_no_problem() -> None:
    liveness = Liveness()
    with liveness.work():
        for note in (liveness.moved, liveness.waits):
            liveness._moved = liveness._waited = liveness._turned - 400
            assert "none has got on" in (liveness.problem() or "")
            note()
            assert liveness.problem() is None


async def test_a_stuck_process_logs_its_stacks_once_for_each_time(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stuck, "WORK_MAY_TAKE", 0.0)
    liveness = Liveness()
    detector = stuck.StuckDetector(liveness, asyncio.get_running_loop())

    async def what_hangs() -> None:
        await asyncio.Event().wait()

    hanging = asyncio.create_task(what_hangs())
    for _ in range(2):
        await asyncio.sleep(0)
        with liveness.work():
            caplog.clear()
            # From another thread, as in a service.
            await asyncio.to_thread(detector.look)
            await asyncio.to_thread(detector.look)
            (said,) = caplog.records
            assert "in what_hangs" in said.getMessage()
            assert "thread MainThread" in said.getMessage()
        detector.look()
    hanging.cancel()
