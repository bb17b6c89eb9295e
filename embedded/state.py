"""What is known of a running pipeline: written by its supervisor, read by everybody else."""

import fcntl
import os
from pathlib import Path
from typing import IO, Any

import msgspec
from msgspec import Struct

from pipeline.data_folder import STATE_FILE
from pipeline.errors import SetupError

REQUEST_FILE = "translators"
"""A number: how many translators somebody wants. In the data folder, so whoever may write there may ask."""

PRIVATE = ("kafka", "mongodb", "logs")
"""Folders that hold texts, or may: for their owner only."""


class ProcessState(Struct):
    """One process of the pipeline."""

    name: str
    pid: int | None
    state: str
    restarts: int
    metrics: str | None = None
    """Address of its metrics, for Prometheus."""


class PipelineState(Struct):
    """Addresses and processes of a pipeline."""

    kafka: str
    mongodb: str
    api: str
    processes: list[ProcessState]
    engine: str = ""
    data: str = ""
    supervisor: int = 0
    ready: bool = False
    host: str = "127.0.0.1"
    """Where the API listens."""


def read(folder: Path) -> PipelineState | None:
    """Return the state of the pipeline that runs on this folder; None if none runs."""
    if not is_locked(folder):
        return None
    try:
        return msgspec.json.decode((folder / STATE_FILE).read_bytes(), type=PipelineState)
    except (OSError, msgspec.DecodeError):
        return None


def write(folder: Path, state: PipelineState) -> None:
    """Replace the state as a whole, so that no reader sees half of it."""
    path = folder / STATE_FILE
    draft = path.with_suffix(".new")
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(state)))
    draft.replace(path)


def forget(folder: Path) -> None:
    """Remove the state of a pipeline that has ended."""
    (folder / STATE_FILE).unlink(missing_ok=True)


def ask_for_translators(folder: Path, number: int) -> None:
    """Ask the supervisor that runs on this folder for so many translators; of several requests the last one counts."""
    path = folder / REQUEST_FILE
    draft = path.with_suffix(".new")
    draft.write_text(str(number))
    draft.replace(path)


def take_request(folder: Path) -> int | None:
    """Return the number of translators that was asked for since the last call; None if nobody did.

    Raises `ValueError` if it is no number.
    """
    path = folder / REQUEST_FILE
    taken = path.with_suffix(".taken")
    try:
        # Moved first, so that a request that comes meanwhile is not removed unread.
        path.replace(taken)
    except FileNotFoundError:
        return None
    wanted = taken.read_text()
    taken.unlink()
    return int(wanted)


def lock(folder: Path) -> IO[Any]:
    """Make the folder and take it for this process; it is free again when the process ends, however it ends.

    Raises `SetupError` if the folder cannot be written or another pipeline runs on it.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in PRIVATE:
            # What an older release made can be read by all.
            (folder / name).mkdir(mode=0o700, exist_ok=True)
            (folder / name).chmod(0o700)
        (folder / "lock").touch(mode=0o600)
        file = (folder / "lock").open("a+")
    except OSError as error:
        raise SetupError(f"cannot write to {folder} ({error.strerror}); choose another folder with --data") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise SetupError(
            f"a pipeline already runs on {folder}; stop it with 'satzstrom down', or choose another folder with --data"
        ) from None
    # The servers and services are started by this process and must not keep the folder taken.
    os.set_inheritable(file.fileno(), False)
    return file


def is_locked(folder: Path) -> bool:
    """Whether a supervisor runs on this folder."""
    try:
        with (folder / "lock").open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
