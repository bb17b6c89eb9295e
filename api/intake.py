"""Documents on their way in."""

from collections.abc import AsyncIterator

from msgspec.structs import replace
from starlette.requests import ClientDisconnect

from api.metering import Meter
from api.problems import NotFoundError
from pipeline import languages, metadata
from pipeline.cancellations import Cancellations
from pipeline.errors import ConflictError, EndedError, InputError, LimitError, UnavailableError
from pipeline.events import DocumentPart
from pipeline.metrics import DOCUMENTS_ACCEPTED
from pipeline.revisions import revision
from pipeline.roster import Roster
from producer.submission import DocumentInfo, PartSender, part_of
from sink.store.lifecycle import DocumentLifecycle
from sink.store.reading import DocumentReader


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
        meter: Meter | None = None,
    ) -> None:
        """`meter`: counts what is sent; None: nothing is counted."""
        self._sender = sender
        self._lifecycle = lifecycle
        self._reader = reader
        self._roster = roster
        self._cancelled = cancelled
        self._meter = meter

    def limited_to(self, lifecycle: DocumentLifecycle, reader: DocumentReader, meter: Meter) -> "Intake":
        """Return what takes the documents of one caller."""
        return Intake(self._sender, lifecycle, reader, self._roster, self._cancelled, meter)

    async def accept(self, info: DocumentInfo, pieces: AsyncIterator[str]) -> None:
        """Return when Kafka has the whole document.

        Raises `InputError` of many kinds; `ConflictError` if the id stands for another text, `EndedError` when the document
        is cancelled meanwhile; `LimitError` when the sender has used what it may use; `UnavailableError` while Kafka or
        MongoDB is away. What had been sent until then stays, and the document is `incomplete`.
        """
        self._check(info)
        registered = False
        known = False
        try:
            async for part in self._sender.parts(info, pieces):
                if not registered:
                    known = not await self._register(info, part)
                    registered = True
                if known:
                    await self._check_same(info.id, part)
                if info.id in self._cancelled:
                    raise EndedError(f"document {info.id} was cancelled")
                await self._charge(info.id, part, new=not known)
                await self._sender.send(part)
        except (InputError, LimitError, UnavailableError, ClientDisconnect) as error:
            # Before the first part nothing was begun: the sender can correct the text and send it again.
            if registered and not isinstance(error, ConflictError):
                await self._lifecycle.interrupted(info.id, str(error) or "the connection broke off")
            raise
        await self._lifecycle.received(info.id)
        DOCUMENTS_ACCEPTED.inc()

    async def put(self, info: DocumentInfo, number: int, text: str, *, last: bool) -> None:
        """Take one part by itself, and return when Kafka has it; part 0 begins the document, if there is none.

        Languages and model of other parts are those that the document began with. Raises as `accept` does, and
        `NotFoundError` for another part of a document that was not begun.
        """
        part = part_of(info, number, text, last=last)
        known = await self._lifecycle.continue_upload(info.id)
        if known is None:
            if number:
                raise NotFoundError(info.id)
            self._check(info)
            new = await self._register(info, part)
        else:
            new = False
            part = replace(part, source=known.source, target=known.target, model=known.model)
            await self._check_same(info.id, part)
        await self._charge(info.id, part, new=new)
        await self._sender.send(part)

    async def _charge(self, document: str, part: DocumentPart, *, new: bool) -> None:
        """Count a part; of a new document that begins beyond its sender's quota nothing is left."""
        try:
            if self._meter is not None:
                await self._meter.charge(document, part)
        except LimitError:
            if new and part.part == 0:
                await self._lifecycle.withdraw(document)
            raise

    def _check(self, info: DocumentInfo) -> None:
        languages.check(info.source)
        languages.check(info.target)
        metadata.check(info.metadata)
        self._roster.check(info.source, info.target, info.model)

    async def _register(self, info: DocumentInfo, part: DocumentPart) -> bool:
        return await self._lifecycle.register(
            info.id,
            source=info.source,
            target=info.target,
            model=info.model,
            metadata=info.metadata,
            revision=revision(part),
            expected=info.expected,
            callback=info.callback,
        )

    async def _check_same(self, document: str, part: DocumentPart) -> None:
        clash = await self._reader.clash(document, part.part, last=part.last, revision=revision(part))
        if clash is not None:
            raise ConflictError(
                f"document {document} is already there with another text ({clash}); "
                "choose another id or delete it first"
            )
