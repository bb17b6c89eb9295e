"""Route for the search in what documents say."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.problems import SearchOffError, responses
from api.schemas.names import DocumentId
from api.schemas.sentences import Sentence
from api.services import Served, Services
from store.documents.reading import Document
from store.documents.searching import DocumentSearch, Hit

router = APIRouter(prefix="/v1/search", tags=["search"])

Words = Annotated[
    str,
    Field(
        min_length=1,
        max_length=200,
        description='Words that all have to be there; "in quotation marks" side by side. Case and accents do not count.',
        examples=['käfer "eines morgens"'],
    ),
]


class HitContext(BaseModel):
    """An excerpt around a match."""

    side: Literal["source", "translation"]
    text: str = Field(examples=["Als Gregor Samsa eines Morgens erwachte"])
    matches: list[tuple[int, int]] = Field(
        description="Start and end of each match in `text`, in Unicode code points.", examples=[[[4, 16]]]
    )


class SearchHit(BaseModel):
    """A sentence in whose source or translation everything that was asked for stands."""

    document: str
    name: str = Field(description="What people call the document.", examples=["Die Verwandlung"])
    source: str = Field(description="Its language.", examples=["de"])
    target: str = Field(description="The language of its translation.", examples=["en"])
    sentence: Sentence
    matched: list[Literal["source", "translation"]] = Field(description="On which side.")
    contexts: list[HitContext] = Field(description="One for each side that matched.")

    @classmethod
    def of(cls, hit: Hit, document: Document) -> "SearchHit":
        """Describe a hit in a document."""
        return cls(
            document=hit.document,
            name=document.name,
            source=document.detected or document.source,
            target=document.target,
            sentence=Sentence.of(hit.sentence),
            matched=[context.side for context in hit.contexts],
            contexts=[
                HitContext(side=context.side, text=context.text, matches=context.matches) for context in hit.contexts
            ],
        )


class HitPage(BaseModel):
    """Hits of the newest documents first, in the order of the text."""

    items: list[SearchHit] = Field(
        description="There may be fewer than `limit`, or none, although there is a next page."
    )
    next: str | None = Field(description="Give it as `after` for the next page; null on the last one.")


def search_of(services: Services) -> DocumentSearch:
    """Return the search. Raises `SearchOffError` where it is switched off."""
    if services.search is None:
        raise SearchOffError
    return services.search


@router.get("", responses=responses(422, 501))
async def search(
    services: Served,
    q: Words,
    document: Annotated[DocumentId | None, Query(description="Only in this document.")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: Annotated[str | None, Query(description="The `next` of the page before.")] = None,
) -> HitPage:
    """Find sentences by their source or their translation, in documents that are done or cancelled.

    A document can be found a moment after it is done; later if much was done at once.
    """
    page = await search_of(services).find(services.owner, q, document=document, limit=limit, after=after)
    known = await services.reader.many(services.owner, {hit.document for hit in page.items})
    # What was deleted meanwhile is left out.
    items = [SearchHit.of(hit, known[hit.document]) for hit in page.items if hit.document in known]
    return HitPage(items=items, next=page.next)
