"""Glossaries: terms with their translations for one pair of languages, and whose they are."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.errors import InputError
from store import driver
from store.collections import Collections
from store.driver import Entry
from store.failures import translated
from store.ownership import Ownership


@dataclass(frozen=True, slots=True)
class Glossary:
    """A glossary without its entries."""

    id: str
    name: str
    source: str
    target: str
    created: datetime
    count: int
    """How many entries it has."""


@dataclass(frozen=True, slots=True)
class GlossaryLimits:
    """What the glossaries of one owner may be together."""

    number: int = 100
    size: int = 8 * 1024 * 1024
    """Bytes of all entries in UTF-8."""


class GlossaryStore:
    """Makes, finds and deletes glossaries."""

    def __init__(self, collections: Collections, limits: GlossaryLimits | None = None) -> None:
        self._glossaries = collections.glossaries
        self._limits = limits or GlossaryLimits()

    async def create(
        self, ownership: Ownership, *, name: str, source: str, target: str, entries: Mapping[str, str]
    ) -> Glossary:
        """Store a glossary. Raises `InputError` if its owner has too many or too large ones then, `UnavailableError`."""
        # One text: it is read a hundred times faster than a list, and terms have no line breaks and no tabs.
        text = await asyncio.to_thread(lambda: "\n".join(f"{term}\t{target}" for term, target in entries.items()))
        entry: Entry = {
            "_id": str(uuid.uuid4()),
            "owner": ownership.owner,
            "name": name,
            "source": source,
            "target": target,
            "created": datetime.now(UTC),
            "count": len(entries),
            "entries": text,
            "size": len(text.encode()),
        }
        if entry["size"] > self._limits.size:
            raise InputError(self._too_much("has", 1, entry["size"]))
        with translated():
            await self._glossaries.insert_one(entry)
            number, size = await self._used(ownership)
            # Looked at afterwards, so that of several at once none gets past.
            if number > self._limits.number or size > self._limits.size:
                await self._glossaries.delete_one({"_id": entry["_id"]})
                raise InputError(self._too_much("and those that are there have", number, size))
        return _glossary(entry)

    def _too_much(self, what: str, number: int, size: int) -> str:
        return (
            f"the glossary {what} {size} bytes of entries, number {number}; at most {self._limits.size} bytes in "
            f"{self._limits.number} glossaries are kept for a key: delete one that is not needed"
        )

    async def _used(self, ownership: Ownership) -> tuple[int, int]:
        """Return number and size of the owner's glossaries."""
        # Those of earlier releases have no size of their own.
        size = {"$ifNull": ["$size", {"$bsonSize": "$$ROOT"}]}
        steps: list[Entry] = [
            {"$match": {"owner": ownership.owner}},
            {"$group": {"_id": None, "number": {"$sum": 1}, "size": {"$sum": size}}},
        ]
        found = await driver.aggregate(self._glossaries, steps)
        return (found[0]["number"], found[0]["size"]) if found else (0, 0)

    async def all(self, ownership: Ownership) -> list[Glossary]:
        """Return all, oldest first."""
        with translated():
            found = self._glossaries.find(ownership.seen, {"entries": 0}).sort([("created", 1), ("_id", 1)])
            return [_glossary(entry) async for entry in found]

    async def get(self, ownership: Ownership, glossary: str) -> Glossary | None:
        """Return one, or None if there is none of that id."""
        with translated():
            entry = await self._glossaries.find_one({"_id": glossary, **ownership.seen}, {"entries": 0})
        return _glossary(entry) if entry else None

    async def entries(self, ownership: Ownership, glossary: str) -> dict[str, str] | None:
        """Return the entries of one, or None if there is none of that id."""
        with translated():
            entry = await self._glossaries.find_one({"_id": glossary, **ownership.seen}, {"entries": 1})
        return await asyncio.to_thread(_entries, entry["entries"]) if entry else None

    async def delete(self, ownership: Ownership, glossary: str) -> bool:
        """Delete one; return whether it was there."""
        with translated():
            return (await self._glossaries.delete_one({"_id": glossary, **ownership.seen})).deleted_count == 1


def _entries(stored: str | list[list[str]]) -> dict[str, str]:
    """Return entries as they are stored; by earlier releases as pairs."""
    pairs = (line.split("\t", 1) for line in stored.split("\n")) if isinstance(stored, str) else stored
    return {term: target for term, target in pairs}  # noqa: C416 (lists of two are no pairs to the checker)


def _glossary(entry: Entry) -> Glossary:
    return Glossary(entry["_id"], entry["name"], entry["source"], entry["target"], entry["created"], entry["count"])
