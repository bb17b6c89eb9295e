"""Statuses for many who ask for the same documents again and again."""

import asyncio
import time
from datetime import UTC, datetime

from api.schemas import Status
from sink.store.reading import DocumentReader

FRESH_FOR = 0.4
"""Seconds for which a status counts as that of now."""


class Statuses:
    """Reads a status once for all who ask for it at the same time."""

    def __init__(self, reader: DocumentReader) -> None:
        self._reader = reader
        self._known: dict[str, tuple[float, asyncio.Task[Status | None]]] = {}

    async def now(self, document: str) -> Status | None:
        """Return a status as it is now; None if there is no such document. Raises `UnavailableError`."""
        return await self._read(document)

    async def get(self, document: str) -> Status | None:
        """Return a status that is at most `FRESH_FOR` old; None if there is no such document. Raises `UnavailableError`."""
        now = time.monotonic()
        self._known = {name: entry for name, entry in self._known.items() if entry[0] > now}
        if document not in self._known:
            reading = asyncio.create_task(self._read(document))
            # An error belongs to those who wait, if there still are any.
            reading.add_done_callback(lambda task: task.cancelled() or task.exception())
            self._known[document] = (now + FRESH_FOR, reading)
        # Shielded: whoever asked first may go away, and the others still want it.
        return await asyncio.shield(self._known[document][1])

    async def _read(self, document: str) -> Status | None:
        found = await self._reader.get(document)
        return Status.of(found, datetime.now(UTC)) if found else None
