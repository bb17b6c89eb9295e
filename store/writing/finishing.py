"""Documents that come to their end with their last translation."""

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime

from pipeline.metrics import DOCUMENT_SECONDS, DOCUMENTS_FINISHED, PAIRS
from store.collections import Collections
from store.counting import counts_of
from store.driver import Entry, Session
from store.endings import due_at
from store.waiting import was_waited_for

# A round may end hundreds of short documents. Most of the time of each is waiting for the disk.
_AT_ONCE = 8
# Sentences of a document that was given up may be translated after all.
_OPEN = ("translating", "incomplete")


class DocumentFinisher:
    """Marks documents as done that have all their parts, and these all their translations.

    Exact with any number of writers: what decides is read in one transaction with the mark. Two queries after each other
    would see no open part, then count parts that came in between; and who counts first must not be who writes last.
    """

    def __init__(self, collections: Collections, *, remembers: bool) -> None:
        """`remembers`: whether they are marked to be remembered, too."""
        self._remembers = remembers
        self._documents = collections.documents
        self._parts = collections.parts
        self._transactions = collections.transactions

    async def finish(self, names: Collection[str]) -> set[str]:
        """Mark those of the documents that are complete; return those that became done here.

        Those that were done with failed sentences are counted anew, in case one of these has come after all.
        """
        ready = {"state": {"$in": _OPEN}, "parts": {"$ne": None}}
        failed = {"state": "done", "counts.failed": {"$gt": 0}}
        wanted = {"_id": {"$in": list(names)}, "$or": [ready, failed]}
        finished = set()
        at_once = asyncio.Semaphore(_AT_ONCE)

        async def finish(name: str) -> None:
            async with at_once:
                if not await self._is_open(name) and await self._finish(name):
                    finished.add(name)

        entries = await self._documents.find(wanted, {"_id": 1}).to_list(None)
        await asyncio.gather(*(finish(entry["_id"]) for entry in entries))
        return finished

    async def _is_open(self, name: str, session: Session | None = None) -> bool:
        """Whether a part that is there still waits for translations."""
        waiting = {"document": name, "closed": False, "total": {"$gte": 0}}
        return await self._parts.find_one(waiting, {"_id": 1}, session=session) is not None

    async def _finish(self, name: str) -> bool:
        """Mark or count a document if it is complete; return whether it became done here."""
        now = datetime.now(UTC)

        async def mark(session: Session) -> Entry | None:
            fields = {
                "state": 1,
                "parts": 1,
                "created": 1,
                "source": 1,
                "target": 1,
                "internal.synchronous": 1,
                "remembered": 1,
            }
            entry = await self._documents.find_one(
                {"_id": name, "state": {"$in": [*_OPEN, "done"]}}, fields, session=session
            )
            if entry is None or await self._is_open(name, session):
                return None
            counts = (await counts_of(self._parts, [name], session)).get(name)
            if counts is None or counts.parts != entry["parts"]:
                return None
            changes: Entry = {
                "counts": {"$literal": counts.as_entry()},
            }
            if not was_waited_for(entry):
                # Marks that `store.writing.backlog` works off from part 0. Who waits for a document deletes it at once.
                mark = {"$literal": {"part": 0, "failed": counts.failed}}
                changes["unsearched"] = mark
                if self._remembers and entry.get("remembered", True):
                    changes["unremembered"] = mark
            if entry["state"] in _OPEN:
                changes |= {"state": "done", "finished": now, "callback": due_at(now)}
            await self._documents.update_one({"_id": name}, [{"$set": changes}], session=session)
            return entry if entry["state"] in _OPEN else None

        ended = await self._transactions.run(name, mark)
        if ended is not None:
            languages = PAIRS.labels(ended["source"], ended["target"])
            DOCUMENTS_FINISHED.labels(*languages).inc()
            DOCUMENT_SECONDS.labels(*languages).observe((now - ended["created"]).total_seconds())
        return ended is not None
