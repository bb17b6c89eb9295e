"""Servers of others, for as long as a benchmark needs them."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus

import httpx

from pipeline.errors import SetupError

_WITHIN = 120.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def server(command: Sequence[str], ready: str, settings: Mapping[str, str]) -> Iterator[None]:
    """Run a server, once the address answers. Raises `SetupError` with what it said when it does not."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=os.environ | settings, stdout=said, stderr=said)
        try:
            deadline = time.monotonic() + _WITHIN
            while not _answers(ready):
                if process.poll() is not None or time.monotonic() > deadline:
                    said.seek(0)
                    raise SetupError(f"{command[0]} does not answer: {said.read()[-2000:].decode(errors='replace')}")
                time.sleep(0.2)
            yield
        finally:
            process.terminate()
            process.wait(30)


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).status_code == HTTPStatus.OK
    except httpx.TransportError:
        return False
