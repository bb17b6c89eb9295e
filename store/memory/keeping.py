"""Units come into a memory and go."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from pymongo import ReplaceOne

from store.collections import Collections
from store.driver import Entry, Session
from store.failures import translated
from store.memory.units import Origin, Place, Unit, entry_of, of_place
from store.ownership import Ownership

MACHINE_KEPT = timedelta(days=90)
"""So long a machine's unit is kept after it was last saved."""

_AT_ONCE = 1000


class MemoryKeeper:
    """Saves and removes units. Each call may be repeated."""

    def __init__(self, collections: Collections) -> None:
        self._memory = collections.memory

    async def save(self, ownership: Ownership, units: Iterable[Unit], *, session: Session | None = None) -> int:
        """Save units in the memory of an owner, in one write for a thousand; return how many.

        One that is there already is replaced (`store.memory.units.identity`). With `session` they are part of its
        transaction. Raises `InputError` for what MongoDB cannot hold, `UnavailableError`.
        """
        expires = datetime.now(UTC) + MACHINE_KEPT
        # The last of several that are the same unit.
        entries = {entry["_id"]: entry for unit in units for entry in [entry_of(ownership, unit, expires)]}
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

    async def forget_document(self, ownership: Ownership, document: str, *, origin: Origin | None = "machine") -> int:
        """Remove what came of a document that is there for `ownership`: the machine's units, or with None a person's too."""
        wanted = {"document": document, **ownership.seen}
        return await self._remove(wanted | ({} if origin is None else {"origin": origin}), None)

    async def _remove(self, wanted: Entry, session: Session | None) -> int:
        with translated():
            return (await self._memory.delete_many(wanted, session=session)).deleted_count
