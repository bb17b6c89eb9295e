"""What keeps a folder of models whole while one is brought: the disk, others who do the same, and what broke off."""

import errno
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import SetupError, UnavailableError

# Conversion and the unpacked form beside what was brought.
_ROOM = 2.2
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


def check_room(models: Path, source: str, size: int | None) -> None:
    """Raise `SetupError` if a model of `size` bytes would not fit while it is made ready."""
    free = shutil.disk_usage(models).free
    if size and size * _ROOM > free:
        raise SetupError(
            f"{source} needs about {size * _ROOM / 1e6:,.0f} MB while it is made ready, and"
            f" {models} has room for {free / 1e6:,.0f} MB; make room ('satzstrom models remove')"
        )


@contextmanager
def kept_if_worth_it(partial: Path) -> Iterator[None]:
    """Keep what was brought only if another attempt can go on from it."""
    try:
        yield
    except (UnavailableError, KeyboardInterrupt):
        raise
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


@contextmanager
def named(known: dict[str, str]) -> Iterator[None]:
    """Put names for paths in messages."""
    try:
        yield
    except SetupError as error:
        message = str(error)
        for path, name in known.items():
            message = message.replace(path, name)
        raise SetupError(message) from None


@contextmanager
def disk(models: Path) -> Iterator[None]:
    """Say what the disk's errors mean."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise SetupError(
                f"the disk of {models} is full ({error.strerror}): what was brought was removed again, models that were"
                " there are as they were; make room and pull again"
            ) from None
        if error.errno in _FORBIDDEN:
            raise SetupError(
                f"cannot write to {error.filename or models} ({error.strerror}); name a folder that you may write to:"
                " --models, or SATZSTROM_MODELS"
            ) from None
        raise SetupError(f"{error.filename or models}: {error.strerror or error}") from None


@contextmanager
def alone(models: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Wait until nobody else pulls into the folder: translators that start together want the same model."""
    models.mkdir(parents=True, exist_ok=True)
    handle = os.open(models / ".pulling", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        waiting = False
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not waiting:
                    say("waits: another process pulls into the same folder")
                waiting = True
                time.sleep(0.5)
        yield
    finally:
        os.close(handle)
