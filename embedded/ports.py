"""Ports of the pipelines on this machine."""

import fcntl
import os
import socket
import tempfile
from contextlib import closing
from pathlib import Path

LOOPBACK = "127.0.0.1"

_held: dict[int, int] = {}


def free_port(preferred: int, taken: set[int]) -> int:
    """Return the first port from `preferred` on that is free and not in `taken`; add it there.

    It belongs to this process from then on until `release_port`, or until the process ends, whether somebody listens on it
    or not: no other pipeline of this user takes it while a server starts, or starts again after it was killed.

    Raises `OSError` when there is none below 65536.
    """
    for port in range(preferred, 65536):
        if port not in taken and _hold(port):
            if _is_free(port):
                taken.add(port)
                return port
            _release(port)
    raise OSError(f"no free port from {preferred} on")


def release_port(port: int, taken: set[int]) -> None:
    """Give back what `free_port` returned."""
    taken.discard(port)
    _release(port)


def _hold(port: int) -> bool:
    """Take the lock that stands for a port; it is free again when this process ends, however it ends."""
    folder = Path(tempfile.gettempdir()) / f"satzstrom-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if port in _held:
        # What has this process for another pipeline, as tests do.
        return False
    # Not inheritable, as all that Python opens: a server that outlives this process does not keep the lock.
    descriptor = os.open(folder / str(port), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return False
    _held[port] = descriptor
    return True


def _release(port: int) -> None:
    if port in _held:
        os.close(_held.pop(port))


def _is_free(port: int) -> bool:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        # As servers do: a port in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
