"""Documents that stand still: what of them is there, what is missing, and how they go on or end."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from pipeline.events import DocumentCompleted, SegmentedPart
from store.claiming import claim
from store.collections import UNDER_WAY, Collections
from store.counting import Counts, counts_of
from store.driver import Entry
from store.failures import translated
from store.parts import segmented_of
from store.writing.finishing import DocumentFinisher


@dataclass(frozen=True, slots=True)
class StalledDocument:
    """A document that stands still."""

    id: str
    parts: int | None
    """How many it has; None while the last one is not there."""
    stored: int
    """How many are there."""
    gaps: list[range]
    """Parts that are missing before the last one that is known."""
    waiting: int
    """Sentences of its stored parts without a translation."""
    tries: int
    """How often in a row it was found so, this time included, with as many sentences waiting."""


@dataclass(frozen=True, slots=True)
class LostPart:
    """A part that is a dead letter."""

    part: int
    letter: str
    reason: str


class StalledDocuments:
    """Finds documents that stand still. Several may ask at once: each document is given out to one of them at a time."""

    def __init__(self, collections: Collections, *, remembers: bool = True) -> None:
        """`remembers`: as of `store.writing.writer.DocumentWriter`."""
        self._collections = collections
        self._documents = collections.documents
        self._parts = collections.parts
        self._finisher = DocumentFinisher(collections, remembers=remembers)

    async def claim(self, before: datetime) -> StalledDocument | None:
        """Return a document that is under way and of which nothing was sent since `before`; None if there is none.

        It is not given out again before that moment has moved beyond now. Uploads that broke off over HTTP are left out:
        `store.documents.lifecycle` gives those up. Raises `UnavailableError`.
        """
        now = datetime.now(UTC)
        wanted: Entry = {
            "state": {"$in": UNDER_WAY},
            "created": {"$lt": before},
            "$and": [
                {"$or": [{"touched": None}, {"touched": {"$lt": before}}]},
                {"$or": [{"reconciled.at": None}, {"reconciled.at": {"$lt": before}}]},
                {"$or": [{"state": "translating"}, {"first": None}, {"received": True}]},
            ],
        }
        with translated():
            fields = {"parts": 1, "size": 1, "reconciled": 1}
            entry = await claim(self._documents, wanted, {"$set": {"reconciled.at": now}}, projection=fields)
            return await self._examine(entry) if entry else None

    async def _examine(self, entry: Entry) -> StalledDocument:
        name, end = entry["_id"], entry.get("parts") or entry.get("size") or 0
        counts = (await counts_of(self._parts, [name])).get(name, Counts())
        waiting = counts.total - counts.translated
        before = entry["reconciled"]
        stuck = waiting and waiting == before.get("waiting")
        tries = before.get("tries", 0) + 1 if stuck else 1
        await self._documents.update_one(
            {"_id": name, "reconciled.at": before["at"]},
            {"$set": {"reconciled.waiting": waiting, "reconciled.tries": tries}},
        )
        gaps = [] if counts.parts == end else await self._gaps(name, end)
        return StalledDocument(name, entry.get("parts"), counts.parts, gaps, waiting, tries)

    async def _gaps(self, document: str, end: int) -> list[range]:
        # A byte for each part, of which there may be ten million.
        there = bytearray(end)
        stored = self._parts.find({"document": document, "total": {"$gte": 0}}, {"_id": 0, "part": 1})
        async for entry in stored:
            if entry["part"] < end:
                there[entry["part"]] = 1
        gaps, begin = [], there.find(0)
        while begin >= 0:
            found = there.find(1, begin)
            gaps.append(range(begin, found if found >= 0 else end))
            begin = there.find(0, found) if found >= 0 else -1
        return gaps

    async def open_parts(self, document: StalledDocument) -> AsyncIterator[tuple[SegmentedPart, set[int]]]:
        """Yield the parts with sentences that have no translation, and which these are; memory: a few parts."""
        with translated():
            described = await self._documents.find_one({"_id": document.id, "state": {"$ne": "deleted"}})
            if described is None:
                return
            waiting = self._parts.find({"document": document.id, "closed": False, "total": {"$gte": 0}}).batch_size(8)
            async for entry in waiting:
                missing = set(range(entry["total"])) - {int(index) for index in entry["translations"]}
                yield segmented_of(entry, described), missing

    async def lost_parts(self, document: StalledDocument) -> list[LostPart]:
        """Return which parts of a document are known as dead letters, a hundred at most."""
        fields = {"topic": 1, "reason": 1, "value": 1}
        with translated():
            letters = self._collections.dead_letters.find({"document": document.id}, fields, limit=100)
            found = [(letter["_id"], letter["reason"], _part_of(letter["value"])) async for letter in letters]
        return [LostPart(part, letter, reason) for letter, reason, part in found if part is not None]

    async def give_up(self, document: StalledDocument, reason: str) -> bool:
        """Let a document be incomplete, and return whether it became so; it goes on when more of it comes."""
        with translated():
            result = await self._documents.update_one(
                {"_id": document.id, "state": {"$in": UNDER_WAY}},
                {"$set": {"state": "incomplete", "reason": reason, "stalled": True}},
            )
        return result.modified_count > 0

    async def finish(self, document: StalledDocument) -> list[DocumentCompleted]:
        """Mark a document as done if it is complete, and return what is to be said of it then."""
        with translated():
            return (await self._finisher.finish([document.id])).completed


class _PartOfDocument(msgspec.Struct):
    text: str
    part: int = 0
    index: int | None = None


def _part_of(value: bytes | None) -> int | None:
    """Return the number of the part that a record carries; None if it carries a sentence, or no text at all."""
    try:
        found = msgspec.json.decode(value or b"", type=_PartOfDocument)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found.part if found.index is None else None


def describe(document: StalledDocument, lost: Iterable[LostPart]) -> str:
    """Return why a document is incomplete, for the person who sent it."""
    if document.parts is None and not document.stored:
        what = "nothing of it has arrived"
    elif document.gaps or document.parts is None:
        named = [_range(gap) for gap in document.gaps[:10]]
        if len(document.gaps) > len(named):
            named.append(f"{sum(map(len, document.gaps[10:]))} more")
        if document.parts is None:
            named.append("the last one")
        of = "" if document.parts is None else f" of {document.parts}"
        what = f"parts are missing{of}, counted from 0: {', '.join(named)}"
    else:
        times = f"they were sent {document.tries - 1} times, and none came back"
        return f"sentences without a translation: {document.waiting}; {times}"
    missing = [one for one in lost if document.parts is None or any(one.part in gap for gap in document.gaps)]
    letters = "; ".join(f"part {one.part} is the dead letter {one.letter} ({one.reason})" for one in missing[:3])
    return f"{what}; {letters}" if letters else what


def _range(gap: range) -> str:
    return str(gap.start) if len(gap) == 1 else f"{gap.start} to {gap.stop - 1}"
