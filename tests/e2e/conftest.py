"""The pipeline as a user runs it: through the command line, in processes of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class CommandLine:
    """Runs `satzstrom` on one data folder."""

    data: Path

    def run(
        self, *arguments: str, stdin: bytes = b"", check: bool = True, environment: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[bytes]":
        """Run a command to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "producer", *arguments],
            input=stdin,
            capture_output=True,
            timeout=250,
            env=os.environ | {"SATZSTROM_DATA": str(self.data), "COLUMNS": "200"} | (environment or {}),
            check=False,
        )
        assert not check or done.returncode == 0, (arguments, done.stdout, done.stderr)
        assert b"Traceback" not in done.stdout + done.stderr, done.stderr.decode()
        return done

    def fails(
        self, *arguments: str, stdin: bytes = b"", environment: dict[str, str] | None = None, status: int = 1
    ) -> str:
        """Run a command that has to fail, and return its one clear line; `status` 2: it was called wrongly."""
        done = self.run(*arguments, stdin=stdin, check=False, environment=environment)
        assert done.returncode == status, (done.stdout, done.stderr)
        lines = done.stderr.decode().strip().splitlines()
        return lines[-1]

    def ps(self) -> dict[str, Any]:
        """Return what `satzstrom ps --json` says."""
        found: dict[str, Any] = json.loads(self.run("ps", "--json").stdout)
        return found

    def pids(self) -> dict[str, int]:
        """Return the process ids by name, the supervisor's too."""
        state = self.ps()
        return {process["name"]: process["pid"] for process in state["processes"]} | {"supervisor": state["supervisor"]}


@pytest.fixture(scope="session")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """A pipeline with the identity engine that the tests share."""
    line = CommandLine(tmp_path_factory.mktemp("pipeline"))
    line.run("up", "--detach", "--engine", "identity", "--port", "18100")
    yield line
    line.run("down")
