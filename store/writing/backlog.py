"""What is done with documents after they are done, part by part, while everything else goes on."""

import asyncio
import random
from collections.abc import Sequence
from typing import Protocol

from store.collections import Collections, part_id
from store.driver import Entry, Session
from store.failures import translated

# Several sinks choose among so many, so that they seldom choose the same.
_CHOICE = 16
# Characters up to which a document counts as short. Short ones are done together: most of their time is waiting for the
# disk.
_SHORT = 4096


class PartWork(Protocol):
    """What is done with each part."""

    mark: str
    """Field of documents that are to be done: the number of the next part, under `part`."""
    of_document: Sequence[str]
    """Fields of documents that it needs."""
    of_part: Sequence[str]
    """Fields of parts."""

    async def do(self, document: Entry, part: Entry, session: Session) -> None:
        """Do it for one part, in a transaction with the mark."""
        ...


class Backlog:
    """Takes up documents that are marked, part by part.

    The mark holds the next part to do, and the last one (`until`) if that is not the document's; it is moved on only if
    nobody else has touched it. So each call may be repeated, and several processes may work at once; the worst is work done
    twice.
    """

    def __init__(self, collections: Collections, work: PartWork) -> None:
        self._documents = collections.documents
        self._parts = collections.parts
        self._transactions = collections.transactions
        self._work = work

    async def add_next(self) -> bool:
        """Do one part more, or some short documents; return whether there was anything to do that no other did.

        Every second time those go first of which most is done, so that a long document does not wait for all that are new.
        Raises `UnavailableError`.
        """
        mark = self._work.mark
        names = (mark, "created", "parts", "owner", "counts.characters", *self._work.of_document)
        order = random.choice((1, -1))  # noqa: S311 (spreads work, guards nothing)
        found = self._documents.find({f"{mark}.part": {"$gte": 0}}, dict.fromkeys(names, 1)).sort(f"{mark}.part", order)
        with translated():
            waiting = await found.limit(_CHOICE).to_list(None)
            if not waiting:
                return False
            chosen = random.choice(waiting)  # noqa: S311 (as above)
            short = [document for document in waiting if _is_short(document)]
            added = await asyncio.gather(*map(self._add, short if _is_short(chosen) else [chosen]))
        return any(added)

    async def _add(self, document: Entry) -> bool:
        """Do the next part of a document; return whether no other did so at the same moment."""
        field = self._work.mark
        name, mark = document["_id"], document[field]
        behind = {"_id": {"$gte": part_id(name, mark["part"]), "$lt": f"{name}0"}, "text": {"$exists": True}}
        fields = dict.fromkeys(("part", *self._work.of_part), 1)
        part: Entry | None = await self._parts.find_one(behind, fields, sort=[("_id", 1)])
        moved: Entry = {"$unset": {field: ""}}
        # How many parts there are is not known of all that were cancelled.
        ends = (document.get("parts"), mark.get("until", -1) + 1)
        if part is not None and part["part"] + 1 not in ends:
            moved = {"$set": {f"{field}.part": part["part"] + 1}}

        async def add(session: Session) -> bool:
            mine = {"_id": name, field: mark}
            if not (await self._documents.update_one(mine, moved, session=session)).modified_count:
                return False
            if part is not None:
                await self._work.do(document, part, session)
            return True

        # Together, or what comes of a document that is deleted at this moment could stay for ever.
        return await self._transactions.run(name, add)


def _is_short(document: Entry) -> bool:
    # One that was cancelled has no counts.
    return bool(document.get("counts", {}).get("characters", _SHORT + 1) <= _SHORT)
