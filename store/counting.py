"""Counts of documents, summed from their parts."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from pipeline.confidence import LEVELS
from pipeline.events import MEMORY
from store import driver
from store.driver import Collection, Entry, Session

COUNTED = (
    "characters",
    "total",
    "translated",
    "suspect",
    "failed",
    "remembered",
    *LEVELS,
    "corrected",
    "approved",
    "missed",
)
"""What parts have counts of."""
_SUMS: Entry = {
    "parts": {"$sum": 1},
    **{name: {"$sum": f"${name}"} for name in COUNTED},
    # These come last: they stand for sentences that no model took.
    "model": {"$max": {"$cond": [{"$in": ["$model", ["none", MEMORY]]}, "", "$model"]}},
    "started": {"$min": "$started"},
}
LATELY = 20.0
"""Seconds back that tell how fast a document is translated."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a document was translated of late."""

    translated: int
    seconds: float

    @property
    def rate(self) -> float:
        """Sentences a second."""
        return self.translated / max(0.1, self.seconds)

    @classmethod
    def of(cls, now: datetime, lately: int, since: datetime | None, before: Mapping[str, Any] | None) -> "Pace | None":
        """Reckon from the parts that were begun of late; None if no part was begun.

        `lately`: translations in parts begun within the last `LATELY` seconds; `since`: when the first of these was begun;
        `before`: when (`at`) the last part before them was begun, and its translations (`translated`).
        """
        spanned = (now - since).total_seconds() if since is not None else 0.0
        # Just begun parts alone say little, unless there are no others.
        if before is None or spanned >= LATELY / 2:
            return cls(lately, spanned) if since is not None else None
        return cls(lately + before["translated"], (now - before["at"]).total_seconds())


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of one document: parts, characters of the source, sentences."""

    parts: int = 0
    characters: int = 0
    total: int = 0
    translated: int = 0
    suspect: int = 0
    failed: int = 0
    remembered: int = 0
    """Sentences whose translation comes from memory."""
    low: int = 0
    medium: int = 0
    high: int = 0
    """Sentences by how far their translations can be relied on; those that do not say it are in none."""
    corrected: int = 0
    """Sentences of which a person has given another text."""
    approved: int = 0
    missed: int = 0
    """Sentences whose translation lacks a term of the glossary, and that nobody has corrected or approved."""
    model: str | None = None
    """Model that made the translations."""
    started: datetime | None = None
    """When the first translation arrived."""
    pace: Pace | None = None
    """How fast it is translated; not of what is stored with a finished document."""

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "Counts":
        """Read what `as_entry` wrote."""
        return cls(**{name: entry[name] for name in cls.__dataclass_fields__ if name in entry})

    def as_entry(self) -> Entry:
        """Return the counts as they are stored."""
        return {name: value for name, value in asdict(self).items() if name != "pace"}


async def counts_of(
    parts: Collection,
    documents: Iterable[str],
    session: Session | None = None,
) -> dict[str, Counts]:
    """Return the counts of documents that have a part, from the index alone: no text is read."""
    recent = {"$gt": ["$started", {"$subtract": ["$$NOW", int(1000 * LATELY)]}]}
    earlier = {"$and": [{"$gt": ["$started", None]}, {"$not": [recent]}]}
    pipeline: list[Entry] = [
        # A part that only translations are known of is not there yet, and may never be.
        {"$match": {"document": {"$in": list(documents)}, "total": {"$gte": 0}}},
        {
            "$group": {
                "_id": "$document",
                **_SUMS,
                "now": {"$max": "$$NOW"},
                "lately": {"$sum": {"$cond": [recent, "$translated", 0]}},
                "since": {"$min": {"$cond": [recent, "$started", None]}},
                # Of entries the first field is compared first: this is the last part that was begun before.
                "before": {"$max": {"$cond": [earlier, {"at": "$started", "translated": "$translated"}, None]}},
            }
        },
    ]
    found = await driver.aggregate(parts, pipeline, session=session)
    return {
        entry["_id"]: replace(
            Counts.of(entry), pace=Pace.of(entry["now"], entry["lately"], entry["since"], entry["before"])
        )
        for entry in found
    }


async def closed_counts(
    parts: Collection, documents: Iterable[str], session: Session | None = None
) -> dict[str, Counts]:
    """Return the counts of those parts of documents that have all their translations, from the index alone."""
    names = list(documents)
    if not names:
        return {}
    closed = {"$match": {"document": {"$in": names}, "closed": True, "total": {"$gte": 0}}}
    found = await driver.aggregate(parts, [closed, {"$group": {"_id": "$document", **_SUMS}}], session=session)
    return {entry["_id"]: Counts.of(entry) for entry in found}


async def characters_before(parts: Collection, document: str, part: int, session: Session | None = None) -> int:
    """Return how many characters of a document's text stand before a part, as far as they are there."""
    pipeline: list[Entry] = [
        {"$match": {"document": document, "part": {"$lt": part}}},
        {"$group": {"_id": None, "characters": {"$sum": "$characters"}}},
    ]
    found = await driver.aggregate(parts, pipeline, session=session)
    return int(found[0]["characters"]) if found else 0
