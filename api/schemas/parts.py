"""Parts of documents, as JSON."""

from pydantic import BaseModel, Field

from api.schemas.counts import SentenceCounts
from store.parts import StoredPart


class Part(BaseModel):
    """A part of a document that is there."""

    part: int = Field(description="Counts from 0.", examples=[0])
    revision: str = Field(
        description="BLAKE2b of 8 bytes over source, target, model and text, with NUL between them (and the terms of a "
        "glossary, if it has some): tells whether the part is the same as a sender's.",
        examples=["9b2e4f60c1d7a358"],
    )
    characters: int = Field(examples=[65121])
    sentences: SentenceCounts

    @classmethod
    def of(cls, part: StoredPart) -> "Part":
        """Describe a part."""
        return cls(
            part=part.part, revision=part.revision, characters=part.characters, sentences=SentenceCounts.of(part)
        )


class PartPage(BaseModel):
    """Parts in the order of the text; numbers that are left out are not there yet."""

    source: str
    target: str
    model: str | None = Field(description="Model that was asked for.")
    items: list[Part]
    next: int | None = Field(description="Give it as `after` for the next page; null at the end of what is there.")
