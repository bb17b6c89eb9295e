"""Services that nobody keeps running, beside those of the pipeline."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from embedded.chaos.fault import Target
from embedded.child import dying_with

# What has lost something is driven on at once: it must not do harm either where nothing is lost. A model that nobody runs
# any more is waited for, but not until a document counts as stuck.
SETTINGS = {
    "SATZSTROM_IDENTITY_BATCH_SECONDS": "0.02",
    "SATZSTROM_STALLED_AFTER": "2",
    "SATZSTROM_MODEL_KEPT": "10",
}
"""Of all services."""


@contextmanager
def guest(
    target: Target,
    package: str,
    name: str,
    settings: Mapping[str, str],
    *,
    folder: Path | None = None,
    end: int = signal.SIGTERM,
) -> Iterator[None]:
    """Run a service with settings of its own for as long as the block takes; `end` is the signal that ends it.

    `folder`: a checkout of the code that it runs; without one it is this code. Its log is that of `name`.
    """
    running = target.running()
    environment = {
        **os.environ,
        **SETTINGS,
        "SATZSTROM_KAFKA": running.kafka,
        "SATZSTROM_MONGODB": running.mongodb,
        "SATZSTROM_ENGINE": running.engine,
        "SATZSTROM_THREADS": "1",
        **settings,
    }
    if folder is not None:
        environment["PYTHONPATH"] = str(folder)
    with (target.folder / "logs" / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", package],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=dying_with(os.getpid(), signal.SIGKILL),  # noqa: PLW1509 (it calls the kernel, and little else)
        )
    try:
        yield
    finally:
        process.send_signal(end)
        process.wait(timeout=60)
