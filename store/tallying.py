"""Counts of a part, made from what is in it."""

from collections.abc import Mapping

from pipeline.confidence import HIGH, LOW
from store.driver import Entry

_CONFIDENCE = "$$this.v.confidence"


def _those(of: str | Entry, condition: Entry) -> Entry:
    return {"$filter": {"input": of, "cond": condition}}


def _count(of: str, condition: Entry) -> Entry:
    return {"$size": _those(of, condition)}


def _has(name: str) -> Entry:
    """Whether a translation has a field (only fields that say something are stored)."""
    return {"$ne": [{"$type": f"$$this.v.{name}"}, "missing"]}


_CORRECTED = {"$ne": ["$$this.v.text", None]}
_WITHIN = {"$lt": [{"$toInt": "$$this.k"}, {"$ifNull": ["$total", 1 << 30]}]}
_SETTLED = {"$in": ["$$this.k", "$_settled.k"]}

TALLY: list[Entry] = [
    {
        "$set": {
            "_made": _those({"$objectToArray": "$translations"}, _WITHIN),
            "_changed": {"$objectToArray": {"$ifNull": ["$corrections", {}]}},
        }
    },
    # A person has said what is right: nothing about them is doubtful any more.
    {"$set": {"_settled": _those("$_changed", {"$or": [_CORRECTED, "$$this.v.approved"]})}},
    {"$set": {"_open": _those("$_made", {"$not": [_SETTLED]})}},
    {
        "$set": {
            "translated": {"$size": "$_made"},
            "suspect": _count("$_open", _has("suspect")),
            "failed": _count("$_open", _has("failed")),
            "missed": _count("$_open", _has("missed")),
            "remembered": _count("$_made", _has("memory")),
            # What is missing is less than every number.
            "low": _count("$_open", {"$and": [{"$gte": [_CONFIDENCE, 0]}, {"$lt": [_CONFIDENCE, LOW]}]}),
            "medium": _count("$_open", {"$and": [{"$gte": [_CONFIDENCE, LOW]}, {"$lt": [_CONFIDENCE, HIGH]}]}),
            "high": _count("$_open", {"$gte": [_CONFIDENCE, HIGH]}),
            "corrected": _count("$_changed", _CORRECTED),
            "approved": _count("$_changed", {"$eq": ["$$this.v.approved", True]}),
            "closed": {"$and": [{"$gte": ["$total", 0]}, {"$gte": [{"$size": "$_made"}, "$total"]}]},
        }
    },
    {"$unset": ["_made", "_changed", "_settled", "_open"]},
]
"""Last stages of every update of a part: its counts follow from its translations and from what people made of these."""


def tally(made: Mapping[str, Entry], total: int) -> Entry:
    """Return what `TALLY` makes of a part of `total` sentences with these translations, of which people made nothing."""
    confidences = [one["confidence"] for one in made.values() if "confidence" in one]
    return {
        "translated": len(made),
        "suspect": sum("suspect" in one for one in made.values()),
        "failed": sum("failed" in one for one in made.values()),
        "missed": sum("missed" in one for one in made.values()),
        "remembered": sum("memory" in one for one in made.values()),
        "low": sum(0 <= one < LOW for one in confidences),
        "medium": sum(LOW <= one < HIGH for one in confidences),
        "high": sum(one >= HIGH for one in confidences),
        "corrected": 0,
        "approved": 0,
        "closed": len(made) >= total,
    }
