"""What a process tells of itself over HTTP: its metrics, and whether it gets on with its work."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer

from prometheus_client.exposition import MetricsHandler

from pipeline.errors import SetupError

logger = logging.getLogger(__name__)

_LOOP_MAY_BLOCK = 30.0
_WORK_MAY_TAKE = 300.0


class Liveness:
    """Whether a process gets on: its event loop turns, and of the work in hand something gets done now and then.

    A process that waits for a broker or a database is alive: it has nothing in hand, and a restart would not help.
    """

    def __init__(self) -> None:
        self._in_hand = 0
        self._moved = time.monotonic()
        self._waited = self._moved
        self._turned = self._moved

    def turned(self) -> None:
        """Note that the event loop turns."""
        self._turned = time.monotonic()

    @contextmanager
    def work(self) -> Iterator[None]:
        """Note that work is in hand for as long as the block lasts; its end is progress."""
        if self._in_hand == 0:
            self._moved = time.monotonic()
        self._in_hand += 1
        try:
            yield
        finally:
            self._in_hand -= 1
            self._moved = time.monotonic()

    def moved(self) -> None:
        """Note progress within the work in hand: a batch of the engine, a write. From any thread."""
        self._moved = time.monotonic()

    def waits(self) -> None:
        """Note that the work in hand waits for something outside of this process, which a restart would not bring."""
        self._waited = time.monotonic()

    @property
    def last_moved(self) -> float:
        """When there was progress last, as `time.monotonic` has it."""
        return self._moved

    def problem(
        self,
        now: float | None = None,
        *,
        loop_may_block: float = _LOOP_MAY_BLOCK,
        work_may_take: float = _WORK_MAY_TAKE,
    ) -> str | None:
        """Return what is wrong; None if nothing is. Times are in seconds."""
        now = time.monotonic() if now is None else now
        if now - self._turned > loop_may_block:
            return f"the event loop has not turned for {now - self._turned:.0f} s"
        still = now - max(self._moved, self._waited)
        if self._in_hand and still > work_may_take:
            return f"work is in hand and none has got on for {still:.0f} s"
        return None


LIVENESS = Liveness()
"""Of this process."""


class _Handler(MetricsHandler):
    def do_GET(self) -> None:  # noqa: N802 (the library's name)
        if self.path.partition("?")[0] != "/livez":
            super().do_GET()
            return
        problem = LIVENESS.problem()
        body = (problem or "alive").encode() + b"\n"
        self.send_response(503 if problem else 200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(host: str, port: int) -> None:
    """Answer `/metrics` and `/livez` from a thread of its own, for as long as the process lives.

    Raises `SetupError` if the port is taken.
    """
    try:
        server = ThreadingHTTPServer((host, port), _Handler)
    except OSError as error:
        raise SetupError(f"SATZSTROM_METRICS_PORT: cannot listen on {host}:{port} ({error.strerror})") from error
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="monitoring", daemon=True).start()
    logger.info("metrics on %s:%d", host, server.server_address[1])
