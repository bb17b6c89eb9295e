"""One document's events for one reader."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from aiokafka.errors import KafkaError

from api.live.events import END, SILENCE, Place, status_event, stored_event
from api.live.feed import Feed, FellBehindError, Listener
from api.live.statuses import FRESH_FOR, Statuses
from api.schemas.statuses import Status
from pipeline.errors import UnavailableError
from store.documents.correcting import CorrectionStore
from store.documents.reading import DocumentReader
from store.ownership import EVERYBODY

ENDS = ("done", "cancelled")
_SILENT_FOR = 15.0
# Without a change for so long, nothing more is expected of an upload that broke off. It may go on, so its stream does.
_SETTLED = 5.0
# Records that a reader may be behind: the store gives a document faster than Kafka a partition with those of all others.
_BEHIND = 20_000


class LiveStream:
    """Makes the events of a document: what is there already, then sentences as they are made, and how far it is.

    An event's id says how far its reader has everything: the place in `translations` that comes next. A reader that comes
    back with the id of the last event it got misses no sentence; it may get one twice. While partitions are added, a
    document's translations may be in two of them; then all sentences are given once more before the end.
    """

    def __init__(self, feed: Feed, reader: DocumentReader, statuses: Statuses, corrections: CorrectionStore) -> None:
        self._feed = feed
        self._corrections = corrections
        self._reader = reader
        self._statuses = statuses

    async def events(self, document: str, after: Place | None, *, stored: bool = True) -> AsyncGenerator[bytes]:
        """Yield events, those that are there together, until the document has come to its end.

        `after`: id of the last event that the reader has; `stored`: whether one without an id gets what is there already.
        Ends before if the reader is too slow or Kafka away: it may come back. Raises nothing once it has begun.
        """
        try:
            async with self._feed.reading(), aclosing(self._events(document, after, stored=stored)) as events:
                async for chunk in events:
                    yield chunk
        except (FellBehindError, KafkaError, UnavailableError):
            return

    async def _events(self, document: str, after: Place | None, *, stored: bool) -> AsyncGenerator[bytes]:
        began = time.monotonic()
        start = after if after is not None and await self._can_go_on(document, after) else None
        if start is None:
            # Up to here the store has everything, from here on the topic.
            start = await self._feed.stored(document)
            if stored or after is not None:
                async for chunk in self._stored(document):
                    yield chunk
        status = await self._statuses.get(document)
        if status is None:
            return
        yield status_event("progress", status, start)
        async with self._feed.listen(document, start) as listener, aclosing(self._live(status, listener)) as events:
            async for chunk in events:
                yield chunk
        if self._feed.moved_since(began):
            async for chunk in self._stored(document):
                yield chunk
        status = await self._statuses.get(document)
        if status is None:
            return
        # What was made of a sentence may have come after what people had made of it.
        if status.edits:
            edited = await self._corrections.since(EVERYBODY, document, 0)
            yield b"".join(map(stored_event, edited))
        yield status_event("state", status, END)

    async def _can_go_on(self, document: str, after: Place) -> bool:
        oldest, newest = await self._feed.bounds(document)
        first = max(oldest.offset, newest.offset - _BEHIND)
        return after.partition == oldest.partition and first <= after.offset <= newest.offset

    async def _stored(self, document: str) -> AsyncGenerator[bytes]:
        async for sentences in self._reader.all_sentences(EVERYBODY, document):
            yield b"".join(map(stored_event, sentences))

    async def _live(self, last: Status, listener: Listener) -> AsyncGenerator[bytes]:
        document = last.id
        end = await self._end(last)
        asked = spoke = time.monotonic()
        changed: float | None = asked
        while end is None or not listener.has_all_before(end):
            events = await listener.take(FRESH_FOR)
            if time.monotonic() - asked >= FRESH_FOR:
                asked = time.monotonic()
                status = await self._statuses.get(document)
                if status is None:
                    return
                if status != last:
                    events.append(status_event("progress", status))
                    changed = asked
                elif changed is not None and asked - changed >= _SETTLED and _is_exhausted(status):
                    events.append(status_event("state", status))
                    changed = None
                last = status
                end = end or await self._end(status)
            if time.monotonic() - spoke >= _SILENT_FOR:
                events.append(SILENCE)
            if chunk := b"".join(events):
                spoke = time.monotonic()
                yield chunk

    async def _end(self, status: Status) -> Place | None:
        """Return where the document's events end on the topic, if it has come to its end: all of them are there then."""
        return (await self._feed.bounds(status.id))[1] if status.state in ENDS else None


def _is_exhausted(status: Status) -> bool:
    return status.state == "incomplete" and status.sentences.translated == status.sentences.total
