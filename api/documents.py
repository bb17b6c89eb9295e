"""Routes for documents."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import StreamingResponse

from api.problems import NotFinishedError, NotFoundError, responses
from api.schemas.names import TEXT_EXAMPLE, BatchId
from api.schemas.statuses import Status, StatusPage
from api.searching import Words, search_of
from api.services import Served, Services
from pipeline import languages
from pipeline.counted import percent
from pipeline.errors import InputError
from store.documents.history import DocumentQuery, Sort, State
from store.documents.reading import Document
from store.parts import Version

router = APIRouter(prefix="/v1/documents", tags=["documents"])

Known = Annotated[str, Path(description="The document's id.", examples=["kafka-verwandlung"])]
OfVersion = Annotated[
    Version, Query(description="corrected: what people made of the translation. machine: as it was made.")
]


async def found_document(services: Services, document: str) -> Document:
    """Return a document. Raises `NotFoundError`."""
    found = await services.reader.get(services.owner, document)
    if found is None:
        raise NotFoundError(document)
    return found


async def finished(services: Services, document: str, partial: str) -> Document:
    """Return a document whose text may be given. Raises `NotFoundError`, `NotFinishedError` if `partial` is none."""
    found = await found_document(services, document)
    if partial == "none" and found.state != "done":
        progress = Status.of(found, datetime.now(UTC)).progress
        raise NotFinishedError(
            f"document {document} is {found.state} ({percent(progress)}); wait, or ask for what is there with "
            "?partial=source"
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
    version: OfVersion = "corrected",
) -> StreamingResponse:
    """Give the translation, streamed; everything but the sentences is as in the source, to the last byte."""
    found = await finished(services, document, partial)
    pieces = services.reader.text(services.owner, document, "skip" if partial == "skip" else "source", version)
    return StreamingResponse(
        (piece.encode() async for piece in pieces),
        media_type="text/plain; charset=utf-8",
        headers={"Content-Language": found.target},
    )


@router.post("/{document}/cancel", responses=responses(404, 409, 422))
async def cancel(document: Known, services: Served) -> Status:
    """Stop the work on a document. What is translated of it stays, and can be read with ?partial=source."""
    if not await services.canceller.cancel(services.owner, document):
        raise NotFoundError(document)
    return Status.of(await found_document(services, document), datetime.now(UTC))


@router.delete("/{document}", status_code=204, responses=responses(404, 422))
async def delete(
    document: Known,
    services: Served,
    memory: Annotated[
        bool, Query(description="Whether to delete also what people made of it in the translation memory.")
    ] = False,
) -> None:
    """Delete a document with everything that belongs to it, and stop the work on it.

    The corrections that people made of it stay in the translation memory, unless `memory` says otherwise.
    """
    if not await services.canceller.delete(services.owner, document, memory=memory):
        raise NotFoundError(document)
