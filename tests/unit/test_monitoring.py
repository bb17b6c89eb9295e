"""What a process says of itself."""

import tomllib

import pytest

from pipeline.errors import SetupError
from pipeline.monitoring import Liveness, serve
from pipeline.version import VERSION
from tests.conftest import ROOT


def test_the_version_is_the_package_s() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION


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
