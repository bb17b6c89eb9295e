"""Routes for the sentences of a document, and for its chapters."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.documents import Known, OfVersion, found_document
from api.problems import responses
from api.schemas.sentences import Sentence, SentencePage
from api.services import Served
from pipeline.confidence import Level
from pipeline.errors import InputError
from store.documents.choosing import Choice
from store.documents.outlines import Heading

router = APIRouter(prefix="/v1/documents", tags=["documents"])


class Chapter(BaseModel):
    """A heading of a document, and where it is."""

    position: str = Field(description="Part and index of its first sentence.", examples=["0.4"])
    sentence: int = Field(description="How many sentences of the document are before it.", examples=[4])
    level: int = Field(description="From 1, the highest.", examples=[2])
    source: str = Field(examples=["DRITTES KAPITEL"])
    translation: str | None = Field(description="null while it is not there.", examples=["THIRD CHAPTER"])

    @classmethod
    def of(cls, heading: Heading) -> "Chapter":
        """Describe a heading."""
        return cls(
            position=f"{heading.part}.{heading.index}",
            sentence=heading.sentence,
            level=heading.level,
            source=heading.source,
            translation=heading.translation,
        )


class Outline(BaseModel):
    """The chapters of a document as far as it is there."""

    items: list[Chapter]
    complete: bool = Field(description="false: there are more than 1,000 headings, and the lower ones are left out.")


@router.get("/{document}/sentences", responses=responses(404, 422))
async def sentences(  # noqa: PLR0913, PLR0917 (each is a query parameter)
    document: Known,
    services: Served,
    after: Annotated[
        str | None,
        Query(
            pattern=r"^(\d{1,3}:)?\d{1,7}\.\d{1,7}$",
            description="The `next` of the page before, which must have had the same other parameters.",
        ),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    confidence: Annotated[
        Level | None, Query(description="Only those whose translation can be relied on so far.")
    ] = None,
    doubt: Annotated[
        bool | None,
        Query(
            description="Only those that have a reason to be checked, or of which no translation could be made; false: "
            "the others."
        ),
    ] = None,
    reason: Annotated[
        str | None,
        Query(
            pattern="^[a-z]{1,32}$",
            description="Only those that have this reason in `suspect`; `failed`: no translation could be made.",
            examples=["numbers"],
        ),
    ] = None,
    corrected: Annotated[bool | None, Query(description="Only those whose translation a person gave.")] = None,
    approved: Annotated[bool | None, Query(description="Only those that a person has approved.")] = None,
    missed: Annotated[
        bool | None,
        Query(
            description="Only those whose translation lacks a term of the glossary, and that nobody has corrected or "
            "approved; false: the others."
        ),
    ] = None,
    q: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=200,
            description="Only those with these characters in source or translation; case, accents and line breaks do not "
            "matter.",
        ),
    ] = None,
    order: Annotated[
        Literal["position", "confidence"],
        Query(
            description="position: as in the text. confidence: those that can be relied on least come first; only those of "
            "which that is known, and no other filter than `confidence`."
        ),
    ] = "position",
    whole: Annotated[
        bool, Query(description="Without filters: end with a paragraph, which is up to 99 sentences more.")
    ] = False,
    version: OfVersion = "corrected",
) -> SentencePage:
    """Give sentences with their translations, in the order of the text unless asked otherwise."""
    await found_document(services, document)
    sure, place = _place(after)
    choice = Choice(
        level=confidence,
        doubt=doubt,
        reason=reason,
        corrected=corrected,
        approved=approved,
        missed=missed,
        words=q or "",
    )
    if version == "machine" and (order, choice) != ("position", Choice()):
        raise InputError("version=machine is given as a whole and in its order; leave the filters out")
    reader, owner = services.reader, services.owner
    if (sure is None) != (order == "position" or after is None):
        raise InputError(f"after={after} is no place in the order by {order}; take the `next` of the page before")
    if order == "confidence":
        if choice != Choice(level=confidence):
            raise InputError(
                "order=confidence goes with no other filter than confidence; leave doubt, reason and q out"
            )
        behind = (sure, *place) if sure is not None and place is not None else None
        found = await reader.least_sure(owner, document, confidence, after=behind, limit=limit + 1)
    elif not choice.everything:
        found = await reader.chosen(owner, document, choice, after=place, limit=limit + 1)
    elif whole:
        found = await reader.sentences(owner, document, after=place, limit=limit, whole=True, version=version)
        limit = max(limit, len(found))
    else:
        found = await reader.sentences(owner, document, after=place, limit=limit + 1, version=version)
    items = [Sentence.of(sentence) for sentence in found[:limit]]
    following = None
    if len(found) > limit or (whole and choice.everything and len(found) >= limit):
        last = items[-1]
        following = f"{last.confidence}:{last.position}" if order == "confidence" else last.position
    return SentencePage(items=items, next=following)


@router.get("/{document}/outline", responses=responses(404, 422))
async def outline(document: Known, services: Served) -> Outline:
    """Give the chapters of a document, as its headings say."""
    await found_document(services, document)
    headings, complete = await services.reader.outline(services.owner, document)
    return Outline(items=[Chapter.of(heading) for heading in headings], complete=complete)


def _place(after: str | None) -> tuple[int | None, tuple[int, int] | None]:
    """Return the confidence, if it is told, and part and index of the sentence that a cursor names."""
    if after is None:
        return None, None
    sure, _, position = after.rpartition(":")
    part, _, index = position.partition(".")
    return int(sure) if sure else None, (int(part), int(index))
