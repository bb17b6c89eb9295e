"""Parts and translations in, documents out."""

import logging
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from pipeline import cloudevents, tracing
from pipeline.errors import InputError
from pipeline.events import Control, DocumentCompleted, Event, SegmentedPart, Translation
from pipeline.publisher import Outgoing
from pipeline.records import Received, Record
from pipeline.step import Refused
from pipeline.topics import Topics
from store.dead_letters import DeadLetterStore
from store.ownership import EVERYBODY, Ownership
from store.writing.filling import PartUpdate
from store.writing.writer import RefusedUpdate, Written

logger = logging.getLogger(__name__)

_Key = tuple[str, int, str]
"""Document, part and revision."""


class Writer(Protocol):
    """What `store.writing.writer.DocumentWriter` does."""

    async def write(self, updates: Sequence[PartUpdate]) -> Written:
        """Write what is new, and return what became of it."""
        ...


class Canceller(Protocol):
    """What `store.documents.lifecycle.DocumentLifecycle` does."""

    async def cancel_early(self, ownership: Ownership, documents: Collection[str]) -> list[DocumentCompleted]:
        """Cancel documents, also before anything of them is there; return what is to be said of them."""
        ...


class Handler:
    """Writes what arrives to the store, grouped by part, and announces documents that have come to their end."""

    def __init__(self, writer: Writer, canceller: Canceller, topics: Topics) -> None:
        self._writer = writer
        self._canceller = canceller
        self._topics = topics

    async def __call__(
        self, received: Sequence[Received[SegmentedPart | Translation | Control]]
    ) -> list[Outgoing | Refused]:
        """Return when everything is safe in the store, with what is to be announced, and what can never be stored.

        Raises `UnavailableError` while the store is away; it may be called again.
        """
        started = time.time()
        ended: list[DocumentCompleted] = []
        controls = (event for event, _ in received if isinstance(event, Control))
        if cancelled := {one.document for one in controls if one.action == "cancel" and one.document is not None}:
            ended += await self._canceller.cancel_early(EVERYBODY, cancelled)
        updates = group(event for event, _ in received if not isinstance(event, Control))
        written = await self._writer.write(updates)
        ended += written.completed
        tracing.spans_of("store", (record.headers for _, record in received), started)
        refused = {(one.update.document, one.update.part, one.update.revision): one for one in written.refused}
        return [
            *(cloudevents.announcement(event, self._topics) for event in ended),
            *_buried(received, refused),
        ]


def _buried(
    received: Iterable[Received[SegmentedPart | Translation | Control]], refused: Mapping[_Key, RefusedUpdate]
) -> Iterator[Refused]:
    """Yield the records that are to blame for a refused update: of a part that does not fit, the part alone."""
    for event, record in received:
        if isinstance(event, Control) or (found := refused.get((event.document, event.part, event.revision))) is None:
            continue
        if isinstance(event, SegmentedPart) or found.update.segmented is None:
            yield Refused(record, found.error)


class DeadLetterRecord(Event, frozen=True):
    """Stands for a record of the dead letters, whose value may be anything."""

    @classmethod
    def of(cls, _: Record) -> "DeadLetterRecord":
        """Take any record."""
        return cls()


class DeadLetterHandler:
    """Puts dead letters into the store, where people can look at them."""

    def __init__(self, store: DeadLetterStore) -> None:
        self._store = store

    async def __call__(self, received: Sequence[Received[DeadLetterRecord]]) -> list[Outgoing]:
        """Return when they are safe in the store; one that MongoDB cannot hold stays on its topic.

        Raises `UnavailableError` while the store is away.
        """
        records = [record for _, record in received]
        try:
            await self._store.add(records)
        except InputError:
            for record in records:
                await self._add(record)
        return []

    async def _add(self, record: Record) -> None:
        try:
            await self._store.add([record])
        except InputError as error:
            # Not raised: it would become a dead letter again, without end.
            logger.error("dead letter at %d stays on its topic only: %s", record.offset, error)  # noqa: TRY400


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
