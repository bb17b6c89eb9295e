"""Units come into a memory and go."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pymongo import ReplaceOne

from pipeline.errors import InputError
from pipeline.memory import digests
from store.collections import Collections
from store.driver import Entry, Session
from store.failures import translated
from store.memory.units import Origin, Place, StoredUnit, Unit, entry_of, identity, of_place, unit_of
from store.ownership import Ownership

MACHINE_KEPT = timedelta(days=90)
"""So long a machine's unit is kept after it was last saved."""

PERSON_LIMIT = 2_000_000
"""Units that people may bring into one owner's memory from outside."""
MACHINE_LIMIT = 2_000_000
"""Units of machines in all memories together; those that would expire first make room."""

_AT_ONCE = 1000
_TIDIED_AT_ONCE = 20_000


class MemoryFullError(InputError):
    """There is no room in a memory."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"a memory keeps {limit} units of people; delete what is not needed, or use another key")


@dataclass(frozen=True, slots=True)
class Added:
    """What became of units that came from outside."""

    units: list[str]
    """Ids of those that are new."""
    known: int
    """How many were there already."""


class MemoryKeeper:
    """Saves and removes units. Each call may be repeated."""

    def __init__(
        self, collections: Collections, *, limit: int = PERSON_LIMIT, machine_limit: int = MACHINE_LIMIT
    ) -> None:
        self._memory = collections.memory
        self._limit = limit
        self._machine_limit = machine_limit

    async def save(self, ownership: Ownership, units: Iterable[Unit], *, session: Session | None = None) -> int:
        """Save units in the memory of an owner, in one write for a thousand; return how many.

        One that is there already is replaced (`store.memory.units.identity`). With `session` they are part of its
        transaction. Raises `InputError` for what MongoDB cannot hold, `UnavailableError`.
        """
        return await self.save_of_several(((ownership, unit) for unit in units), session=session)

    async def save_of_several(self, units: Iterable[tuple[Ownership, Unit]], *, session: Session | None = None) -> int:
        """Save units, each in the memory of its owner, as `save` does."""
        expires = datetime.now(UTC) + MACHINE_KEPT
        # The last of several that are the same unit.
        entries = {entry["_id"]: entry for ownership, unit in units for entry in [entry_of(ownership, unit, expires)]}
        writes = [ReplaceOne({"_id": entry["_id"]}, entry, upsert=True) for entry in entries.values()]
        with translated():
            for start in range(0, len(writes), _AT_ONCE):
                await self._memory.bulk_write(writes[start : start + _AT_ONCE], ordered=False, session=session)
        return len(writes)

    async def remove(self, ownership: Ownership, units: Sequence[str], *, session: Session | None = None) -> int:
        """Remove units by their ids; return how many there were."""
        return await self._remove({"_id": {"$in": list(units)}, "owner": ownership.owner}, session)

    async def remove_at(self, ownership: Ownership, place: Place, *, session: Session | None = None) -> bool:
        """Remove the person's unit that was made at a place (its correction was taken back); return whether it was there."""
        mine = {"_id": of_place(ownership, place), "owner": ownership.owner}
        return await self._remove(mine, session) == 1

    async def add(self, ownership: Ownership, units: Sequence[Unit]) -> Added:
        """Save units that come from outside; those of which the memory has the same already stay as they are.

        Raises `MemoryFullError` if the owner's memory has no room for them; none of them is saved then.
        """
        keys = [digests.Keyring(ownership.owner, one.source, one.target).exact(one.text) for one in units]
        fields = {"keys": 1, "translation": 1, "before": 1, "after": 1}
        wanted: Entry = {"keys": {"$in": list(set(keys))}, "owner": ownership.owner, "origin": "person"}
        with translated():
            known = {_said(one["keys"][0], one, one["translation"]) async for one in self._memory.find(wanted, fields)}
        new: dict[tuple[bytes, ...], Unit] = {}
        for key, unit in zip(keys, units, strict=True):
            context = {"before": digests.neighbour(unit.before), "after": digests.neighbour(unit.after)}
            if (said := _said(key, context, unit.translation)) not in known:
                new[said] = unit
        if new and await self.count(ownership) + len(new) > self._limit:
            raise MemoryFullError(self._limit)
        await self.save(ownership, new.values())
        return Added([identity(ownership, unit) for unit in new.values()], len(units) - len(new))

    async def put(self, ownership: Ownership, unit: Unit) -> StoredUnit:
        """Save a unit that a person adds, in place of one that says the same, and return it. Raises `MemoryFullError`."""
        if await self.count(ownership) >= self._limit:
            raise MemoryFullError(self._limit)
        await self.save(ownership, [unit])
        return unit_of(entry_of(ownership, unit, datetime.now(UTC)))

    async def count(self, ownership: Ownership) -> int:
        """Return how many units of people an owner's memory has."""
        with translated():
            return await self._memory.count_documents({"owner": ownership.owner, "origin": "person"})

    async def clear(
        self,
        ownership: Ownership,
        *,
        document: str | None = None,
        pair: tuple[str, str] | None = None,
        origin: Origin | None = None,
    ) -> int:
        """Remove all units of an owner's memory, or those of a document, of a pair or of an origin; return how many."""
        named = {"document": document, "origin": origin}
        wanted: Entry = {"owner": ownership.owner} | {name: value for name, value in named.items() if value is not None}
        return await self._remove(wanted | ({} if pair is None else {"source": pair[0], "target": pair[1]}), None)

    async def forget_document(self, ownership: Ownership, document: str, *, origin: Origin | None = "machine") -> int:
        """Remove what came of a document that is there for `ownership`: the machine's units, or with None a person's too."""
        wanted = {"document": document, **ownership.seen}
        return await self._remove(wanted | ({} if origin is None else {"origin": origin}), None)

    async def _remove(self, wanted: Entry, session: Session | None) -> int:
        with translated():
            return (await self._memory.delete_many(wanted, session=session)).deleted_count

    async def bound_machine(self) -> int:
        """Remove some of the machine's units that would expire first, where there are too many; return how many."""
        with translated():
            if await self._memory.estimated_document_count() <= self._machine_limit:
                return 0
            there = await self._memory.count_documents({"expires": {"$exists": True}})
            if there <= self._machine_limit:
                return 0
            oldest = self._memory.find({"expires": {"$exists": True}}, {"_id": 1}).sort("expires", 1)
            names = [entry["_id"] async for entry in oldest.limit(min(there - self._machine_limit, _TIDIED_AT_ONCE))]
        return await self._remove({"_id": {"$in": names}, "origin": "machine"}, None)


def _said(key: bytes, context: Mapping[str, bytes | None], translation: str) -> tuple[bytes, ...]:
    around = (context.get(name) or b"" for name in ("before", "after"))
    return (key, digests.normal(translation).encode("utf-8", "surrogatepass"), *around)
