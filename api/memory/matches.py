"""Route for what the memory has that is like a sentence."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.correcting import At
from api.memory.routes import MemoryUnit
from api.problems import NotFoundError, responses
from api.services import Served
from pipeline.detection import AUTO
from store.memory.matching import LEAST, Match

router = APIRouter(prefix="/v1/documents", tags=["documents"])


class DifferencePiece(BaseModel):
    """Words that are the same in the unit and in the sentence, or only in the one (`removed`) or the other (`added`)."""

    change: Literal["same", "added", "removed"]
    text: str


class MemoryMatch(BaseModel):
    """A unit that is like the sentence."""

    unit: MemoryUnit
    likeness: int = Field(
        description="Percent of the characters that are the same; 100 only if all are.", examples=[87]
    )
    difference: list[DifferencePiece] = Field(description="How the unit's text becomes the sentence, word by word.")

    @classmethod
    def of(cls, match: Match) -> "MemoryMatch":
        """Describe a match."""
        pieces = [DifferencePiece(change=piece.change, text=piece.text) for piece in match.difference]
        return cls(unit=MemoryUnit.of(match.unit), likeness=match.likeness, difference=pieces)


class MemoryMatches(BaseModel):
    """Units that are like a sentence, the most like first."""

    items: list[MemoryMatch]


@router.get(
    "/{document}/sentences/{part}/{index}/matches", operation_id="sentence_matches", responses=responses(404, 422)
)
async def matches(
    place: At,
    services: Served,
    least: Annotated[int, Query(ge=LEAST, le=100, description="Likeness in percent.")] = LEAST,
    limit: Annotated[int, Query(ge=1, le=20)] = 5,
) -> MemoryMatches:
    """Give units of your memory whose source is like a sentence; what was made of this very sentence is left out."""
    document = await services.reader.get(services.owner, place.document)
    if document is None:
        raise NotFoundError(place.document)
    found = await services.corrections.get(services.owner, place)
    if found is None:
        raise NotFoundError(f"{place.part}.{place.index}", "sentence")
    source = document.source if document.source != AUTO else document.detected
    if source is None:
        return MemoryMatches(items=[])
    liked = await services.memory.matcher.like(
        services.owner, (source, document.target), found.sentence.source, least=least, limit=limit + 1
    )
    others = [match for match in liked if match.unit.place != place]
    return MemoryMatches(items=[MemoryMatch.of(match) for match in others[:limit]])
