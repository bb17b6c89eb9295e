"""Routes for documents."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import ValidationError

from api import bodies
from api.problems import KeyReusedError, NotFinishedError, NotFoundError, responses
from api.schemas import (
    Accepted,
    DocumentId,
    Sentence,
    SentencePage,
    Status,
    StatusPage,
    Submission,
)
from api.services import Served, Services
from pipeline import tracing
from pipeline.errors import ConflictError
from pipeline.events import Priority
from producer.submission import DocumentInfo, new_id
from sink.store.reading import Document, State

router = APIRouter(prefix="/v1/documents", tags=["documents"])

Known = Annotated[str, Path(description="The document's id.", examples=["kafka-verwandlung"])]


_TEXT = {"schema": {"type": "string"}, "example": "Guten Tag. Wie geht es Ihnen?"}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": Submission.model_json_schema()},
            "text/plain": _TEXT,
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
                    "required": ["file"],
                }
            },
        },
    }
}


@router.post("", status_code=202, openapi_extra=_BODY, responses=responses(409, 413, 415, 422))
async def submit(  # noqa: PLR0913, PLR0917 (each is a query parameter)
    request: Request,
    response: Response,
    services: Served,
    source: Annotated[str, Query(description="Language of the text.", examples=["de"])] = "de",
    target: Annotated[str, Query(description="Language of the translation.", examples=["en"])] = "en",
    id: Annotated[DocumentId | None, Query(description="Absent: one is made.")] = None,  # noqa: A002 (its public name)
    model: Annotated[str | None, Query(description="Absent: the default model of the pair.")] = None,
    priority: Annotated[Priority, Query(description="Whether it goes before or behind others.")] = "normal",
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            description="Chosen by the sender for one document without an id: sent again with the same key it is the same "
            "document; another document with the key is refused (422).",
        ),
    ] = None,
) -> Accepted:
    """Take a document: as JSON, as text/plain of any length, or as a file of a form.

    Text is sent on to Kafka while it arrives. The answer comes when all of it is safe there, and the id is known from
    then on. With JSON the languages and the rest stand in the JSON; otherwise in the query.

    The same document may be sent again under its id, for example after a broken connection.
    """
    keyed = _id_for(idempotency_key, request) if idempotency_key else None
    kind, _ = bodies.media_type(request)
    if kind == "application/json":
        submission = await _read_submission(request)
        info = DocumentInfo(
            id=submission.id or keyed or new_id(),
            source=submission.source,
            target=submission.target,
            model=submission.model,
            metadata=submission.metadata,
            priority=submission.priority,
        )
        pieces = _one(submission.text)
    else:
        info = DocumentInfo(id or keyed or new_id(), source, target, model, priority=priority)
        pieces = bodies.text_pieces(request)
    with tracing.span("submit", request.headers, document=info.id):
        try:
            await services.intake.accept(info, pieces)
        except ConflictError as error:
            if info.id == keyed:
                raise KeyReusedError from error
            raise
    url = str(request.url_for("status", document=info.id).path)
    response.headers["Location"] = url
    document = await services.reader.get(info.id)
    return Accepted(id=info.id, state=document.state if document else "receiving", url=url)


def _id_for(key: str, request: Request) -> str:
    """Return the id of the document that a sender names by a key; another sender's key is another one."""
    sender = request.headers.get("authorization", "")
    return "key-" + hashlib.blake2b(f"{sender}\0{key}".encode(), digest_size=12).hexdigest()


async def _read_submission(request: Request) -> Submission:
    body = await bodies.read_json(request)
    try:
        return Submission.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(
            [entry | {"loc": ("body", *entry["loc"])} for entry in error.errors(include_context=False)]
        ) from None


async def _one(text: str) -> AsyncIterator[str]:
    yield text


async def _get(services: Services, document: str) -> Document:
    found = await services.reader.get(document)
    if found is None:
        raise NotFoundError(document)
    return found


@router.get("", responses=responses(422))
async def list_documents(
    services: Served,
    state: Annotated[State | None, Query(description="Only documents in this state.")] = None,
    sort: Annotated[
        Literal["created", "-created"], Query(description="By time of creation; - for newest first.")
    ] = "-created",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: Annotated[str | None, Query(description="The `next` of the page before.")] = None,
) -> StatusPage:
    """List documents, a page at a time."""
    page = await services.reader.page(state=state, oldest_first=sort == "created", limit=limit, after=after)
    now = datetime.now(UTC)
    return StatusPage(items=[Status.of(document, now) for document in page.items], next=page.next)


@router.get("/{document}", responses=responses(404, 422))
async def status(document: Known, services: Served) -> Status:
    """Tell how far a document is."""
    return Status.of(await _get(services, document), datetime.now(UTC))


@router.get(
    "/{document}/text",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/plain": _TEXT}}, **responses(404, 409, 422)},
)
async def text(
    document: Known,
    services: Served,
    partial: Annotated[
        Literal["none", "source", "skip"],
        Query(
            description="What to do while sentences are missing. none: refuse (409). "
            "source: give their source instead. skip: leave them out."
        ),
    ] = "none",
) -> StreamingResponse:
    """Give the translation, streamed; everything but the sentences is as in the source, to the last byte."""
    found = await _get(services, document)
    if partial == "none" and found.state != "done":
        progress = Status.of(found, datetime.now(UTC)).progress
        raise NotFinishedError(
            f"document {document} is {found.state} ({progress:.0%}); wait, or ask for what is there with ?partial=source"
        )
    pieces = services.reader.text(document, "skip" if partial == "skip" else "source")
    return StreamingResponse(
        (piece.encode() async for piece in pieces),
        media_type="text/plain; charset=utf-8",
        headers={"Content-Language": found.target, "X-Content-Type-Options": "nosniff"},
    )


@router.get("/{document}/sentences", responses=responses(404, 422))
async def sentences(
    document: Known,
    services: Served,
    after: Annotated[
        str | None, Query(pattern=r"^\d{1,7}\.\d{1,7}$", description="The `next` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> SentencePage:
    """Give sentences with their translations, in the order of the text."""
    await _get(services, document)
    place = None
    if after is not None:
        part, _, index = after.partition(".")
        place = int(part), int(index)
    found = await services.reader.sentences(document, after=place, limit=limit + 1)
    items = [Sentence.of(sentence) for sentence in found[:limit]]
    return SentencePage(items=items, next=items[-1].position if len(found) > limit else None)


@router.delete("/{document}", status_code=204, responses=responses(404, 422))
async def delete(document: Known, services: Served) -> None:
    """Delete a document with everything that belongs to it."""
    if not await services.lifecycle.delete(document):
        raise NotFoundError(document)
