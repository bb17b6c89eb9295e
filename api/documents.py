"""Routes for documents."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import StreamingResponse

from api.problems import NotFinishedError, NotFoundError, responses
from api.schemas import TEXT_EXAMPLE, BatchId, Sentence, SentencePage, Status, StatusPage
from api.searching import Words, search_of
from api.services import Served, Services
from pipeline import languages
from pipeline.confidence import Level
from pipeline.errors import InputError
from store.documents.history import DocumentQuery, Sort, State
from store.documents.reading import Document

router = APIRouter(prefix="/v1/documents", tags=["documents"])

Known = Annotated[str, Path(description="The document's id.", examples=["kafka-verwandlung"])]


async def _get(services: Services, document: str) -> Document:
    found = await services.reader.get(services.owner, document)
    if found is None:
        raise NotFoundError(document)
    return found


async def finished(services: Services, document: str, partial: str) -> Document:
    """Return a document whose text may be given. Raises `NotFoundError`, `NotFinishedError` if `partial` is none."""
    found = await _get(services, document)
    if partial == "none" and found.state != "done":
        progress = Status.of(found, datetime.now(UTC)).progress
        raise NotFinishedError(
            f"document {document} is {found.state} ({progress:.0%}); wait, or ask for what is there with ?partial=source"
        )
    return found


@router.get("", responses=responses(422, 501))
async def list_documents(  # noqa: PLR0913, PLR0917 (each is a query parameter)
    request: Request,
    services: Served,
    state: Annotated[State | None, Query(description="Only documents in this state.")] = None,
    source: Annotated[str | None, Query(description="Only of this language.", examples=["de"])] = None,
    target: Annotated[str | None, Query(description="Only into this language.", examples=["en"])] = None,
    created_after: Annotated[
        datetime | None, Query(description="Only those made then or later (ISO 8601; without a zone it is UTC).")
    ] = None,
    created_before: Annotated[datetime | None, Query(description="Only those made before.")] = None,
    batch: Annotated[BatchId | None, Query(description="Only those of this batch.")] = None,
    q: Annotated[
        Words | None,
        Query(
            description="Only those with all of these words in one part of 64 KiB of their text or translation, or in their "
            "metadata: the newest 1,000 of them. Only what is done or cancelled can be found by it."
        ),
    ] = None,
    sort: Annotated[
        Sort,
        Query(
            description="- for the newest or longest first. By `finished` documents are listed that are done or cancelled; "
            "by `characters` those that are done."
        ),
    ] = "-created",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: Annotated[
        str | None, Query(description="The `next` of the page before, which must have the same `sort`.")
    ] = None,
) -> StatusPage:
    """List documents, a page at a time.

    `metadata.NAME=VALUE` lists those that have the value under the name; a further dot leads into an object. It may be given
    for several names.
    """
    query = DocumentQuery(
        state=state,
        source=languages.normal(source) if source else None,
        target=languages.normal(target) if target else None,
        created_after=created_after,
        created_before=created_before,
        metadata=_metadata(request),
        ids=await _named(services, batch, q),
    )
    page = await services.reader.page(services.owner, query, sort=sort, limit=limit, after=after)
    now = datetime.now(UTC)
    return StatusPage(items=[Status.of(document, now) for document in page.items], next=page.next)


def _metadata(request: Request) -> dict[str, str]:
    found = request.query_params.multi_items()
    return {name.removeprefix("metadata."): value for name, value in found if name.startswith("metadata.")}


async def _named(services: Services, batch: str | None, words: str | None) -> set[str] | None:
    """Return the ids that batch and words leave; None for all."""
    ids: set[str] | None = None
    if batch is not None:
        found = await services.batches.get(services.owner, batch)
        if found is None:
            raise InputError(f"there is no batch {batch!r}")
        ids = {file.document for file in found.files}
    if words is not None:
        matching = set(await search_of(services).documents(services.owner, words))
        ids = matching if ids is None else ids & matching
    return ids


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
    found = await finished(services, document, partial)
    pieces = services.reader.text(services.owner, document, "skip" if partial == "skip" else "source")
    return StreamingResponse(
        (piece.encode() async for piece in pieces),
        media_type="text/plain; charset=utf-8",
        headers={"Content-Language": found.target},
    )


@router.get("/{document}/sentences", responses=responses(404, 422))
async def sentences(
    document: Known,
    services: Served,
    after: Annotated[
        str | None,
        Query(
            pattern=r"^(\d{1,3}:)?\d{1,7}\.\d{1,7}$",
            description="The `next` of the page before, which must have the same `confidence` and `order`.",
        ),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    confidence: Annotated[
        Level | None, Query(description="Only those whose translation can be relied on so far.")
    ] = None,
    order: Annotated[
        Literal["position", "confidence"],
        Query(
            description="position: as in the text. confidence: those that can be relied on least come first; only those of "
            "which that is known."
        ),
    ] = "position",
) -> SentencePage:
    """Give sentences with their translations, in the order of the text unless asked otherwise."""
    await _get(services, document)
    sure, place = _place(after)
    reader, owner = services.reader, services.owner
    if (sure is None) != (order == "position" or after is None):
        raise InputError(f"after={after} is no place in the order by {order}; take the `next` of the page before")
    if order == "confidence":
        behind = (sure, *place) if sure is not None and place is not None else None
        found = await reader.least_sure(owner, document, confidence, after=behind, limit=limit + 1)
    elif confidence is not None:
        found = await reader.of_level(owner, document, confidence, after=place, limit=limit + 1)
    else:
        found = await reader.sentences(owner, document, after=place, limit=limit + 1)
    items = [Sentence.of(sentence) for sentence in found[:limit]]
    following = None
    if len(found) > limit:
        last = items[-1]
        following = f"{last.confidence}:{last.position}" if order == "confidence" else last.position
    return SentencePage(items=items, next=following)


def _place(after: str | None) -> tuple[int | None, tuple[int, int] | None]:
    """Return the confidence, if it is told, and part and index of the sentence that a cursor names."""
    if after is None:
        return None, None
    sure, _, position = after.rpartition(":")
    part, _, index = position.partition(".")
    return int(sure) if sure else None, (int(part), int(index))


@router.post("/{document}/cancel", responses=responses(404, 409, 422))
async def cancel(document: Known, services: Served) -> Status:
    """Stop the work on a document. What is translated of it stays, and can be read with ?partial=source."""
    if not await services.canceller.cancel(services.owner, document):
        raise NotFoundError(document)
    return Status.of(await _get(services, document), datetime.now(UTC))


@router.delete("/{document}", status_code=204, responses=responses(404, 422))
async def delete(document: Known, services: Served) -> None:
    """Delete a document with everything that belongs to it, and stop the work on it."""
    if not await services.canceller.delete(services.owner, document):
        raise NotFoundError(document)
