"""Routes for files that are sent for documents to come: in several goes if need be, and for several documents."""

import hashlib
import re
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request
from pydantic import BaseModel, Field

from api import bodies
from api.files.kinds import told_kind
from api.files.spooling import Spool, in_thread
from api.files.taking import upload_id
from api.ordering import Filename
from api.problems import BodyError, FileTooLargeError, NotFoundError, responses
from api.schemas.names import DocumentId
from api.services import Served, Services
from formats.errors import EmptyFileError
from pipeline.errors import ConflictError
from store.files import CHUNK, StoredFile

router = APIRouter(prefix="/v1/files", tags=["documents"])

FileId = Annotated[DocumentId, Path(description="Chosen by the sender.", examples=["vertrag"])]
_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)", re.ASCII)
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class FileUpload(BaseModel):
    """A file as far as it is there."""

    id: str = Field(examples=["vertrag"])
    filename: str = Field(description="Empty: none was said.", examples=["vertrag.docx"])
    bytes: int = Field(description="Where to go on while it is not complete.", examples=[5242880])
    complete: bool
    digest: str | None = Field(description="SHA-256 in hexadecimal digits; null while it is not complete.")


@router.put("/{file}", openapi_extra=_BODY, responses=responses(409, 413, 415, 422))
async def put_file(
    request: Request,
    services: Served,
    file: FileId,
    filename: Annotated[Filename, Query()] = None,
    content_range: Annotated[
        str | None,
        Header(
            description="`bytes FIRST-LAST/TOTAL`, to go on: FIRST is the `bytes` that are there, or less in full MiB."
        ),
    ] = None,
) -> FileUpload:
    """Take a file for documents to come (`POST /v1/documents?file=…`), for a day. The same file may be sent again.

    An upload that broke off goes on with a Content-Range; `GET` tells where. What files of a key that wait so have together
    is limited (413, with what to do); each counts as 1 MiB at least.
    """
    media, _ = bodies.media_type(request)
    told_kind(filename or "", media)
    first, total = _range(content_range)
    declared = total or first + (bodies.declared_length(request) or 0)
    if declared > services.filing.limit:
        raise FileTooLargeError(services.filing.limit)
    name = upload_id(services, file)
    if (known := await services.files.get(services.owner, name)) is None or known.digest is None:
        await services.room.check(services.owner, name, declared)
    known = await services.files.begin(services.owner, name, name=filename or "", media_type=media)
    if known.digest is not None:
        await _check_same(known, bodies.stream(request), first, services)
        return _status(known)
    if first % CHUNK or first > known.length:
        raise ConflictError(
            f"of the file {file} {_whole(known)} bytes are there; go on with 'Content-Range: bytes {_whole(known)}-…'"
        )
    begun = await services.files.go_on(
        services.owner, name, first // CHUNK, name=filename or known.name, media_type=media
    )
    if begun is None:
        raise ConflictError(f"the file {file} has been completed, or deleted, meanwhile; ask what is there of it")
    check = partial(services.room.check, services.owner, name)
    spool = Spool(services.files, begun, None, services.filing.limit, number=first // CHUNK, check=check)
    try:
        await spool.take(bodies.not_empty(bodies.stream(request), file=first == 0))
    except (EmptyFileError, FileTooLargeError):
        # It can never become a file that is taken; all others may go on.
        await services.files.delete(services.owner, name)
        raise
    if total is None or spool.length == total:
        digest = spool.digest if first == 0 else await _digest(services.files.chunks(name))
        await services.files.complete(begun, digest)
    elif spool.length > total:
        await services.files.delete(services.owner, name)
        raise BodyError(f"Content-Range says that the file has {total} bytes, and {spool.length} came")
    return _status(await _get(services, file))


@router.get("/{file}", responses=responses(404, 422))
async def file_upload(services: Served, file: FileId) -> FileUpload:
    """Tell how much of a file is there."""
    return _status(await _get(services, file))


@router.delete("/{file}", status_code=204, responses=responses(404, 422))
async def delete_file(services: Served, file: FileId) -> None:
    """Delete a file; documents that were made of it keep their own copy."""
    await _get(services, file)
    await services.files.delete(services.owner, upload_id(services, file))


async def _get(services: Services, file: str) -> StoredFile:
    found = await services.files.get(services.owner, upload_id(services, file))
    if found is None:
        raise NotFoundError(file, "file")
    return found


def _range(header: str | None) -> tuple[int, int | None]:
    """Return the first byte that comes, and how many the file has; None where that is not said."""
    if header is None:
        return 0, None
    found = _RANGE.fullmatch(header.strip())
    if found is None:
        raise BodyError("Content-Range has to be 'bytes FIRST-LAST/TOTAL', such as 'bytes 1048576-5000000/5000001'")
    return int(found[1]), None if found[3] == "*" else int(found[3])


def _whole(file: StoredFile) -> int:
    return file.length if file.digest is not None else file.length // CHUNK * CHUNK


def _status(file: StoredFile) -> FileUpload:
    return FileUpload(
        id=file.id.rpartition("/")[2],
        filename=file.name,
        bytes=_whole(file),
        complete=file.digest is not None,
        digest=file.digest,
    )


async def _digest(chunks: AsyncIterator[bytes]) -> str:
    digest = hashlib.sha256()
    async for data in chunks:
        await in_thread(digest.update, data)
    return digest.hexdigest()


async def _check_same(known: StoredFile, chunks: AsyncIterator[bytes], first: int, services: Services) -> None:
    """Raise `ConflictError` unless a file that is complete comes again as it is."""
    if first == 0:
        found, length = hashlib.sha256(), 0
        async for data in chunks:
            length += len(data)
            if length > services.filing.limit:
                break
            found.update(data)
        if found.hexdigest() == known.digest:
            return
    raise ConflictError(
        f"the file {known.id.rpartition('/')[2]} is there already with other bytes; choose another id or delete it first"
    )
