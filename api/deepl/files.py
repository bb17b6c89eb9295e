"""Documents: sent as a file, asked for until they are done, and read."""

import hashlib
import secrets
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from api.deepl.reading import Keyed, Options, info_of
from api.dialects import DEEPL, answers
from api.entering import enter_with_fields, enter_with_form
from api.fields import body_of, read
from api.files.kinds import told_kind
from api.files.routes import file_response
from api.files.taking import Sent, take
from api.problems import BodyError, NotFoundError, NotReadyError
from api.schemas.statuses import Status
from api.services import Services
from formats import table
from pipeline.document_info import new_id
from store.documents.reading import Document

router = APIRouter(prefix="/v2/document", tags=["deepl"])


Known = Annotated[str, Path(description="The document's id.")]


class FileOrder(Options):
    """What /v2/document takes beside its file; fields go before the file."""

    filename: str | None = None
    encoding: str | None = Field(None, max_length=40, description="As for /v1/documents; before the file.")
    output_format: str | None = Field(None, description="As the file's (`docx`), or absent.")


class _FileForm(FileOrder):
    file: Annotated[str, Field(json_schema_extra={"contentMediaType": "application/octet-stream"})] = Field(
        description=f"A file of a kind that is translated: {', '.join(table.suffixes())}."
    )


class Handle(BaseModel):
    """Names a document, and opens it."""

    document_id: str
    document_key: str = Field(description="Who has it may read the document.")


class Key(Keyed):
    """What status and result take."""

    document_key: str = Field(min_length=1, max_length=256)


class FileStatus(BaseModel):
    """How far a document is."""

    document_id: str
    status: Literal["queued", "translating", "done", "error"]
    seconds_remaining: int | None = None
    billed_characters: int | None = None
    error_message: str | None = None


_FORM = {
    "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FileForm.model_json_schema()}}}
}


@router.post("", openapi_extra=_FORM, responses=answers(DEEPL, 404, 415, 429))
async def upload(request: Request) -> Handle:
    """Take a file. It stays readable until its retention ends."""
    services, form = await enter_with_form(request, DEEPL, "target_lang", "source_lang")
    order = read(FileOrder, form.fields)
    if form.file is None:
        raise BodyError("the form has no file (curl: -F file=@FILE)")
    name = PurePath(order.filename or form.file.name)
    # DeepL takes a file without a suffix for a text; unless its bytes are those of another kind.
    kind = told_kind(name.name) or table.TEXT
    output = (order.output_format or "").lower()
    if output and f".{output}" not in kind.suffixes:
        table.output_of(kind, output)
    info = await info_of(services, order, new_id())
    key = secrets.token_hex(32)
    info.metadata["filename"] = name.name[:255]
    info.internal["key"] = _digest(key)
    if output in kind.outputs:
        info.internal["output"] = output
    sent = Sent(name.name[:255], "", form.file.charset, form.only_file(), form.declared)
    await take(services, info, sent, encoding=order.encoding)
    return Handle(document_id=info.id, document_key=key)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


async def _open(request: Request, document: str) -> tuple[Services, Document]:
    """Return the document that a request names and has the key of. Raises `NotFoundError`."""
    services, fields = await enter_with_fields(request, Key, DEEPL)
    key = read(Key, fields).document_key
    found = await services.reader.get(services.owner, document)
    # Digests are compared, so the time tells nothing of the key.
    if found is None or found.internal.get("key") != _digest(key):
        raise NotFoundError(document)
    return services, found


@router.post(
    "/{document}",
    openapi_extra=body_of(Key),
    responses=answers(DEEPL, 404),
    response_model=FileStatus,
    response_model_exclude_none=True,
)
async def file_status(document: Known, request: Request) -> FileStatus:
    """Tell how far a document is."""
    _, found = await _open(request, document)
    if found.state in ("incomplete", "cancelled"):
        reason = found.reason or f"the document is {found.state}"
        return FileStatus(document_id=document, status="error", error_message=reason)
    if found.state == "done":
        return FileStatus(document_id=document, status="done", billed_characters=found.counts.characters)
    remaining = Status.of(found, datetime.now(UTC)).eta_seconds
    return FileStatus(
        document_id=document,
        status="translating" if found.counts.translated else "queued",
        seconds_remaining=None if remaining is None else round(remaining) + 1,
    )


@router.post(
    "/{document}/result",
    openapi_extra=body_of(Key),
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}}, **answers(DEEPL, 404)},
)
async def result(document: Known, request: Request) -> StreamingResponse:
    """Give the translation, as often as it is asked for; 503 with Retry-After while it is not complete."""
    services, found = await _open(request, document)
    if found.state != "done":
        raise NotReadyError(f"document {document} is {found.state}")
    return await file_response(
        services, found, "none", output=found.internal.get("output", ""), media_type="application/octet-stream"
    )
