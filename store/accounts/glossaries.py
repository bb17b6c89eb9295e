"""Glossaries: terms with their translations for pairs of languages, and whose they are."""

import asyncio
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.errors import InputError, UnavailableError
from store import driver
from store.collections import Collections
from store.driver import Entry
from store.failures import translated
from store.ownership import Ownership

Pair = tuple[str, str]
"""Source and target language."""
Dictionaries = dict[Pair, dict[str, str]]
"""Terms and their translations, by pair."""

_TRIES = 5
# The sizes of records in MongoDB are limited, and so is what is read of all glossaries at once.
_MOST_DICTIONARIES = 100


@dataclass(frozen=True, slots=True)
class Glossary:
    """A glossary without its entries."""

    id: str
    name: str
    created: datetime
    version: str
    """Another one after every change."""
    counts: Mapping[Pair, int]
    """How many entries each dictionary has."""


@dataclass(frozen=True, slots=True)
class GlossaryLimits:
    """What the glossaries of one owner may be together."""

    number: int = 100
    size: int = 8 * 1024 * 1024
    """Bytes of all entries in UTF-8."""


class VersionError(InputError):
    """A glossary was changed since its sender read it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"somebody has changed the glossary {name!r} meanwhile; read it again, and change that")


class GlossaryStore:
    """Makes, finds, changes and deletes glossaries."""

    def __init__(self, collections: Collections, limits: GlossaryLimits | None = None) -> None:
        self._glossaries = collections.glossaries
        self._limits = limits or GlossaryLimits()

    async def create(self, ownership: Ownership, name: str, dictionaries: Dictionaries) -> Glossary:
        """Store a glossary. Raises `InputError` if its owner has too many or too large ones then, `UnavailableError`."""
        content = await asyncio.to_thread(_stored, name, dictionaries)
        entry: Entry = {"_id": str(uuid.uuid4()), "owner": ownership.owner, "created": datetime.now(UTC)} | content
        self._check_size(entry["size"])
        with translated():
            await self._glossaries.insert_one(entry)
            number, size = await self._used(ownership)
            # Looked at afterwards, so that of several at once none gets past.
            if number > self._limits.number or size > self._limits.size:
                await self._glossaries.delete_one({"_id": entry["_id"]})
                raise InputError(self._too_much("and those that are there have", number, size))
        return _glossary(entry)

    async def change(
        self,
        ownership: Ownership,
        glossary: str,
        edit: Callable[[str, Dictionaries], str],
        *,
        versions: Collection[str] = (),
    ) -> Glossary | None:
        """Change a glossary, or return None if there is none of that id.

        `edit` gets its name and its dictionaries, changes these, and returns the new name. `versions`: those that it may
        have; none: any. Raises as `create` and `edit` do, and `VersionError`; what does not fit then is not stored.
        """
        mine = {"_id": glossary, **ownership.seen}
        for _ in range(_TRIES):
            with translated():
                entry = await self._glossaries.find_one(mine)
            if entry is None:
                return None
            if versions and entry.get("version") not in versions:
                raise VersionError(entry["name"])
            content = await asyncio.to_thread(_edited, entry, edit)
            self._check_size(content["size"])
            with translated():
                number, size = await self._used(ownership)
                size += content["size"] - entry.get("size", 0)
                if size > self._limits.size:
                    raise InputError(self._too_much("and the others have", number, size))
                # Of several at once each has to see what the others did.
                same = mine | {"version": entry.get("version")}
                done = await self._glossaries.update_one(same, {"$set": content})
            if done.matched_count:
                return _glossary(entry | content)
        raise UnavailableError("the store", "glossaries", "others change this glossary all the time", answers=True)

    def _check_size(self, size: int) -> None:
        if size > self._limits.size:
            raise InputError(self._too_much("has", 1, size))

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
            found = self._glossaries.find(ownership.seen, _WITHOUT_ENTRIES).sort([("created", 1), ("_id", 1)])
            return [_glossary(entry) async for entry in found]

    async def get(self, ownership: Ownership, glossary: str) -> Glossary | None:
        """Return one, or None if there is none of that id."""
        with translated():
            entry = await self._glossaries.find_one({"_id": glossary, **ownership.seen}, _WITHOUT_ENTRIES)
        return _glossary(entry) if entry else None

    async def entries(self, ownership: Ownership, glossary: str, pair: Pair) -> dict[str, str] | None:
        """Return the entries of one for a pair of languages, or None if there are none."""
        with translated():
            entry = await self._glossaries.find_one({"_id": glossary, **ownership.seen})
        return (await asyncio.to_thread(_dictionaries, entry)).get(pair) if entry else None

    async def whole(self, ownership: Ownership, glossary: str) -> tuple[Glossary, Dictionaries] | None:
        """Return one with all of its entries, or None if there is none of that id."""
        with translated():
            entry = await self._glossaries.find_one({"_id": glossary, **ownership.seen})
        return (_glossary(entry), await asyncio.to_thread(_dictionaries, entry)) if entry else None

    async def delete(self, ownership: Ownership, glossary: str) -> bool:
        """Delete one; return whether it was there."""
        with translated():
            return (await self._glossaries.delete_one({"_id": glossary, **ownership.seen})).deleted_count == 1


# The first dictionary stands in the record itself, where earlier releases have and look for the only one.
_WITHOUT_ENTRIES = {"entries": 0, "others.entries": 0}


def _stored(name: str, dictionaries: Dictionaries) -> Entry:
    if len(dictionaries) > _MOST_DICTIONARIES:
        raise InputError(f"a glossary may have {_MOST_DICTIONARIES} dictionaries")
    # One text: it is read a hundred times faster than a list, and terms have no line breaks and no tabs.
    records: list[Entry] = [
        {
            "source": source,
            "target": target,
            "count": len(entries),
            "entries": "\n".join(f"{term}\t{translation}" for term, translation in entries.items()),
        }
        for (source, target), entries in dictionaries.items()
    ]
    size = sum(len(record["entries"].encode()) for record in records)
    first = records[0] if records else {"source": "", "target": "", "count": 0, "entries": ""}
    return {"name": name, "version": uuid.uuid4().hex, "size": size, "others": records[1:]} | first


def _edited(entry: Entry, edit: Callable[[str, Dictionaries], str]) -> Entry:
    dictionaries = _dictionaries(entry)
    name = edit(entry["name"], dictionaries)
    return _stored(name, dictionaries)


def _records(entry: Entry) -> list[Entry]:
    return [record for record in (entry, *entry.get("others", [])) if record["source"]]


def _dictionaries(entry: Entry) -> Dictionaries:
    return {(one["source"], one["target"]): _entries(one["entries"]) for one in _records(entry)}


def _entries(stored: str | list[list[str]]) -> dict[str, str]:
    """Return entries as they are stored; by earlier releases as pairs."""
    pairs = (line.split("\t", 1) for line in stored.split("\n")) if isinstance(stored, str) else stored
    return {term: target for term, target in pairs}  # noqa: C416 (lists of two are no pairs to the checker)


def _glossary(entry: Entry) -> Glossary:
    counts = {(one["source"], one["target"]): int(one["count"]) for one in _records(entry)}
    return Glossary(entry["_id"], entry["name"], entry["created"], entry.get("version", ""), counts)
