"""The models that documents began with, so that all of their parts are translated by the same."""

import asyncio
import logging
import secrets
from collections import defaultdict

from pipeline.errors import EventError, UnavailableError
from pipeline.events import Control, DocumentPart, decode, encode
from pipeline.publisher import Outgoing, Publisher
from pipeline.records import Record
from pipeline.roster import Roster, now_ms
from pipeline.topics import Topics

logger = logging.getLogger(__name__)

KEPT_MS = 7 * 24 * 60 * 60 * 1000
"""As long as Kafka keeps the parts of documents, and this topic."""

_PATIENCE = 30.0

Pins = dict[str, str]
"""Models by source language."""


class Beginnings:
    """Tells for each part the models of its document. `pipeline.following` keeps it up to date, in the same event loop.

    The API has written them into the parts of what it took in. For what came straight from Kafka they follow from the time
    of the record: whoever reads it again finds the same. Parts of one document may have come before and after a change of
    model, in any order and at several segmenters: so the first that meets one says on `control` with which models it began,
    and goes on when it reads the first word on that, which may be another's.
    """

    def __init__(self, roster: Roster, publisher: Publisher, topics: Topics) -> None:
        self._roster = roster
        self._publisher = publisher
        self._topics = topics
        self._known: dict[str, tuple[int, Pins]] = {}
        self._waiting: dict[str, list[asyncio.Event]] = defaultdict(list)

    def add(self, record: Record) -> None:
        """Take one record of the topic `control`."""
        if not record.value:
            return
        try:
            event = decode(Control, record.value)
        except EventError:
            # Who follows cancellations says so already.
            return
        if event.action != "begin" or event.document is None or event.document in self._known:
            return
        now = now_ms()
        # The sender's clock may be wrong.
        self._known[event.document] = (min(record.timestamp, now), event.pins)
        while self._known and next(iter(self._known.values()))[0] < now - KEPT_MS:
            del self._known[next(iter(self._known))]
        for waiting in self._waiting.pop(event.document, []):
            waiting.set()

    async def pins(self, event: DocumentPart, record: Record) -> Pins:
        """Return the models by source language; nothing where no translator says which it prefers.

        Raises `UnavailableError` while Kafka is away.
        """
        if event.pins:
            return event.pins
        found = self._roster.pins(event.source, event.target, event.model, at=record.timestamp)
        whole = event.part == 0 and event.last
        if not found or whole or event.id is None:
            return found
        if event.id not in self._known:
            await self._say(event.id, found)
        return self._known[event.id][1]

    async def _say(self, document: str, pins: Pins) -> None:
        heard = asyncio.Event()
        self._waiting[document].append(heard)
        control = Control(document=document, action="begin", pins=pins)
        # Another key for each word: the topic is compacted, and neither the first word on it nor a cancellation may go.
        key = f"{document}/begin/{secrets.token_hex(8)}".encode()
        try:
            await self._publisher.publish([Outgoing(self._topics.control, encode(control), key)])
            async with asyncio.timeout(_PATIENCE):
                await heard.wait()
        except TimeoutError:
            raise UnavailableError("Kafka", self._topics.control, "what was written is not there to be read") from None
        finally:
            if (left := self._waiting.get(document)) and heard in left:
                left.remove(heard)
