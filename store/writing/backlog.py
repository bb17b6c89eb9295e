"""What is done with documents after they are done, part by part, while everything else goes on."""

import random
from collections.abc import Mapping, Sequence
from typing import Protocol

from pymongo import UpdateOne

from store.collections import Collections, part_id
from store.driver import ALL_AT_ONCE, Entry, Session
from store.failures import translated

# Several sinks choose among so many, so that they seldom choose the same.
_CHOICE = 128
# Short documents that are done together: most of their time is waiting for the disk.
_TOGETHER = 64
# Characters up to which a document of one part counts as short.
_SHORT = 4096
# Documents that are done together may be those of another process, or of the other work of this one. Then they take turns.
_TURN = "backlog"

Task = tuple[Entry, Entry | None]
"""A document and its next part; None: there is no other."""


class PartWork(Protocol):
    """What is done with each part."""

    mark: str
    """Field of documents that are to be done: the number of the next part, under `part`."""
    of_document: Sequence[str]
    """Fields of documents that it needs."""
    of_part: Sequence[str]
    """Fields of parts."""

    async def do(self, parts: Sequence[tuple[Entry, Entry]], session: Session) -> None:
        """Do it for parts with their documents, in a transaction with the marks."""
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
        """Do one part more, or some short documents; return whether there may be more to do that no other does.

        Every second time those go first of which most is done, so that a long document does not wait for all that are new.
        Raises `UnavailableError`.
        """
        mark = self._work.mark
        names = (mark, "created", "parts", "owner", "counts.characters", *self._work.of_document)
        order = random.choice((1, -1))  # noqa: S311 (spreads work, guards nothing)
        wanted = {f"{mark}.part": {"$gte": 0}}
        found = self._documents.find(wanted, dict.fromkeys(names, 1), batch_size=ALL_AT_ONCE).sort(
            f"{mark}.part", order
        )
        with translated():
            waiting = await found.limit(_CHOICE).to_list(None)
            if not waiting:
                return False
            chosen = random.choice(waiting)  # noqa: S311 (as above)
            if not _is_short(chosen):
                return await self._add([(chosen, await self._next_part(chosen))], chosen["_id"])
            short = [document for document in waiting if _is_short(document)]
            together = random.sample(short, min(len(short), _TOGETHER))
            return await self._add(await self._only_parts(together), _TURN) and len(together) < len(waiting)

    async def _next_part(self, document: Entry) -> Entry | None:
        name, mark = document["_id"], document[self._work.mark]
        behind = {"_id": {"$gte": part_id(name, mark["part"]), "$lt": f"{name}0"}, "text": {"$exists": True}}
        part: Entry | None = await self._parts.find_one(behind, self._fields(), sort=[("_id", 1)])
        return part

    async def _only_parts(self, documents: Sequence[Entry]) -> list[Task]:
        """Return short documents with their only parts."""
        names = [document["_id"] for document in documents]
        # The document too: where parts are sharded, that is what they are found by.
        wanted = {"_id": {"$in": [part_id(name, 0) for name in names]}, "document": {"$in": names}}
        there = self._parts.find({**wanted, "text": {"$exists": True}}, self._fields(), batch_size=ALL_AT_ONCE)
        parts = {part["_id"]: part for part in await there.to_list(None)}
        return [(document, parts.get(part_id(document["_id"], 0))) for document in documents]

    def _fields(self) -> Mapping[str, int]:
        return dict.fromkeys(("part", *self._work.of_part), 1)

    async def _add(self, tasks: Sequence[Task], turn: str) -> bool:
        """Do the next parts of documents; return whether there was one that no other did at the same moment."""
        field = self._work.mark
        marks = {document["_id"]: document[field] for document, _ in tasks}

        async def add(session: Session) -> bool:
            found = self._documents.find(
                {"_id": {"$in": list(marks)}}, {field: 1}, batch_size=ALL_AT_ONCE, session=session
            )
            mine = {one["_id"] for one in await found.to_list(None) if one.get(field) == marks[one["_id"]]}
            left = [(document, part) for document, part in tasks if document["_id"] in mine]
            if not left:
                return False
            await self._documents.bulk_write(
                [UpdateOne({"_id": document["_id"]}, self._moved(document, part)) for document, part in left],
                ordered=False,
                session=session,
            )
            if there := [(document, part) for document, part in left if part is not None]:
                await self._work.do(there, session)
            return True

        # Together, or what comes of a document that is deleted at this moment could stay for ever.
        return await self._transactions.run(turn, add)

    def _moved(self, document: Entry, part: Entry | None) -> Entry:
        """Return the change that moves the mark of a document behind a part."""
        field = self._work.mark
        # How many parts there are is not known of all that were cancelled.
        ends = (document.get("parts"), document[field].get("until", -1) + 1)
        if part is None or part["part"] + 1 in ends:
            return {"$unset": {field: ""}}
        return {"$set": {f"{field}.part": part["part"] + 1}}


def _is_short(document: Entry) -> bool:
    # One that was cancelled has no counts.
    return document.get("parts") == 1 and document.get("counts", {}).get("characters", _SHORT + 1) <= _SHORT
