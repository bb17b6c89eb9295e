"""Documents on their way in."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect

from pipeline import languages, metadata
from pipeline.errors import ConflictError, InputError, UnavailableError
from pipeline.events import DocumentPart
from pipeline.metrics import DOCUMENTS_ACCEPTED
from pipeline.revisions import revision
from pipeline.roster import Roster
from producer.submission import DocumentInfo, PartSender
from sink.store.lifecycle import DocumentLifecycle
from sink.store.reading import DocumentReader

_SEND_TIMEOUT = 30.0
"""Seconds that a sender waits while Kafka is away before it is told so."""


class Intake:
    """Takes documents: checks them, registers them, and sends their parts to Kafka while they arrive.

    A document that is sent again under its id is the same document: parts that are there already must have the same text.
    So a sender that lost the connection sends the whole again.
    """

    def __init__(
        self, sender: PartSender, lifecycle: DocumentLifecycle, reader: DocumentReader, roster: Roster
    ) -> None:
        self._sender = sender
        self._lifecycle = lifecycle
        self._reader = reader
        self._roster = roster

    async def accept(self, info: DocumentInfo, pieces: AsyncIterator[str]) -> None:
        """Return when Kafka has the whole document.

        Raises `InputError` of many kinds; `ConflictError` if the id stands for another text; `UnavailableError` while Kafka
        or MongoDB is away. What had been sent until then stays, and the document is `incomplete`.
        """
        languages.check(info.source)
        languages.check(info.target)
        metadata.check(info.metadata)
        self._roster.check(info.source, info.target, info.model)
        registered = False
        known = False
        try:
            async for part in self._sender.parts(info, pieces):
                if not registered:
                    known = not await self._lifecycle.register(
                        info.id,
                        source=info.source,
                        target=info.target,
                        model=info.model,
                        metadata=info.metadata,
                        revision=revision(part),
                    )
                    registered = True
                if known:
                    await self._check_same(info.id, part)
                await self._send(part)
        except (InputError, UnavailableError, ClientDisconnect) as error:
            # Before the first part nothing was begun: the sender can correct the text and send it again.
            if registered and not isinstance(error, ConflictError):
                await self._lifecycle.interrupted(info.id, str(error) or "the connection broke off")
            raise
        await self._lifecycle.received(info.id)
        DOCUMENTS_ACCEPTED.inc()

    async def _send(self, part: DocumentPart) -> None:
        try:
            async with asyncio.timeout(_SEND_TIMEOUT):
                await self._sender.send(part)
        except TimeoutError:
            raise UnavailableError("Kafka", "SATZSTROM_KAFKA", f"no answer for {_SEND_TIMEOUT:.0f} s") from None

    async def _check_same(self, document: str, part: DocumentPart) -> None:
        stored = await self._reader.revision(document, part.part)
        entry = await self._reader.get(document)
        longer = part.last and entry is not None and entry.parts not in (None, part.part + 1)
        if longer or (stored is not None and stored != revision(part)):
            raise ConflictError(
                f"document {document} is already there with another text (part {part.part} differs); "
                "choose another id or delete it first"
            )
