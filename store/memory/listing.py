"""What is in a memory: pages of it, counts, all of it."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from pymongo.errors import ExecutionTimeout

from pipeline.errors import InputError
from store import driver
from store.collections import Collections
from store.cursors import read_cursor, write_cursor
from store.driver import Entry
from store.failures import translated
from store.memory.units import Origin, StoredUnit, unit_of
from store.ownership import Ownership

_ORDER = "memory"
_MOST_WORDS = 8
_PATIENCE_MS = 5000


@dataclass(frozen=True, slots=True)
class UnitQuery:
    """Which units are wanted."""

    words: str = ""
    """Each has to stand in the source or the translation, also inside a word; case does not count."""
    source: str | None = None
    target: str | None = None
    origin: Origin | None = "person"
    document: str | None = None


@dataclass(frozen=True, slots=True)
class UnitPage:
    """Units, the newest first."""

    items: list[StoredUnit]
    next: str | None


@dataclass(frozen=True, slots=True)
class PairCount:
    """How many units a memory has for a pair of languages."""

    source: str
    target: str
    origin: Origin
    number: int


class MemoryListing:
    """Shows an owner's memory."""

    def __init__(self, collections: Collections) -> None:
        self._memory = collections.memory

    async def find(self, ownership: Ownership, query: UnitQuery, *, limit: int, after: str | None) -> UnitPage:
        """Return up to `limit` units.

        Raises `InputError` for a query that takes too long, and an `after` that no page gave; `UnavailableError`.
        """
        wanted = _filter(ownership, query)
        if after is not None:
            wanted = {"$and": [wanted, _behind(after)]}
        cursor = self._memory.find(wanted).sort([("at", -1), ("_id", -1)]).limit(limit + 1).max_time_ms(_PATIENCE_MS)
        with translated():
            try:
                entries = await cursor.to_list(None)
            except ExecutionTimeout:
                raise InputError(
                    "the search takes too long in so large a memory; name languages, or words that are there more often"
                ) from None
        units = [unit_of(entry) for entry in entries[:limit]]
        more = len(entries) > limit
        return UnitPage(units, write_cursor(_ORDER, units[-1].at.isoformat(), units[-1].id) if more else None)

    async def get(self, ownership: Ownership, unit: str) -> StoredUnit | None:
        """Return one unit, or None if there is none of that id."""
        with translated():
            entry = await self._memory.find_one({"_id": unit, "owner": ownership.owner})
        return unit_of(entry) if entry else None

    async def counts(self, ownership: Ownership) -> list[PairCount]:
        """Return how many units there are, by pair and origin."""
        group = {"_id": {"source": "$source", "target": "$target", "origin": "$origin"}, "number": {"$sum": 1}}
        steps: list[Entry] = [{"$match": {"owner": ownership.owner}}, {"$group": group}, {"$sort": {"_id": 1}}]
        with translated():
            found = await driver.aggregate(self._memory, steps)
        return [PairCount(**entry["_id"], number=entry["number"]) for entry in found]

    async def all(self, ownership: Ownership, query: UnitQuery) -> AsyncIterator[StoredUnit]:
        """Yield all units that are wanted, in no order that means anything."""
        with translated():
            async for entry in self._memory.find(_filter(ownership, query), batch_size=1000):
                yield unit_of(entry)


def _filter(ownership: Ownership, query: UnitQuery) -> Entry:
    named = {"source": query.source, "target": query.target, "origin": query.origin, "document": query.document}
    wanted: Entry = {"owner": ownership.owner} | {name: value for name, value in named.items() if value is not None}
    words = query.words.split()
    if len(words) > _MOST_WORDS:
        raise InputError(f"the query has more than {_MOST_WORDS} words; leave some out")
    for word in words:
        pattern = {"$regex": re.escape(word), "$options": "i"}
        wanted.setdefault("$and", []).append({"$or": [{"text": pattern}, {"translation": pattern}]})
    return wanted


def _behind(after: str) -> Entry:
    at, name = read_cursor(_ORDER, after, 2)
    try:
        time = datetime.fromisoformat(at)
    except ValueError:
        raise InputError("the cursor is not one that a page gave; start without it") from None
    return {"$or": [{"at": {"$lt": time}}, {"at": time, "_id": {"$lt": name}}]}
