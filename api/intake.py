"""Documents on their way in."""

import codecs
import dataclasses
import time
from collections.abc import AsyncIterator

from msgspec.structs import replace
from starlette.requests import ClientDisconnect

from api.callers import Caller
from api.metering import Meter
from api.problems import NotFoundError
from api.shares import Shares
from pipeline import languages, metadata
from pipeline.cancellations import Cancellations
from pipeline.detection import AUTO
from pipeline.document_info import DocumentInfo
from pipeline.errors import ConflictError, EndedError, InputError, LimitError, SatzstromError, UnavailableError
from pipeline.events import DocumentPart
from pipeline.metrics import DOCUMENTS_ACCEPTED
from pipeline.naming import first_words
from pipeline.revisions import revision
from pipeline.roster import Roster
from pipeline.submission import PartSender, make_part
from store.documents.lifecycle import HEARD_EVERY, DocumentLifecycle, Registration
from store.documents.reading import DocumentReader


class Intake:
    """Takes documents: checks them, registers them, and sends their parts to Kafka while they arrive.

    A document that is sent again under its id is the same document: parts that are there already must have the same text.
    So a sender that lost the connection sends the whole again, or the parts that are missing.
    """

    def __init__(
        self,
        sender: PartSender,
        lifecycle: DocumentLifecycle,
        reader: DocumentReader,
        roster: Roster,
        cancelled: Cancellations,
        meter: Meter,
        shares: Shares,
    ) -> None:
        self._sender = sender
        self._lifecycle = lifecycle
        self._reader = reader
        self._roster = roster
        self._cancelled = cancelled
        self._meter = meter
        self._shares = shares

    async def accept(self, caller: Caller, info: DocumentInfo, pieces: AsyncIterator[str]) -> None:
        """Return when Kafka has the whole document.

        Raises `InputError` of many kinds; `ConflictError` if the id stands for another text, `EndedError` when the document
        is cancelled meanwhile; `LimitError` when the sender has used what it may use; `UnavailableError` while Kafka or
        MongoDB is away. What had been sent until then stays, and the document is `incomplete`; one with a file goes on after
        an outage (`api.files.resuming`).
        """
        info = dataclasses.replace(info, candidates=self.candidates(info.source, info.target))
        await self.accept_parts(caller, info, self._sender.parts(info, pieces))

    async def accept_parts(self, caller: Caller, info: DocumentInfo, parts: AsyncIterator[DocumentPart]) -> None:
        """As `accept`, for a text that is in parts already."""
        self.check(info)
        registered: Registration | None = None
        whole = False
        characters = 0
        heard = time.monotonic()
        try:
            async for part in parts:
                characters += len(part.text)
                if registered is None:
                    registered = await self._register(caller, info, part)
                    # Then it was said already.
                    whole = registered.new and _is_whole(part)
                if not registered.new:
                    await self._check_same(caller, info.id, part)
                if info.id in self._cancelled:
                    raise EndedError(f"document {info.id} was cancelled")
                begun = replace(part, pins=registered.pins, memory=registered.memory)
                await self._send(caller, info.id, begun, new=registered.new)
                if time.monotonic() - heard > HEARD_EVERY.total_seconds():
                    heard = time.monotonic()
                    await self._lifecycle.heard_of(caller.ownership, info.id)
        except (InputError, LimitError, UnavailableError, ClientDisconnect) as error:
            # Before the first part nothing was begun: the sender can correct the text and send it again.
            goes_on = "file" in info.internal and isinstance(error, UnavailableError)
            if registered and not goes_on and not isinstance(error, ConflictError):
                await self._lifecycle.interrupted(
                    caller.ownership, info.id, getattr(error, "public", "the connection broke off")
                )
            raise
        if not whole:
            await self._lifecycle.received(caller.ownership, info.id, characters)
        DOCUMENTS_ACCEPTED.inc()

    async def put(self, caller: Caller, info: DocumentInfo, number: int, text: str, *, last: bool) -> None:
        """Take one part by itself, and return when Kafka has it; part 0 begins the document, if there is none.

        Languages and model of other parts are those that the document began with. Raises as `accept` does, and
        `NotFoundError` for another part of a document that was not begun.
        """
        part = await make_part(info, number, text, last=last)
        known = await self._lifecycle.continue_upload(caller.ownership, info.id)
        if known is None:
            if number:
                raise NotFoundError(info.id)
            self.check(info)
            known = await self._register(caller, info, part)
        else:
            part = replace(part, source=known.source, target=known.target, model=known.model)
            await self._check_same(caller, info.id, part)
        candidates = self.candidates(part.source, part.target)
        begun = replace(part, candidates=candidates, pins=known.pins, memory=known.memory)
        await self._send(caller, info.id, begun, new=known.new)
        if last:
            await self._lifecycle.received(caller.ownership, info.id)

    async def check_quota(self, caller: Caller, characters: int) -> None:
        """Raise `QuotaError` if the sender has fewer characters left, for texts that are of use as a whole only."""
        await self._meter.check(caller, characters)

    async def _send(self, caller: Caller, document: str, part: DocumentPart, *, new: bool) -> None:
        """Count a part and send it on, unless the store has it or it is on its way: that would only repeat its work.

        Of a new document that begins beyond its sender's quota nothing is left.
        """
        if not new and await self._reader.has(
            caller.ownership, document, part.part, last=part.last, revision=revision(part)
        ):
            return
        try:
            wanted = await self._meter.charge(caller, document, part)
        except LimitError:
            if new and part.part == 0:
                await self._lifecycle.withdraw(caller.ownership, document)
            raise
        if not wanted:
            return
        try:
            await self._sender.send(self._shares.within(caller, part))
        except SatzstromError:
            await self._meter.failed(caller, document, part)
            raise
        await self._meter.sent(caller, document, part)

    def check(self, info: DocumentInfo) -> None:
        """Raise `InputError` of many kinds for what cannot be translated, or kept."""
        languages.check(info.target)
        metadata.check(info.metadata)
        if info.source == AUTO:
            self._roster.check_target(info.target)
        else:
            languages.check(info.source)
            self._roster.check(info.source, info.target, info.model)

    def candidates(self, source: str, target: str) -> list[str]:
        """Return the languages that can be translated, for texts that are too short to tell theirs."""
        return self._roster.sources(target) if source == AUTO else []

    async def _register(self, caller: Caller, info: DocumentInfo, part: DocumentPart) -> Registration:
        # Who waits for an answer is served by what is in use when it is made.
        waits = "synchronous" in info.internal
        return await self._lifecycle.register(
            caller.ownership,
            info.id,
            source=info.source,
            target=info.target,
            model=info.model,
            metadata=info.metadata,
            revision=revision(part),
            expected=len(part.text) if _is_whole(part) else _characters(info, part.text),
            whole=_is_whole(part),
            internal=info.internal,
            pins={} if waits else self._roster.pins(info.source, info.target, info.model),
            remembered=info.memory is not False,
            callback=info.callback,
            beginning=first_words(part.text),
            at_most=caller.limits.documents,
        )

    async def _check_same(self, caller: Caller, document: str, part: DocumentPart) -> None:
        clash = await self._reader.clash(caller.ownership, document, part.part, last=part.last, revision=revision(part))
        if clash is not None:
            raise ConflictError(
                f"document {document} is already there with another text ({clash}); "
                "choose another id or delete it first"
            )


def _is_whole(part: DocumentPart) -> bool:
    return part.last and part.part == 0


def _characters(info: DocumentInfo, beginning: str) -> int | None:
    """Return about how many characters a document has whose sender said its bytes: as many a byte as its beginning has."""
    if info.expected is None or not beginning:
        return info.expected
    encoding = info.internal.get("encoding") or "utf-8"
    size = len(codecs.encode(beginning, encoding, "replace"))
    return max(len(beginning), info.expected * len(beginning) // max(1, size))
