"""What a sender sends as a document: a text that goes on as it arrives, or a file of another kind."""

import dataclasses
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from api.bodies import Reading, decoded
from api.files.kinds import kind_by_bytes, told_kind
from api.problems import FileTooLargeError, NotFoundError
from api.services import Services
from formats.document import Options
from formats.table import Kind
from pipeline.document_info import DocumentInfo
from pipeline.errors import ConflictError

_HEAD = 4096


class Sent(NamedTuple):
    """A file as it arrives."""

    name: str
    """Empty: it has none."""
    media_type: str
    charset: str | None
    chunks: AsyncIterator[bytes]
    declared: int = 0
    """Bytes that it has at least, as its sender says; 0: nothing is said."""


async def take(
    services: Services, info: DocumentInfo, sent: Sent, *, encoding: str | None = None, columns: Sequence[str] = ()
) -> Kind:
    """Take a document, and return its kind; `encoding` is what the sender states, or `detect`; `columns` which of a table.

    Raises `KindError` for a kind of file that is not translated, `FileTooLargeError` for a file that is declared to be
    larger than files may be (both before anything of it is read, where its name or type says what it is), and as
    `Intake.accept` and `Filing.accept` do.
    """
    chunks = sent.chunks
    if (kind := told_kind(sent.name, sent.media_type)) is None:
        head, chunks = await _ahead(chunks)
        kind = kind_by_bytes(head)
    if not kind.is_text and sent.declared > services.filing.limit:
        raise FileTooLargeError(services.filing.limit)
    named = {"filename": sent.name} if sent.name else {}
    info = dataclasses.replace(info, metadata=named | info.metadata, internal=info.internal | {"format": kind.name})
    if kind.is_text:
        pieces = decoded(chunks, Reading(encoding, info.internal), sent.charset)
        await services.intake.accept(services.caller, info, pieces)
    else:
        options = Options(encoding=encoding or sent.charset, columns=tuple(columns))
        await services.filing.accept(services.caller, info, kind, sent.name, chunks, options)
    return kind


async def stored(services: Services, file: str) -> Sent:
    """Return a file that was sent before. Raises `NotFoundError`, `ConflictError` for one that is not complete."""
    found = await services.files.get(services.owner, upload_id(services, file))
    if found is None:
        raise NotFoundError(file, "file")
    if found.digest is None:
        raise ConflictError(f"the file {file} has not arrived as a whole; go on with it at byte {found.length}")
    return Sent(found.name, found.media_type, None, services.files.chunks(found.id), found.length)


def upload_id(services: Services, file: str) -> str:
    """Return the store's id of a file that a sender calls so; another sender's of that name is another file."""
    return f"{services.owner.owner or ''}/{file}"


async def _ahead(chunks: AsyncIterator[bytes]) -> tuple[bytes, AsyncIterator[bytes]]:
    """Return the first bytes of a file, and all of its chunks."""
    head = bytearray()
    async for chunk in chunks:
        head += chunk
        if len(head) >= _HEAD:
            break

    async def chained() -> AsyncIterator[bytes]:
        if head:
            yield bytes(head)
        async for chunk in chunks:
            yield chunk

    return bytes(head[:_HEAD]), chained()
