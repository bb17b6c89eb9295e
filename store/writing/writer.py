"""What the sink writes."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from pymongo import DeleteOne, UpdateOne
from pymongo.errors import BulkWriteError

from pipeline.errors import ConflictError, InputError
from pipeline.events import MEMORY, DocumentCompleted, SegmentedPart, Translation
from pipeline.metrics import PAIRS, SENTENCES
from store.collections import Collections, part_id
from store.driver import Entry
from store.failures import at_fault, translated
from store.tallying import TALLY
from store.writing.completion import completed
from store.writing.finishing import DocumentFinisher
from store.writing.joining import check_joined, join

_DUPLICATE = 11000
_ENDED = ("deleted", "cancelled")
# Of sentences that no model takes, and of those that a person translated.
_NO_MODEL = ["none", MEMORY]


@dataclass
class PartUpdate:
    """What is new about one revision of a part: its text and spans, translations, or both."""

    document: str
    part: int
    revision: str
    segmented: SegmentedPart | None = None
    translations: list[Translation] = field(default_factory=list)


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
            return await self._write(updates)

    async def _write(self, updates: Collection[PartUpdate]) -> Written:
        known = await self._known({update.document for update in updates})
        ended = {name for name, entry in known.items() if entry["state"] in _ENDED}
        live = [update for update in updates if update.document not in ended]
        refused = await self._join(live) if any(update.segmented for update in live) else []
        live = _without(live, refused)
        if live:
            unwritten = await self._write_parts(live)
            refused += unwritten
            live = _without(live, unwritten)
        await self._clear({update.document for update in updates})
        for one in (translation for update in live for translation in update.translations):
            SENTENCES.labels("stored", *PAIRS.labels(one.source, one.target)).inc()
        closed = await self._closed({part_id(update.document, update.part) for update in live})
        finished = await self._finisher.finish(closed)
        # Said by those who made it so; and again where it was so before, in case they died before they could say it.
        finished |= {name for name in closed if name in known and known[name]["state"] == "done"}
        return Written(await completed(self._collections, finished) if finished else [], refused)

    async def _known(self, names: Collection[str]) -> dict[str, Entry]:
        found = self._documents.find({"_id": {"$in": list(names)}}, {"state": 1})
        return {entry["_id"]: entry async for entry in found}

    async def _join(self, updates: Sequence[PartUpdate]) -> list[RefusedUpdate]:
        """Let the documents know of their parts, and return those that do not fit."""
        parts = {id(update): update.segmented for update in updates if update.segmented is not None}
        await self._documents.bulk_write([join(part) for part in parts.values()], ordered=False)
        names = list({part.document for part in parts.values()})
        fields = {"source": 1, "target": 1, "model": 1, "parts": 1, "size": 1}
        found = self._documents.find({"_id": {"$in": names}, "state": {"$ne": "deleted"}}, fields)
        documents = {entry["_id"]: entry async for entry in found}
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

    async def _write_parts(self, updates: Iterable[PartUpdate]) -> list[RefusedUpdate]:
        remaining = list(updates)
        refused: list[RefusedUpdate] = []
        # Two writers that create the same part at once: one of them finds it there and has to ask again. So has a part of
        # which there are only translations of another text: no part of that text came, so they are nobody's.
        for last_try in (False, True):
            try:
                await self._parts.bulk_write([_part_update(update) for update in remaining], ordered=False)
            except BulkWriteError as error:
                problems = error.details["writeErrors"]
                if not problems or not all(map(at_fault, problems)):
                    raise
                refused += [
                    RefusedUpdate(
                        remaining[one["index"]], InputError(f"MongoDB cannot store this: {one['errmsg'][:200]}")
                    )
                    for one in problems
                    if one["code"] != _DUPLICATE
                ]
                remaining = [remaining[one["index"]] for one in problems if one["code"] == _DUPLICATE]
                if last_try:
                    return refused + _there_already(remaining)
                if strays := [_stray(update) for update in remaining if update.segmented is not None]:
                    await self._parts.bulk_write(strays, ordered=False)
            else:
                break
            if not remaining:
                break
        return refused

    async def _clear(self, names: Collection[str]) -> None:
        """Delete the parts of those documents that are deleted: who deleted them may have been done before these came."""
        deleted = await self._documents.distinct("_id", {"_id": {"$in": list(names)}, "state": "deleted"})
        if deleted:
            await self._parts.delete_many({"document": {"$in": deleted}})

    async def _closed(self, parts: Collection[str]) -> set[str]:
        """Return the documents of those parts that have all their translations."""
        wanted = {"_id": {"$in": list(parts)}, "closed": True}
        return {entry["document"] async for entry in self._parts.find(wanted, {"document": 1})}


def _without(updates: Iterable[PartUpdate], refused: Iterable[RefusedUpdate]) -> list[PartUpdate]:
    left_out = {id(one.update) for one in refused}
    return [update for update in updates if id(update) not in left_out]


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


def _stray(update: PartUpdate) -> DeleteOne:
    """Return the deletion of what is there in the place of a part, if it is no part but only translations."""
    text = {"revision": {"$ne": update.revision}, "text": {"$exists": False}}
    return DeleteOne({"_id": part_id(update.document, update.part), "document": update.document, **text})


def _part_update(update: PartUpdate) -> UpdateOne:
    """Return the update of one part. What is there already stays; counts follow from what is there then."""
    fresh: Entry = {"document": {"$literal": update.document}, "part": update.part}
    if (segmented := update.segmented) is not None:
        fresh |= {
            "text": {"$literal": segmented.text},
            "spans": {"$literal": segmented.spans},
            "characters": len(segmented.text),
            "total": len(segmented.spans) // 2,
            **_kept(segmented),
        }
    if update.translations:
        made_by = max((one.model for one in update.translations), key=lambda name: name not in _NO_MODEL)
        known = {"$ifNull": ["$model", "none"]}
        fresh["model"] = {"$cond": [{"$in": [known, _NO_MODEL]}, {"$literal": made_by}, "$model"]}
        fresh["started"] = {"$ifNull": ["$started", "$$NOW"]}
    # Of two translations of one sentence the stored one stays, unless it only stands for one that could not be made.
    made: dict[str, Entry] = {}
    for one in sorted(update.translations, key=lambda one: one.failed):
        made.setdefault(str(one.index), _entry(one))
    good = [index for index, entry in made.items() if "failed" not in entry]
    replaced = {"$and": [{"$eq": ["$$this.v.failed", True]}, {"$in": ["$$this.k", good]}]}
    kept = {"$filter": {"input": {"$objectToArray": "$translations"}, "cond": {"$not": [replaced]}}}
    stored = {"$cond": [{"$gt": ["$failed", 0]}, {"$arrayToObject": kept}, "$translations"]}
    # What is stored comes first and keeps its place: MongoDB writes and replicates what differs, in the order of the fields.
    # With the new ones in front it would write all of them anew with each round.
    fresh["translations"] = {"$mergeObjects": [stored, {"$literal": made}, stored]}
    return UpdateOne(
        # The document too: where parts are sharded, that is what they are found by.
        {"_id": part_id(update.document, update.part), "document": update.document, "revision": update.revision},
        [{"$set": fresh}, *TALLY],
        upsert=True,
    )


def _kept(part: SegmentedPart) -> Entry:
    """Return what else there is to a part, and its sentences need in case they are sent again; only what says something."""
    kept: Entry = {"alternatives": part.alternatives} if part.alternatives else {}
    if part.align:
        kept["align"] = True
    if part.detected:
        kept["detected"] = {"$literal": part.detected}
    if part.pinned:
        # That which it had first: its sentences were sent with that.
        kept["pinned"] = {"$ifNull": ["$pinned", {"$literal": part.pinned}]}
    if part.headings is not None:
        kept["headings"] = {"$literal": part.headings}
    if part.priority != "normal":
        kept["priority"] = part.priority
    if part.terms:
        # In pairs, because a term may be written as names of fields must not be.
        kept["terms"] = {"$literal": [list(term) for term in part.terms.items()]}
    return kept


def _entry(translation: Translation) -> Entry:
    entry: Entry = {"text": translation.text}
    if translation.flags:
        entry["flags"] = translation.flags
    if translation.suspect:
        entry["suspect"] = translation.suspect
    if translation.alternatives:
        entry["alternatives"] = translation.alternatives
    if translation.alignment:
        entry["alignment"] = translation.alignment
    if translation.confidence is not None:
        entry["confidence"] = translation.confidence
    if translation.memory is not None:
        entry["memory"] = translation.memory
    if translation.failed:
        entry["failed"] = True
    return entry
