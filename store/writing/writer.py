"""What the sink writes."""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from pipeline.errors import ConflictError, InputError
from pipeline.events import DocumentCompleted, SegmentedPart
from pipeline.metrics import PAIRS, SENTENCES
from store import driver
from store.collections import Collections
from store.driver import ALL_AT_ONCE, Entry, Session
from store.failures import DUPLICATE, at_fault, translated
from store.writing.completion import completed
from store.writing.filling import PartUpdate, complete, insert, merge, stray
from store.writing.finishing import DocumentFinisher
from store.writing.joining import check_joined, join, join_known

Write = InsertOne[Entry] | UpdateOne

_ENDED = ("deleted", "cancelled")
# So many parts are remembered whose text was written here.
_TEXTS = 10_000


@dataclass(frozen=True, slots=True)
class RefusedUpdate:
    """An update that can never be written, and why."""

    update: PartUpdate
    error: InputError


@dataclass(frozen=True, slots=True)
class Written:
    """What became of updates: those that are not refused are safe in the store."""

    completed: list[DocumentCompleted]
    """What is to be said of documents that are complete."""
    refused: list[RefusedUpdate]


class DocumentWriter:
    """Writes parts and translations, and closes documents. Idempotent, in any order."""

    def __init__(self, collections: Collections, *, remembers: bool = True) -> None:
        """`remembers`: whether sentences of documents that are done go into the memory."""
        self._collections = collections
        self._documents = collections.documents
        self._parts = collections.parts
        self._finisher = DocumentFinisher(collections, remembers=remembers)
        # How many sentences parts have whose text was written here of late, so that its translations will come soon.
        self._totals: dict[tuple[str, int, str], int] = {}

    async def write(self, updates: Collection[PartUpdate]) -> Written:
        """Write what is new, then mark the documents that are complete now; return what is to be said of these.

        Of a document that was complete before, it is said again when something of it comes again: whoever died before
        saying it gets the same updates once more.

        Updates of deleted or cancelled documents are left out. Translations of another revision of a part than the one
        stored are left out: their part was refused before.

        Refused, without regard to the others, is an update whose part belongs to another document than the one that has its
        id, or lies beyond its end (`ConflictError`), and one that MongoDB can never hold (`InputError`).

        Raises `UnavailableError` while MongoDB is away, `InputError` for one that cannot even be sent to it.
        """
        with translated():
            async with driver.session(self._collections.client) as session:
                return await self._write(updates, session)

    async def _write(self, updates: Collection[PartUpdate], session: Session) -> Written:
        names = {update.document for update in updates}
        # What completes a part whose text was written here can be written whatever becomes of its document.
        quick = [(update, self._quick(update)) for update in updates if update.segmented is None]
        completing = [update for update, write in quick if write is not None]
        known, (missed, refused) = await asyncio.gather(
            self._finisher.look(names),
            self._write_once(completing, session, quick=[write for _, write in quick if write is not None]),
        )
        live = [update for update in updates if known.get(update.document, {}).get("state") not in _ENDED]
        left = _without(live, _without(completing, missed))
        if any(update.segmented for update in left):
            refused += await self._join(left, known)
        left = _without(left, _updates(refused))
        opened: list[PartUpdate] = []
        if left:
            unwritten, opened = await self._write_parts(left, session)
            refused += unwritten
        # Of these nothing was completed here: whoever completes their last part counts them.
        waiting = {one.document for one in opened} - {one.document for one in _without(updates, opened)}
        live = _without(live, _updates(refused))
        stored = Counter((one.source, one.target) for update in live for one in update.translations)
        for pair, count in stored.items():
            SENTENCES.labels("stored", *PAIRS.labels(*pair)).inc(count)
        # Those too of which nothing was written: of deleted ones something may have been, by somebody who died then.
        ends = await self._finisher.finish(names, known, session, waiting)
        if ends.deleted:
            # Who deleted them may have been done before these parts came.
            await self._parts.delete_many({"document": {"$in": ends.deleted}})
        # Said by those who made it so; and again where it was so before, in case they died before they could say it.
        before = {update.document for update in live if known.get(update.document, {}).get("state") == "done"}
        said = await completed(self._collections, before) if before else []
        return Written(said + ends.completed, refused)

    async def _join(self, updates: Sequence[PartUpdate], known: Mapping[str, Entry]) -> list[RefusedUpdate]:
        """Let the documents know of their parts, and return those that do not fit."""
        parts = {id(update): update.segmented for update in updates if update.segmented is not None}
        counts = Counter(part.document for part in parts.values())
        joins = [join(part) for part in parts.values()]
        quick = [
            join_known(part, known.get(part.document)) if counts[part.document] == 1 else None
            for part in parts.values()
        ]
        if await self._have_all_joined([one or other for one, other in zip(quick, joins, strict=True)]):
            return []
        if any(quick) and await self._have_all_joined(joins):
            return []
        names = list({part.document for part in parts.values()})
        fields = {"source": 1, "target": 1, "model": 1, "parts": 1, "size": 1}
        wanted = {"_id": {"$in": names}, "state": {"$ne": "deleted"}}
        found = self._documents.find(wanted, fields, batch_size=ALL_AT_ONCE)
        documents = {entry["_id"]: entry for entry in await found.to_list(None)}
        refused: list[RefusedUpdate] = []
        for update in updates:
            part = parts.get(id(update))
            if part is None or part.document not in documents:
                continue
            try:
                check_joined(part, documents[part.document])
            except ConflictError as error:
                refused.append(RefusedUpdate(update, error))
        return refused

    async def _have_all_joined(self, joins: Sequence[Write]) -> bool:
        """Write joins; whether each has changed its document. What does not fit, or was known, changes nothing."""
        try:
            result = await self._documents.bulk_write(joins, ordered=False)
        except BulkWriteError as error:
            if (
                any(one["code"] != DUPLICATE for one in error.details["writeErrors"])
                or error.details["writeConcernErrors"]
            ):
                raise
            return False
        return result.modified_count + result.upserted_count + result.inserted_count == len(joins)

    async def _write_parts(
        self, updates: Sequence[PartUpdate], session: Session
    ) -> tuple[list[RefusedUpdate], list[PartUpdate]]:
        """Write parts; return those that cannot be, and those that are new and wait for translations.

        Those of which nothing or no more than the text is there come first.

        Two writers that create the same part at once: one of them finds it there and has to merge. So has one that finds
        more there than it had thought. Where there are only translations of another text, no part of that text came, so
        they are nobody's.
        """
        there, refused = await self._write_once(updates, session, quick=[self._quick(update) for update in updates])
        new = [one for one in _without(updates, [*there, *_updates(refused)]) if not one.translations]
        opened = [one for one in new if one.segmented is not None and one.segmented.spans]
        for update in updates:
            if update.segmented is not None and not update.translations:
                self._remember(update.segmented)
        if there:
            there, unwritten = await self._write_once(there, session)
            refused += unwritten
        if there:
            if strays := [stray(update) for update in there if update.segmented is not None]:
                await self._parts.bulk_write(strays, ordered=False)
            there, unwritten = await self._write_once(there, session)
            refused += unwritten
        return refused + _there_already(there), opened

    async def _write_once(
        self, updates: Sequence[PartUpdate], session: Session, *, quick: Sequence[Write | None] = ()
    ) -> tuple[list[PartUpdate], list[RefusedUpdate]]:
        """Return the updates that found something else than they thought, and those that can never be written.

        `quick`: for each of them, what is written in place of its `merge`; None for that.
        """
        if not updates:
            return [], []
        quick = quick or [None] * len(updates)
        writes = [one or merge(update) for one, update in zip(quick, updates, strict=True)]
        try:
            result: Mapping[str, Any] = (
                await self._parts.bulk_write(writes, ordered=False, session=session)
            ).bulk_api_result
        except BulkWriteError as error:
            result = error.details
            if not result["writeErrors"] or not all(map(at_fault, result["writeErrors"])):
                raise
        problems = {one["index"]: one for one in result["writeErrors"]}
        written = result["nMatched"] + result["nUpserted"] + result["nInserted"]
        missed = written + len(problems) < len(writes)
        there, refused = [], []
        for place, update in enumerate(updates):
            problem = problems.get(place)
            if problem is None:
                # MongoDB does not say which one has found nothing to change; of those that may, none does harm twice.
                if missed and isinstance(quick[place], UpdateOne):
                    there.append(update)
            elif problem["code"] == DUPLICATE:
                there.append(update)
            else:
                refused.append(
                    RefusedUpdate(update, InputError(f"MongoDB cannot store this: {problem['errmsg'][:200]}"))
                )
        return there, refused

    def _quick(self, update: PartUpdate) -> Write | None:
        """Return a write that supposes that no more is there than what this process knows of."""
        if update.segmented is not None:
            return insert(update)
        total = self._totals.get((update.document, update.part, update.revision))
        return complete(update, total) if total is not None else None

    def _remember(self, part: SegmentedPart) -> None:
        self._totals[part.document, part.part, part.revision] = len(part.spans) // 2
        while len(self._totals) > _TEXTS:
            del self._totals[next(iter(self._totals))]


def _without(updates: Iterable[PartUpdate], others: Iterable[PartUpdate]) -> list[PartUpdate]:
    left_out = set(map(id, others))
    return [update for update in updates if id(update) not in left_out]


def _updates(refused: Iterable[RefusedUpdate]) -> list[PartUpdate]:
    return [one.update for one in refused]


def _there_already(updates: Iterable[PartUpdate]) -> list[RefusedUpdate]:
    return [
        RefusedUpdate(
            update,
            ConflictError(
                f"part {update.part} of document {update.document} is already there with another text; "
                "choose another id or delete the document first"
            ),
        )
        for update in updates
        if update.segmented is not None
    ]
