"""Routes for documents."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse

from api.problems import NotFinishedError, NotFoundError, responses
from api.schemas import TEXT_EXAMPLE, Sentence, SentencePage, Status, StatusPage
from api.services import Served, Services
from sink.store.reading import Document, State

router = APIRouter(prefix="/v1/documents", tags=["documents"])

Known = Annotated[str, Path(description="The document's id.", examples=["kafka-verwandlung"])]


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


@router.get(
    "/{document}/text",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/plain": TEXT_EXAMPLE}}, **responses(404, 409, 422)},
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


@router.post("/{document}/cancel", responses=responses(404, 409, 422))
async def cancel(document: Known, services: Served) -> Status:
    """Stop the work on a document. What is translated of it stays, and can be read with ?partial=source."""
    if not await services.canceller.cancel(document):
        raise NotFoundError(document)
    return Status.of(await _get(services, document), datetime.now(UTC))


@router.delete("/{document}", status_code=204, responses=responses(404, 422))
async def delete(document: Known, services: Served) -> None:
    """Delete a document with everything that belongs to it, and stop the work on it."""
    if not await services.canceller.delete(document):
        raise NotFoundError(document)
