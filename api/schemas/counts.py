"""Counts of sentences, as JSON."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from store.counting import Counts
from store.parts import StoredPart


class LevelCounts(BaseModel):
    """Translations by how far they can be relied on."""

    high: int = Field(examples=[180])
    medium: int = Field(examples=[370])
    low: int = Field(examples=[90])


class SentenceCounts(BaseModel):
    """Sentences of a document."""

    total: int = Field(description="Known so far.", examples=[893])
    translated: int = Field(examples=[640])
    suspect: int = Field(description="Translated, and marked as doubtful.", examples=[7])
    failed: int = Field(description="Kept as their source, because no translation could be made.", examples=[0])
    corrected: int = Field(0, description="With a text that a person gave.", examples=[3])
    approved: int = Field(0, description="Approved by a person.", examples=[12])
    remembered: int = Field(description="Translations that come from the translation memory.", examples=[120])
    missed: int = Field(
        0,
        description="Whose translation lacks a term of the glossary; none that a person has corrected or approved.",
        examples=[2],
    )
    confidence: LevelCounts = Field(
        description="Of those that say how far they can be relied on: what needed no translation does not, nor what an "
        "older release made, or an engine that does not tell how sure it was."
    )

    @classmethod
    def of(cls, counts: Counts | StoredPart) -> "SentenceCounts":
        """Describe counts."""
        return cls(
            total=counts.total,
            translated=counts.translated,
            suspect=counts.suspect,
            failed=counts.failed,
            corrected=counts.corrected,
            approved=counts.approved,
            remembered=counts.remembered,
            missed=counts.missed,
            confidence=LevelCounts(high=counts.high, medium=counts.medium, low=counts.low),
        )

    @classmethod
    def sum_of(cls, several: Sequence["SentenceCounts"]) -> "SentenceCounts":
        """Add counts up."""
        return cls(
            total=sum(one.total for one in several),
            translated=sum(one.translated for one in several),
            suspect=sum(one.suspect for one in several),
            failed=sum(one.failed for one in several),
            corrected=sum(one.corrected for one in several),
            approved=sum(one.approved for one in several),
            remembered=sum(one.remembered for one in several),
            missed=sum(one.missed for one in several),
            confidence=LevelCounts(
                high=sum(one.confidence.high for one in several),
                medium=sum(one.confidence.medium for one in several),
                low=sum(one.confidence.low for one in several),
            ),
        )
