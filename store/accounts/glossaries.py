"""Glossaries: terms with their translations for one pair of languages, and whose they are."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

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


class GlossaryStore:
    """Makes, finds and deletes glossaries."""

    def __init__(self, collections: Collections) -> None:
        self._glossaries = collections.glossaries

    async def create(
        self, ownership: Ownership, *, name: str, source: str, target: str, entries: Mapping[str, str]
    ) -> Glossary:
        """Store a glossary of at most 8 MB. Raises `InputError` if MongoDB cannot hold it, `UnavailableError`."""
        entry: Entry = {
            "_id": str(uuid.uuid4()),
            "owner": ownership.owner,
            "name": name,
            "source": source,
            "target": target,
            "created": datetime.now(UTC),
            "count": len(entries),
            # Pairs, because a term may have characters that names in MongoDB may not.
            "entries": [[term, translation] for term, translation in entries.items()],
        }
        with translated():
            await self._glossaries.insert_one(entry)
        return _glossary(entry)

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
        return dict(entry["entries"]) if entry else None

    async def delete(self, ownership: Ownership, glossary: str) -> bool:
        """Delete one; return whether it was there."""
        with translated():
            return (await self._glossaries.delete_one({"_id": glossary, **ownership.seen})).deleted_count == 1


def _glossary(entry: Entry) -> Glossary:
    return Glossary(entry["_id"], entry["name"], entry["source"], entry["target"], entry["created"], entry["count"])
