"""A pipeline of its own for a benchmark."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from satzstrom import Client

ROOT = Path(__file__).parent.parent
# Asking for the status costs time of the same cores: seldom where speed is measured, often where latency is.
_SELDOM = 0.25


def satzstrom(data: Path, *arguments: str, settings: Mapping[str, str] | None = None) -> bytes:
    """Run a command to its end, with further variables of its environment."""
    # Most texts here have the same sentences again and again, which a memory would not translate twice.
    environment = {"SATZSTROM_MEMORY": "off"} | os.environ | {"SATZSTROM_DATA": str(data)} | dict(settings or {})
    return subprocess.run(
        [sys.executable, "-m", "producer", *arguments], env=environment, check=True, stdout=subprocess.PIPE
    ).stdout


@contextmanager
def pipeline(
    engine: str, data: Path | None = None, *, translators: int = 1, settings: Mapping[str, str] | None = None
) -> Iterator[tuple[Client, dict[str, Any]]]:
    """Run a pipeline; yield a client and what `satzstrom ps --json` says."""
    with tempfile.TemporaryDirectory(prefix="satzstrom-bench-") as made:
        folder = data or Path(made)
        options = ("--engine", engine, "--translators", str(translators), "--port", "18600")
        satzstrom(folder, "up", "--detach", *options, settings=settings)
        try:
            state = json.loads(satzstrom(folder, "ps", "--json"))
            with Client(state["api"]) as client:
                yield client, state
        finally:
            satzstrom(folder, "down")


def finish(client: Client, document: str, poll: float = _SELDOM) -> Any:
    """Wait until a document is done, and return its status."""
    while not (status := client.status(document)).ended:
        time.sleep(poll)
    assert status.state == "done", status
    return status
