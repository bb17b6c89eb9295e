"""Free ports."""

import socket
from contextlib import closing

LOOPBACK = "127.0.0.1"


def free_port(preferred: int, taken: set[int]) -> int:
    """Return the first port from `preferred` on that nobody listens on and that is not in `taken`; add it there.

    Raises `OSError` when there is none below 65536.
    """
    for port in range(preferred, 65536):
        if port not in taken and _is_free(port):
            taken.add(port)
            return port
    raise OSError(f"no free port from {preferred} on")


def _is_free(port: int) -> bool:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        # As servers do: a port in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
