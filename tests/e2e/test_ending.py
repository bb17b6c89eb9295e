"""Services that are told to end while Kafka does not answer."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import CommandLine
from tests.e2e.test_supervisor import gone

# Docker and Kubernetes wait for thirty seconds at least.
_WITHIN = 15


@pytest.fixture
def line(tmp_path: Path) -> Iterator[CommandLine]:
    running = CommandLine(tmp_path / "data")
    running.run("up", "-d", "--engine", "identity", "--port", "18400")
    running.run("submit", "-", "--wait", "-q", stdin=b"Guten Tag.")
    yield running
    running.run("down", check=False)


def test_without_kafka_services_end_within_seconds(line: CommandLine) -> None:
    pids = line.pids()
    services = {name: pids[name] for name in ("segmenter", "translator-1", "sink")}
    os.kill(pids["kafka"], signal.SIGSTOP)
    try:
        # Long enough for heartbeats, fetches and announcements to hang.
        time.sleep(3)
        for pid in services.values():
            os.kill(pid, signal.SIGTERM)
        assert gone(services, _WITHIN) == {}
    finally:
        os.kill(pids["kafka"], signal.SIGCONT)
