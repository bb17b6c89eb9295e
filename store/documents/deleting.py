"""Documents are deleted: what they say first, the trace of them last."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pymongo import ReturnDocument

from store.collections import Collections
from store.driver import Entry
from store.failures import translated
from store.files import FileStore
from store.memory.keeping import MemoryKeeper
from store.ownership import Ownership
from store.waiting import IS_WAITED_FOR, WAITED_FOR

TRACE_KEPT = timedelta(days=7)
"""As long as Kafka keeps what might still come of a deleted document."""

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Deletion:
    """A deletion of which the store has done its part."""

    document: str
    under_way: bool
    """Whether the services may still be working on the document, and have to be told."""
    brief: bool
    """Whether its trace is of use only as long as records of it may be under way: nobody else knows its id."""


class DocumentDeletion:
    """Deletes documents. Each call may be repeated.

    Guarantee: a deletion that was begun is known until nothing is left of the document. A trace stays in its place, so
    that events that are still under way do not bring it back; it expires only when the deletion is `complete`.

    What is not there for `ownership` is as if it did not exist.
    """

    def __init__(self, collections: Collections) -> None:
        self._documents = collections.documents
        self._collections = collections
        self._files = FileStore(collections)
        self._memory = MemoryKeeper(collections)

    async def delete(self, ownership: Ownership, document: str, *, memory: bool = False) -> Deletion | None:
        """Delete all that a document says, also if that was begun before; None if there is nothing to delete.

        `memory`: also what people made of it in the translation memory; what a model made goes in any case.
        `complete` has to follow.
        """
        is_trace = {"$eq": ["$state", "deleted"]}
        trace = {
            "_id": "$_id",
            # Who may be told that it was deleted.
            "owner": "$owner",
            "state": "deleted",
            "under_way": {"$cond": [is_trace, "$under_way", {"$ne": ["$state", "done"]}]},
            "waited_for": {"$cond": [is_trace, "$waited_for", IS_WAITED_FOR]},
            "memory": {"$cond": [is_trace, {"$or": [memory, "$memory"]}, memory]},
        }
        there: Entry = {"$or": [{"state": {"$ne": "deleted"}}, {"cleared": None}]}
        with translated():
            found: Entry | None = await self._documents.find_one_and_update(
                {"_id": document, **there, **ownership.seen},
                [{"$replaceWith": trace}],
                return_document=ReturnDocument.AFTER,
            )
            if found is None:
                return None
            # Together: most of the time of each is waiting for the disk. Dead letters hold sentences of it.
            await asyncio.gather(
                self._collections.parts.delete_many({"document": document}),
                self._collections.charges.delete_many({"_id": {"$gte": f"{document}/", "$lt": f"{document}0"}}),
                self._collections.search.delete_many({"document": document}),
                self._collections.dead_letters.delete_many({"document": document}),
                self._files.delete_of(ownership, document),
                self._memory.forget_document(ownership, document, origin=None if found["memory"] else "machine"),
            )
        # Traces of an older release say neither.
        under_way = found.get("under_way", False)
        return Deletion(document, under_way, brief=found.get("waited_for", False) and not under_way)

    async def complete(self, deletion: Deletion) -> None:
        """Note that nothing is left to be done of a deletion; its trace expires some time after, or is forgotten before."""
        now = datetime.now(UTC)
        kept: Entry = {"brief": now} if deletion.brief else {"expires": now + TRACE_KEPT}
        with translated():
            await self._documents.update_one(
                {"_id": deletion.document, "state": "deleted"},
                {"$set": {"cleared": True, **kept}, "$unset": {"under_way": "", "waited_for": "", "memory": ""}},
            )

    async def forget(self, watermark: datetime) -> int:
        """Remove brief traces of before a moment until which all that was sent has gone through; return how many."""
        with translated():
            return (await self._documents.delete_many({"brief": {"$lt": watermark}})).deleted_count

    async def interrupted(self) -> list[str]:
        """Return documents whose deletion was begun and is not complete, a thousand at most."""
        return await self._names({"state": "deleted", "cleared": None})

    async def older(self, age: timedelta) -> list[str]:
        """Return documents that were done or cancelled so long ago, or broke off then, a thousand at most."""
        before = datetime.now(UTC) - age
        return await self._names(
            {
                "$or": [
                    {"state": {"$in": ["done", "cancelled"]}, "finished": {"$lt": before}},
                    {"state": "incomplete", "created": {"$lt": before}},
                ]
            }
        )

    async def unread(self, age: timedelta) -> list[str]:
        """Return documents that somebody waited for who did not read them in this time, a thousand at most."""
        return await self._names({**WAITED_FOR, "created": {"$lt": datetime.now(UTC) - age}})

    async def _names(self, wanted: Entry) -> list[str]:
        with translated():
            found = self._documents.find(wanted, {"_id": 1}, limit=_AT_ONCE)
            return [entry["_id"] async for entry in found]
