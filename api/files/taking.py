"""What a sender sends as a document: a text that goes on as it arrives, or a file of another kind."""

import dataclasses
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from api.bodies import Reading, decoded
from api.files.kinds import told_kind
from api.problems import NotFoundError
from api.services import Services
from formats.document import Options
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


async def take(
    services: Services, info: DocumentInfo, sent: Sent, *, encoding: str | None = None, columns: Sequence[str] = ()
) -> None:
    """Take a document; `encoding` is what the sender states, or `detect`; `columns` which of a table.

    Raises `KindError` for a kind of file that is not translated, and as `Intake.accept` and `Filing.accept` do.
    """
    head = bytearray()
    async for chunk in sent.chunks:
        head += chunk
        if len(head) >= _HEAD:
            break
    chunks = _chained(bytes(head), sent.chunks)
    kind = told_kind(sent.name, sent.media_type, bytes(head[:_HEAD]))
    named = {"filename": sent.name} if sent.name else {}
    info = dataclasses.replace(info, metadata=named | info.metadata, internal=info.internal | {"format": kind.name})
    if kind.is_text:
        pieces = decoded(chunks, Reading(encoding, info.internal), sent.charset)
        await services.intake.accept(services.caller, info, pieces)
    else:
        options = Options(encoding=encoding or sent.charset, columns=tuple(columns))
        await services.filing.accept(services.caller, info, kind, sent.name, chunks, options)


async def stored(services: Services, file: str) -> Sent:
    """Return a file that was sent before. Raises `NotFoundError`, `ConflictError` for one that is not complete."""
    found = await services.files.get(services.owner, upload_id(services, file))
    if found is None:
        raise NotFoundError(file, "file")
    if found.digest is None:
        raise ConflictError(f"the file {file} has not arrived as a whole; go on with it at byte {found.length}")
    return Sent(found.name, found.media_type, None, services.files.chunks(found.id))


def upload_id(services: Services, file: str) -> str:
    """Return the store's id of a file that a sender calls so; another sender's of that name is another file."""
    return f"{services.owner.owner or ''}/{file}"


async def _chained(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if first:
        yield first
    async for chunk in rest:
        yield chunk
