"""Documents that come to their end with their last translation."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pymongo import UpdateOne

from pipeline.events import DocumentCompleted
from pipeline.metrics import DOCUMENT_SECONDS, DOCUMENTS_FINISHED, PAIRS
from store.collections import Collections
from store.counting import Counts, closed_counts
from store.driver import ALL_AT_ONCE, Entry, Session
from store.waiting import was_waited_for
from store.writing.completion import NEEDED, describe

# Sentences of a document that was given up may be translated after all.
_OPEN = ("translating", "incomplete")
# Parts up to which a document's are counted in each round, whether or not one of them is open still: that is less work than
# to ask first. The parts of longer ones are counted once, when none is open.
_FEW = 64
_AT_ONCE = 8
_FIELDS = dict.fromkeys(
    (*NEEDED, "parts", "size", "edits", "counts.failed", "internal.synchronous", "remembered", "callback.url"), 1
)


@dataclass(slots=True)
class Ends:
    """What was found of documents after something was written for them."""

    completed: list[DocumentCompleted] = field(default_factory=list)
    """What is to be said of those that became done here."""
    deleted: list[str] = field(default_factory=list)
    """Those that are deleted."""


class DocumentFinisher:
    """Marks documents as done that have all their parts, and these all their translations: all of a round together.

    Exact with any number of writers, without a transaction. A part that has all its translations keeps them, and the number
    of parts does not change once it is known: so if as many parts are closed, in one snapshot, as the document has, all of
    it is there for good, and who writes last finds it so. What else the counts say is changed by corrections (`edits`) and
    by translations that could be made after all (`counts.failed`): the mark is set on a document in which both are as they
    were before its parts were counted; one in which they are not is counted again.
    """

    def __init__(self, collections: Collections, *, remembers: bool) -> None:
        """`remembers`: whether they are marked to be remembered, too."""
        self._remembers = remembers
        self._documents = collections.documents
        self._parts = collections.parts
        self._snapshot = collections.parts_snapshot

    async def look(self, names: Collection[str]) -> dict[str, Entry]:
        """Return documents as they are now, as `finish` needs them."""
        found = self._documents.find({"_id": {"$in": list(names)}}, _FIELDS, batch_size=ALL_AT_ONCE)
        return {entry["_id"]: entry for entry in await found.to_list(None)}

    async def finish(
        self,
        names: Collection[str],
        before: Mapping[str, Entry] | None = None,
        session: Session | None = None,
        waiting: Collection[str] = (),
    ) -> Ends:
        """Mark those of the documents that are complete; how many they are changes nothing about how often MongoDB is asked.

        `before`: how they were before something was written for them; one that is missing there was not there.
        `session`: in which it was written; else a primary that is new might not know yet that a majority has it. Those that
        were done with failed sentences are counted anew, in case one of these has come after all. `waiting`: those of which
        nothing was written but parts that wait for translations; whoever writes the last of these counts them.
        """
        ends = Ends()
        left: Collection[str] = names
        if before is None:
            before = await self.look(names)
        while left:
            few = [name for name in left if name not in waiting and _size(before.get(name, {})) <= _FEW]
            after, counts = await asyncio.gather(self.look(left), closed_counts(self._snapshot, few, session))
            ends.deleted += [name for name, entry in after.items() if entry["state"] == "deleted"]
            wanted = {name: entry for name, entry in after.items() if _is_wanted(entry)}
            same = {name: entry for name, entry in wanted.items() if _guard(entry) == _guard(before.get(name, {}))}
            counts |= await self._count_long(same.keys() - set(few) - set(waiting), session)
            complete = {
                name: (entry, counts[name])
                for name, entry in same.items()
                if name in counts and counts[name].parts == entry["parts"]
            }
            marked, unmarked = await self._mark(complete)
            ends.completed += marked
            # Somebody else has changed these meanwhile.
            left = (wanted.keys() - same.keys()) | unmarked
            before = after
        return ends

    async def _count_long(self, names: Collection[str], session: Session | None) -> dict[str, Counts]:
        """Return the counts of those long documents of which no part is open."""
        at_once = asyncio.Semaphore(_AT_ONCE)

        async def is_open(name: str) -> bool:
            waiting = {"document": name, "closed": False, "total": {"$gte": 0}}
            async with at_once:
                return await self._parts.find_one(waiting, {"_id": 1}) is not None

        ordered = list(names)
        answers = await asyncio.gather(*map(is_open, ordered))
        return await closed_counts(
            self._snapshot, [name for name, still in zip(ordered, answers, strict=True) if not still], session
        )

    async def _mark(self, complete: Mapping[str, tuple[Entry, Counts]]) -> tuple[list[DocumentCompleted], set[str]]:
        """Mark or count documents; return what is to be said of those that became done here, and which were changed."""
        # As exact as MongoDB keeps it: it is said again the same.
        now = datetime.now(UTC)
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        changed = {name: one for name, one in complete.items() if _is_news(*one)}
        if not changed:
            return [], set()
        result = await self._documents.bulk_write(
            [self._update(entry, counts, now) for entry, counts in changed.values()], ordered=False
        )
        unmarked: set[str] = set()
        if result.matched_count < len(changed):
            found = await self.look(changed.keys())
            unmarked = {name for name in changed if found.get(name, {}).get("finished") != now}
        ended = [
            (entry | {"state": "done", "finished": now}, counts)
            for name, (entry, counts) in changed.items()
            if name not in unmarked and entry["state"] in _OPEN
        ]
        for entry, _ in ended:
            languages = PAIRS.labels(entry["source"], entry["target"])
            DOCUMENTS_FINISHED.labels(*languages).inc()
            DOCUMENT_SECONDS.labels(*languages).observe((now - entry["created"]).total_seconds())
        return [describe(entry, counts) for entry, counts in ended], unmarked

    def _update(self, entry: Entry, counts: Counts, now: datetime) -> UpdateOne:
        """Return the mark of a document, if it is as it was when its parts were counted."""
        as_seen: Entry = {"_id": entry["_id"], "edits": entry.get("edits")}
        changes: Entry = {"counts": counts.as_entry()}
        if not was_waited_for(entry):
            # Marks that `store.writing.backlog` works off from part 0. Who waits for a document deletes it at once.
            mark = {"part": 0, "failed": counts.failed}
            changes["unsearched"] = mark
            if self._remembers and entry.get("remembered", True):
                changes["unremembered"] = mark
        if entry["state"] == "done":
            return UpdateOne(as_seen | {"state": "done", "counts.failed": _failed(entry)}, {"$set": changes})
        changes |= {"state": "done", "finished": now}
        if "callback" in entry:
            changes["callback.due"] = now
        return UpdateOne(as_seen | {"state": {"$in": _OPEN}, "parts": entry["parts"]}, {"$set": changes})


def _is_wanted(entry: Entry) -> bool:
    """Whether a document may have to be marked or counted."""
    return (entry["state"] in _OPEN and entry.get("parts") is not None) or (
        entry["state"] == "done" and _failed(entry) > 0
    )


def _is_news(entry: Entry, counts: Counts) -> bool:
    return entry["state"] in _OPEN or counts.failed != _failed(entry)


def _guard(entry: Entry) -> tuple[int, int]:
    """Return what tells that the counts of a document may have changed otherwise than by parts that became closed."""
    return entry.get("edits") or 0, _failed(entry)


def _failed(entry: Entry) -> int:
    failed: int = (entry.get("counts") or {}).get("failed") or 0
    return failed


def _size(entry: Entry) -> int:
    return max(entry.get("parts") or 0, entry.get("size") or 0)
