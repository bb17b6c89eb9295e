"""Routes for batches: several files in one request."""

import dataclasses
from collections import Counter
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Request, Response
from pydantic import BaseModel, Field

from api.callers import Called
from api.files.taking import Sent, take
from api.forms import Form
from api.ordering import BatchOrder, fields_of, form_of, info_of, order_patiently, parameters_of
from api.problems import (
    BodyError,
    FileTooLargeError,
    KeyReusedError,
    NotFoundError,
    ReservedError,
    TooLargeError,
    TooManyError,
    kind_of,
    responses,
)
from api.schemas.counts import SentenceCounts
from api.schemas.names import BatchId
from api.schemas.statuses import Status
from api.services import Served, Services
from api.submitting import id_for, is_keyed
from pipeline import tracing
from pipeline.document_info import DocumentInfo, new_id
from pipeline.errors import ConflictError, InputError
from store.documents.batches import BatchFile, Refusal
from store.documents.history import State

router = APIRouter(prefix="/v1/batches", tags=["batches"])

MOST_FILES = 1000


class BatchProblem(BaseModel):
    """Why a file was not taken, as problem details say it."""

    type: str = Field(examples=["urn:satzstrom:problem:encoding"])
    detail: str


class BatchDocument(BaseModel):
    """A file of a batch."""

    position: int = Field(description="Counts the files of the form from 0.", examples=[0])
    id: str = Field(description="The document's id.", examples=["letters-of-may.0"])
    filename: str | None = Field(examples=["first.txt"])
    state: State | Literal["deleted"] | None = Field(
        description="null: no document was made.", examples=["translating"]
    )
    progress: float = Field(ge=0, le=1, examples=[0.5])
    problem: BatchProblem | None = Field(description="Why it was not taken; what came of it may be there.")


class BatchStatus(BaseModel):
    """A batch as it stands now."""

    id: str
    url: str = Field(examples=["/v1/batches/letters-of-may"])
    state: Literal["receiving", "translating", "done", "incomplete"] = Field(
        description="receiving: files are still coming. translating. done: each document is done, cancelled or deleted, or "
        "was refused. incomplete: the request broke off; send it again under its id."
    )
    created: datetime
    states: dict[str, int] = Field(description="How many documents are in each state.", examples=[{"done": 2}])
    refused: int = Field(description="How many files have a problem.", examples=[0])
    characters: int
    sentences: SentenceCounts
    progress: float = Field(
        ge=0, le=1, description="Of the sentences that its documents will have; 1 only when the batch is done."
    )
    documents: list[BatchDocument]


_FILES = {
    "type": "array",
    "maxItems": MOST_FILES,
    "items": {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"},
}
_BODY = {
    "parameters": parameters_of(BatchOrder),
    "requestBody": {
        "required": True,
        "content": {"multipart/form-data": {"schema": form_of(BatchOrder, files=_FILES) | {"required": ["files"]}}},
    },
}


@router.post("", status_code=202, openapi_extra=_BODY, responses=responses(404, 409, 413, 415, 422))
async def submit_batch(
    request: Request,
    response: Response,
    services: Served,
    caller: Called,
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=255, description="As for a document; stands for the batch's id.")
    ] = None,
) -> BatchStatus:
    """Take several files (at most 1,000 of any length): each becomes a document while it arrives.

    A file that cannot be used has its problem in the answer and does not keep the others back. Encodings are told as of
    single documents, by each file's own mark, Content-Type or declaration; its name is kept in the metadata `filename`. The
    same files may be sent again under the batch's id. What goes for all of them stands in the query, or in fields of the
    form before its first file.
    """
    form = Form(request)
    file = await form.next_file()
    before = form.fields
    order = await order_patiently(BatchOrder, fields_of(request, before), "form")
    said = await info_of(services, caller, order, "")
    batch = order.id or (id_for(idempotency_key, request, caller) if idempotency_key else new_id())
    if order.id is not None and is_keyed(batch) and await services.batches.get(services.owner, batch) is None:
        raise ReservedError(batch)
    position = 0
    while file is not None:
        if position == MOST_FILES:
            raise TooLargeError(f"a batch may have {MOST_FILES} files; send the others as another batch")
        if position == 0:
            await services.batches.begin(services.owner, batch)
        info = dataclasses.replace(
            said,
            id=f"{batch}.{position}",
            metadata={"filename": file.name} | said.metadata,
            internal=said.internal | {"batch": batch},
        )
        sent = Sent(file.name, file.media_type, file.charset, file.chunks(), file.declared)
        keyed = order.id is None and idempotency_key is not None
        refusal = await _take(request, services, info, sent, order, keyed=keyed)
        await services.batches.add(services.owner, batch, BatchFile(position, info.id, refusal))
        position += 1
        file = await form.next_file()
        if form.fields != before:
            late = next(name for name in form.fields if form.fields[name] != before.get(name))
            raise BodyError(f"the field {late[:40]!r} stands behind a file; put the fields before the files")
    if position == 0:
        raise BodyError("the form has no file (curl: -F files=@FILE -F files=@FILE)")
    await services.batches.complete(services.owner, batch)
    status = await _status(request, services, batch)
    response.headers["Location"] = status.url
    return status


async def _take(
    request: Request, services: Services, info: DocumentInfo, sent: Sent, order: BatchOrder, *, keyed: bool
) -> Refusal | None:
    """Take one file; return why it cannot be used, if it cannot. What is wrong with the form itself is raised."""
    with tracing.span("submit", request.headers, document=info.id):
        try:
            await take(services, info, sent, encoding=order.encoding, columns=order.columns)
        except FileTooLargeError as error:
            return _refusal(info, error)
        except (BodyError, TooLargeError, TooManyError):
            raise
        except InputError as error:
            found = KeyReusedError() if keyed and isinstance(error, ConflictError) else error
            return _refusal(info, found)
    return None


def _refusal(info: DocumentInfo, error: InputError) -> Refusal:
    return Refusal(str(info.metadata["filename"]), kind_of(error), str(error))


@router.get("/{batch}", responses=responses(404, 422))
async def batch_status(request: Request, batch: Annotated[BatchId, Path()], services: Served) -> BatchStatus:
    """Tell how far a batch is, and each of its documents."""
    return await _status(request, services, batch)


async def _status(request: Request, services: Services, name: str) -> BatchStatus:
    batch = await services.batches.get(services.owner, name)
    if batch is None:
        raise NotFoundError(name, "batch")
    now = datetime.now(UTC)
    known = await services.reader.many(services.owner, [file.document for file in batch.files])
    found = {document.id: Status.of(document, now) for document in known.values()}
    documents = [_document(file, found.get(file.document)) for file in batch.files]
    states: Counter[str] = Counter(document.state for document in documents if document.state is not None)
    counts = [status.sentences for status in found.values()]
    sentences = SentenceCounts.sum_of(counts)
    state = _state(states, complete=batch.complete, broke_off=batch.broke_off)
    # Of a document of which nobody knows how long it will be, as much is taken to come as is there.
    all_ = sum(
        status.sentences.total * 2 if status.estimated is None else status.estimated for status in found.values()
    )
    share = int(1000 * sentences.translated / all_) / 1000 if all_ else 0.0
    return BatchStatus(
        id=name,
        url=str(request.url_for("batch_status", batch=name).path),
        state=state,
        created=batch.created,
        states=dict(states),
        refused=sum(document.problem is not None for document in documents),
        characters=sum(status.characters for status in found.values()),
        sentences=sentences,
        progress=1.0 if state == "done" else min(0.999, share),
        documents=documents,
    )


def _state(
    states: Counter[str], *, complete: bool, broke_off: bool
) -> Literal["receiving", "translating", "done", "incomplete"]:
    if not complete:
        return "incomplete" if broke_off and not states["receiving"] else "receiving"
    return "translating" if states["receiving"] or states["translating"] else "done"


def _document(file: BatchFile, status: Status | None) -> BatchDocument:
    refusal = file.refusal
    filename = refusal.filename if refusal else status.metadata.get("filename") if status else None
    if status is not None:
        state: State | Literal["deleted"] | None = status.state
    else:
        state = None if refusal else "deleted"
    return BatchDocument(
        position=file.position,
        id=file.document,
        filename=filename if isinstance(filename, str) else None,
        state=state,
        progress=status.progress if status else 0.0,
        problem=BatchProblem(type=f"urn:satzstrom:problem:{refusal.kind}", detail=refusal.detail) if refusal else None,
    )
