"""Files that are there whole or not at all, whenever a process is killed or the power goes."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import SetupError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in place of what was there. Raises `SetupError` if it cannot be written."""
    replaced(path, lambda file: file.write(content))


def replaced(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Let `write` fill a file that takes the place of `path` when it is on the disk. Raises `SetupError`."""
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except (OSError, RuntimeError) as error:
        # PyTorch tells a full disk as a RuntimeError.
        beside.unlink(missing_ok=True)
        raise SetupError(f"{path} cannot be written ({error}); what was there before is left as it was") from error


def sha256(path: Path) -> str:
    """Return a file's checksum. Raises `SetupError`."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SetupError(f"cannot read {path} ({error.strerror})") from None
