"""Statuses for many who ask for the same documents again and again."""

import asyncio
import time
from datetime import UTC, datetime

from api.schemas.statuses import Status
from store.documents.reading import DocumentReader
from store.ownership import EVERYBODY

FRESH_FOR = 0.4
"""Seconds for which a status counts as that of now."""


class Statuses:
    """Reads statuses once for all who ask for them at the same time, and those of several documents together."""

    def __init__(self, reader: DocumentReader) -> None:
        self._reader = reader
        self._known: dict[str, tuple[float, asyncio.Future[Status | None]]] = {}
        self._wanted: dict[str, asyncio.Future[Status | None]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def get(self, document: str) -> Status | None:
        """Return a status that was asked for at most `FRESH_FOR` ago; None if there is no such document.

        Raises `UnavailableError`.
        """
        now = time.monotonic()
        until, found = self._known.get(document, (0.0, None))
        if found is None or (until < now and found.done()):
            found = asyncio.get_running_loop().create_future()
            self._known[document] = now + FRESH_FOR, found
            self._wanted[document] = found
            if self._reading is None:
                self._reading = asyncio.create_task(self._read())
        # Shielded: whoever asked first may go away, and the others still want it.
        return await asyncio.shield(found)

    async def _read(self) -> None:
        """Read what is wanted; what is asked for meanwhile is read together after that."""
        while self._wanted:
            wanted, self._wanted = self._wanted, {}
            try:
                documents = await self._reader.many(EVERYBODY, wanted)
                now = datetime.now(UTC)
                read = {name: Status.of(document, now) for name, document in documents.items()}
            except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to those who wait
                for found in wanted.values():
                    found.set_exception(error)
                    # There may be nobody left who waits.
                    found.exception()
                continue
            for name, found in wanted.items():
                found.set_result(read.get(name))
        self._reading = None
        fresh = time.monotonic()
        self._known = {name: entry for name, entry in self._known.items() if entry[0] > fresh}
