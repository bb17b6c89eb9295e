"""One document's events for one reader."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal

from aiokafka.errors import KafkaError

from api.live.feed import Feed, FellBehindError, Listener, Made
from api.live.statuses import FRESH_FOR, Statuses
from api.schemas import LiveSentence
from pipeline.errors import EventError, UnavailableError
from pipeline.events import Translation, decode
from sink.store.reading import DocumentReader

END = "end"
"""Id of the last event of a document."""
ENDS = ("done", "cancelled")
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """One event; `id` says how far its reader has everything: the offset in `translations` that comes next."""

    kind: Literal["sentence", "progress", "state"]
    data: Any
    id: str | None = None


class LiveStream:
    """Makes the events of a document: what is there already, then sentences as they are made, and how far it is.

    A reader that comes back with the id of the last event it got misses no sentence; it may get one twice.
    """

    def __init__(self, feed: Feed, reader: DocumentReader, statuses: Statuses) -> None:
        self._feed = feed
        self._reader = reader
        self._statuses = statuses

    async def events(self, document: str, after: int | None) -> AsyncGenerator[LiveEvent]:
        """Yield events until the document has come to its end, or the reader is too slow or Kafka away.

        Then it may come back. Raises nothing once it has begun.
        """
        try:
            async with aclosing(self._events(document, after)) as events:
                async for event in events:
                    yield event
        except (FellBehindError, KafkaError, UnavailableError):
            return

    async def _events(self, document: str, after: int | None) -> AsyncGenerator[LiveEvent]:
        oldest, _ = await self._feed.bounds(document)
        start = after if after is not None and after >= oldest else None
        if start is None:
            # Up to here the store has everything, from here on the topic.
            start = await self._feed.stored(document)
            async for sentence in self._stored(document):
                yield LiveEvent("sentence", sentence)
        status = await self._statuses.get(document)
        if status is None:
            return
        yield LiveEvent("progress", status, str(start))
        async with self._feed.listen(document, start) as listener, aclosing(self._live(document, listener)) as events:
            async for event in events:
                yield event

    async def _live(self, document: str, listener: Listener) -> AsyncGenerator[LiveEvent]:
        last = None
        end: int | None = None
        asked = 0.0
        while end is None or not listener.has_all_before(end):
            made = await listener.next(FRESH_FOR)
            if made is not None and (sentence := _sentence(made)) is not None:
                yield LiveEvent("sentence", sentence, str(made.offset + 1))
            if time.monotonic() - asked < FRESH_FOR:
                continue
            asked = time.monotonic()
            status = await self._statuses.get(document)
            if status is None:
                return
            if status != last:
                yield LiveEvent("progress", status)
            last = status
            if end is None and status.state in ENDS:
                # All translations of it are on the topic by now.
                _, end = await self._feed.bounds(document)
        status = await self._statuses.get(document)
        if status is not None:
            yield LiveEvent("state", status, END)

    async def _stored(self, document: str) -> AsyncGenerator[LiveSentence]:
        after: tuple[int, int] | None = None
        while page := await self._reader.sentences(document, after=after, limit=_PAGE):
            for sentence in page:
                if sentence.translation is not None:
                    yield LiveSentence(
                        position=f"{sentence.part}.{sentence.index}",
                        translation=sentence.translation,
                        flags=sentence.flags,
                        suspect=sentence.suspect,
                        failed=sentence.failed,
                    )
            after = (page[-1].part, page[-1].index)


def _sentence(made: Made) -> LiveSentence | None:
    try:
        event = decode(Translation, made.value)
    except EventError:
        # The sink has put it to the dead letters.
        return None
    return LiveSentence(
        position=f"{event.part}.{event.index}",
        translation=event.text,
        flags=event.flags,
        suspect=event.suspect,
        failed=event.failed,
    )
