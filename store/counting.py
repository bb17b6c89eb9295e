"""Counts of documents, summed from their parts."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pipeline.confidence import LEVELS
from store import driver
from store.driver import Collection, Entry, Session

COUNTED = ("characters", "total", "translated", "suspect", "failed", *LEVELS, "corrected", "approved")
"""What parts have counts of."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of one document: parts, characters of the source, sentences."""

    parts: int = 0
    characters: int = 0
    total: int = 0
    translated: int = 0
    suspect: int = 0
    failed: int = 0
    low: int = 0
    medium: int = 0
    high: int = 0
    """Sentences by how far their translations can be relied on; those that do not say it are in none."""
    corrected: int = 0
    """Sentences of which a person has given another text."""
    approved: int = 0
    model: str | None = None
    """Model that made the translations."""
    started: datetime | None = None
    """When the first translation arrived."""

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "Counts":
        """Read what `as_entry` wrote."""
        return cls(**{name: entry[name] for name in cls.__dataclass_fields__ if name in entry})

    def as_entry(self) -> Entry:
        """Return the counts as they are stored."""
        return asdict(self)


async def counts_of(
    parts: Collection,
    documents: Iterable[str],
    session: Session | None = None,
) -> dict[str, Counts]:
    """Return the counts of documents that have a part, from the index alone: no text is read."""
    sums = {name: {"$sum": f"${name}"} for name in COUNTED}
    pipeline: list[Entry] = [
        # A part that only translations are known of is not there yet, and may never be.
        {"$match": {"document": {"$in": list(documents)}, "total": {"$gte": 0}}},
        {
            "$group": {
                "_id": "$document",
                "parts": {"$sum": 1},
                **sums,
                # "none" comes last: it stands for sentences that no model takes.
                "model": {"$max": {"$cond": [{"$eq": ["$model", "none"]}, "", "$model"]}},
                "started": {"$min": "$started"},
            }
        },
    ]
    found = await driver.aggregate(parts, pipeline, session=session)
    return {entry["_id"]: Counts.of(entry) for entry in found}


async def characters_before(parts: Collection, document: str, part: int, session: Session | None = None) -> int:
    """Return how many characters of a document's text stand before a part, as far as they are there."""
    pipeline: list[Entry] = [
        {"$match": {"document": document, "part": {"$lt": part}}},
        {"$group": {"_id": None, "characters": {"$sum": "$characters"}}},
    ]
    found = await driver.aggregate(parts, pipeline, session=session)
    return int(found[0]["characters"]) if found else 0
