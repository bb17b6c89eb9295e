"""Parts and translations in, documents out."""

import logging
import time
from collections.abc import Iterable, Sequence
from typing import Protocol

from pipeline import tracing
from pipeline.backoff import Backoff
from pipeline.errors import UnavailableError
from pipeline.events import SegmentedPart, Translation
from pipeline.publisher import Outgoing
from pipeline.records import Received
from sink.store.writing import PartUpdate

logger = logging.getLogger(__name__)


class Writer(Protocol):
    """What `sink.store.writing.DocumentWriter` does."""

    async def write(self, updates: Sequence[PartUpdate]) -> None:
        """Write what is new."""
        ...


class Handler:
    """Writes what arrives to the store, grouped by part. While the store is away it waits."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def __call__(self, received: Sequence[Received[SegmentedPart | Translation]]) -> list[Outgoing]:
        """Return when everything is safe in the store. Raises `ConflictError`."""
        updates = group(event for event, _ in received)
        started = time.time()
        backoff = Backoff(logger, "writing to MongoDB")
        while True:
            try:
                await self._writer.write(updates)
            except UnavailableError as error:
                await backoff.wait(error)
            else:
                backoff.succeeded()
                tracing.spans_of("store", (record.headers for _, record in received), started)
                return []


def group(events: Iterable[SegmentedPart | Translation]) -> list[PartUpdate]:
    """Return one update for each revision of a part among the events."""
    updates: dict[tuple[str, int, str], PartUpdate] = {}
    for event in events:
        key = (event.document, event.part, event.revision)
        update = updates.get(key)
        if update is None:
            update = updates[key] = PartUpdate(*key)
        if isinstance(event, SegmentedPart):
            update.segmented = event
        else:
            update.translations.append(event)
    return list(updates.values())
