"""Ends connections that say nothing, and keeps their number bounded: uvicorn waits for a request without end."""

import asyncio
import resource
from typing import Any

SILENT_SECONDS = 20.0
"""For a whole request without its body: from the connection, or from the answer before."""
MOST = 4096


def most_connections() -> int:
    """Return how many connections are held at once: of the files that the process may open others need some."""
    return min(MOST, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)


class Guarded(asyncio.Protocol):
    """Goes before a protocol of uvicorn among the bases of a class.

    A connection without a request under way is closed when none has come completely after `SILENT_SECONDS`; one too many is
    closed at once. A body's time is the business of those who read it.
    """

    # Of uvicorn's protocols.
    connections: set[Any]
    cycle: Any
    _silence: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for a request, or close what is too many."""
        super().connection_made(transport)
        if len(self.connections) > most_connections():
            transport.abort()
            return
        self._watch(transport)

    def data_received(self, data: bytes) -> None:
        """Wait no longer when a request has come."""
        super().data_received(data)
        self._watch(self.transport)

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()  # type: ignore[misc]  # of uvicorn's protocols
        self._watch(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        super().connection_lost(exc)
        self._rest()

    transport: asyncio.Transport

    def _watch(self, transport: asyncio.Transport) -> None:
        under_way = self.cycle is not None and not self.cycle.response_complete
        if under_way or transport.is_closing():
            self._rest()
        elif self._silence is None:
            self._silence = asyncio.get_running_loop().call_later(SILENT_SECONDS, transport.abort)

    def _rest(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None
