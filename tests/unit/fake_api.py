"""The command line, run in this process, against an API that is made up: a fake, for what commands ask and say."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

import pytest
from typer.testing import CliRunner, Result

from producer.__main__ import application


class FakeApi(BaseHTTPRequestHandler):
    """Answers every request by `answer`, which a test says."""

    def answer(self) -> None:
        """Read the request, and reply."""
        raise NotImplementedError

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def body(self) -> bytes:
        """Return the body of the request."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def reply(self, status: int, found: object) -> None:
        """Send bytes as they are, nothing for None, and all else as JSON."""
        raw = found if isinstance(found, bytes) else b"" if found is None else json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


A = TypeVar("A", bound=FakeApi)


@contextmanager
def served(kind: type[A], monkeypatch: pytest.MonkeyPatch, **state: Any) -> Iterator[type[A]]:
    """Serve a subclass of a kind that has a state of its own, as the API that commands find."""
    methods = {f"do_{name}": kind.answer for name in ("GET", "POST", "PATCH", "PUT", "DELETE")}
    made = type("Api", (kind,), methods | state)
    server = ThreadingHTTPServer(("127.0.0.1", 0), made)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("SATZSTROM_API", f"http://127.0.0.1:{server.server_port}")
    yield made
    server.shutdown()
    server.server_close()


def run(*arguments: str, stdin: str = "") -> Result:
    """Run a command to its end. Raises what it raises, and fails where it ends with another status than 0."""
    environment = {"COLUMNS": os.environ.get("COLUMNS", "200")}
    result = CliRunner().invoke(application(), arguments, input=stdin, env=environment)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result
