"""Documents that come as files: kept first, then read and sent on, and given back in their own format."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from typing import Any, BinaryIO

from starlette.requests import ClientDisconnect

from api.callers import Caller
from api.files.reading import FileTexts
from api.files.spooling import Spool, in_thread, temporary
from api.files.writing import Partial, written
from api.intake import Intake
from formats.document import Options
from formats.errors import KindError
from formats.table import KINDS, TEXT, Kind
from pipeline.detection import AUTO
from pipeline.document_info import DocumentInfo, new_id
from pipeline.errors import SatzstromError, UnavailableError
from pipeline.terms import Terms
from store.documents.filed import FiledDocuments, Unread
from store.documents.reading import Document, DocumentReader
from store.files import FileStore
from store.ownership import EVERYBODY
from store.parts import Version

_HEAD_START = 2.0
"""Seconds that the first page of a long file has for itself at most; translators may be busy, or none there."""
_LOOKED_EVERY = 0.1
_BY_NAME = {kind.name: kind for kind in KINDS}


class Filing:
    """Takes documents as files, reads on what others began to read, and writes results.

    A document's file is in the store before anything of it is sent. So whatever ends this process loses nothing of a
    document: another one reads the file again, and sends what is missing (`api.files.resuming`).
    """

    def __init__(
        self, store: FileStore, documents: FiledDocuments, reader: DocumentReader, intake: Intake, limit: int
    ) -> None:
        """`limit`: bytes of a file at most."""
        self._store = store
        self._documents = documents
        self._reader = reader
        self._intake = intake
        self.limit = limit
        """Bytes of a file at most."""

    async def accept(
        self,
        caller: Caller,
        info: DocumentInfo,
        kind: Kind,
        name: str,
        chunks: AsyncIterator[bytes],
        options: Options | None = None,
    ) -> None:
        """Return when Kafka has all texts of a file, or when it is sure that it will.

        Raises as `Intake.accept` and `Reader.read` do, and `TooLargeError`. Of a file that cannot be read nothing is
        left, unless a part of it was sent before that was found.
        """
        self._intake.check(info)
        noted = _noted(info, kind, options or Options())
        with closing(temporary()) as spooled:
            try:
                await self._keep(caller, info, noted, kind, name, chunks, spooled)
                metadata = info.metadata | ({"filename": name} if name else {})
                internal = info.internal | {"file": noted}
                # Its length says nothing of how many characters its texts have.
                info = dataclasses.replace(info, metadata=metadata, internal=internal, expected=None)
                await self._send(caller, info, kind, spooled, first=True)
            except UnavailableError:
                # What is registered with its file goes on when Kafka is there again.
                if not await self._store.settle(noted["id"]):
                    raise
            except (SatzstromError, ClientDisconnect):
                # What cannot be tidied up now is left to the janitor.
                with suppress(UnavailableError):
                    await self._store.settle(noted["id"])
                raise
            else:
                await self._store.settle(noted["id"])

    async def _keep(
        self,
        caller: Caller,
        info: DocumentInfo,
        noted: dict[str, Any],
        kind: Kind,
        name: str,
        chunks: AsyncIterator[bytes],
        spooled: BinaryIO,
    ) -> None:
        """Put a file into the store and into a temporary one while it arrives."""
        file = await self._store.begin(
            caller.ownership,
            noted["id"],
            name=name,
            media_type=kind.media_types[0],
            document=info.id,
            terms=info.terms.mapping,
        )
        spool = Spool(self._store, file, spooled, self.limit)
        await spool.take(chunks)
        await self._store.complete(file, spool.digest)
        noted.update(name=name, digest=spool.digest, bytes=spool.length)

    async def go_on(self, found: Unread) -> None:
        """Read a document's file again, and send what is missing of it. Raises as `accept` does."""
        noted = found.internal["file"]
        info = DocumentInfo(
            found.id,
            found.source,
            found.target,
            found.model,
            metadata=found.metadata,
            priority=noted["priority"],
            urgent=noted["urgent"],
            internal=found.internal,
            alternatives=noted.get("alternatives", 0),
            memory=noted.get("memory"),
            terms=Terms(await self._store.terms(noted["id"]), noted.get("language", "")),
        )
        with closing(temporary()) as spooled:
            await self._fetch(noted["id"], spooled)
            await self._send(Caller(found.owner), info, kind_named(noted["kind"]), spooled, first=False)

    async def _send(self, caller: Caller, info: DocumentInfo, kind: Kind, spooled: BinaryIO, *, first: bool) -> None:
        noted = info.internal["file"]
        texts = FileTexts(kind, spooled, _options(info.source, info.target, noted))
        if first and caller.id is not None and caller.limits.characters is not None:
            # Of a document beyond its sender's quota nothing is translated.
            await self._intake.check_quota(caller, await texts.characters())

        async def tell(found: dict[str, Any]) -> None:
            # The document is registered with it, or it is noted in the document.
            noted.update(found)
            await self._documents.note(caller.ownership, info.id, noted["id"], found)

        wanted = dataclasses.replace(info, align=True, splitting="segments", headings=texts.headings)
        await self._intake.accept(caller, wanted, texts.pieces(tell, lambda: self._first_page(caller, info)))

    async def _first_page(self, caller: Caller, info: DocumentInfo) -> None:
        """Let a document's first page be translated before the rest is read, which takes a core for seconds."""
        tries = 0 if info.priority == "low" else round(_HEAD_START / _LOOKED_EVERY)
        for _ in range(tries):
            if await self._documents.begun(caller.ownership, info.id):
                return
            await asyncio.sleep(_LOOKED_EVERY)

    async def result(
        self, document: Document, partial: Partial, output: str = "", version: Version = "corrected"
    ) -> tuple[BinaryIO, int]:
        """Return an open temporary file with the document in its own format, and its length.

        `output`: one of the kinds that files of its kind are given back as; the first where it is empty.

        Raises `ChangedError` if this release reads the file otherwise, `UnavailableError`.
        """
        noted = document.internal["file"]
        parts = self._reader.translated(EVERYBODY, document.id, version)
        with closing(temporary()) as source:
            await self._fetch(noted["id"], source)
            options = _options(document.source, document.target, noted, detected=document.detected, output=output)
            return await written(kind_named(noted["kind"]), source, options, parts, partial)

    async def _fetch(self, file: str, into: BinaryIO) -> None:
        async for data in self._store.chunks(file):
            await in_thread(into.write, data)


def kind_named(name: str) -> Kind:
    """Return the kind that a document was stored with. Raises `KindError` if this release does not know it."""
    if name not in _BY_NAME:
        raise KindError(f"this release does not write files of the kind {name}; ask for the text of the document")
    return _BY_NAME[name]


def text_kind(name: str | None) -> Kind:
    """Return the kind of a document that was sent on as the text it is; plain text where no other one is known."""
    found = _BY_NAME.get(name or "", TEXT)
    return found if found.is_text else TEXT


def _noted(info: DocumentInfo, kind: Kind, options: Options) -> dict[str, Any]:
    """Return what has to be known to read a document's file again."""
    return {
        "id": new_id(),
        "kind": kind.name,
        "stated": options.encoding,
        "columns": list(options.columns),
        "priority": info.priority,
        "urgent": info.urgent,
        "alternatives": info.alternatives,
        "memory": info.memory,
        "language": info.terms.language,
    }


def _options(
    source: str, target: str, noted: dict[str, Any], *, detected: str | None = None, output: str = ""
) -> Options:
    stated = "" if source == AUTO else source
    return Options(
        source=detected or stated,
        target=target,
        encoding=noted["stated"],
        stated=stated,
        columns=tuple(noted["columns"]),
        output=output,
    )
