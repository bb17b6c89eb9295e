"""What people make of sentences: other texts for translations, approval, comments."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.detection import AUTO
from pipeline.errors import InputError
from store import driver
from store.collections import Collections, part_id
from store.counting import characters_before, counts_of
from store.documents.changes import OtherVersionError, next_change, surroundings
from store.driver import Entry, Session
from store.failures import translated
from store.memory.keeping import MemoryKeeper
from store.memory.units import Place, Unit
from store.ownership import Ownership
from store.parts import Change, StoredSentence, change_of, sentence_of, sentences_beside
from store.tallying import TALLY
from store.waiting import was_waited_for

# Bytes that what people made of one part's sentences may have together; an entry of MongoDB takes 16 MiB.
_MOST_BYTES = 6 * 1024 * 1024


class ChangedMeanwhileError(InputError):
    """Somebody else has changed the sentence; nothing was done."""

    def __init__(self, sentence: StoredSentence) -> None:
        super().__init__("somebody has changed this sentence meanwhile; look at what is there now, and decide")
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class SentenceHistory:
    """A sentence, and what was made of it before, the last of it last."""

    sentence: StoredSentence
    earlier: list[Change]


class CorrectionStore:
    """Keeps corrections in the entries of their parts, where the sink's updates leave them alone.

    Guarantee: a change is stored as a whole, with all that follows from it, or not at all; it counts once, however often it
    is asked for.
    """

    def __init__(self, collections: Collections) -> None:
        self._collections = collections
        self._documents = collections.documents
        self._parts = collections.parts
        self._memory = MemoryKeeper(collections)

    async def get(self, ownership: Ownership, place: Place) -> SentenceHistory | None:
        """Return a sentence with its history, or None if there is none there."""
        with translated():
            if await self._document(ownership, place.document) is None:
                return None
            entry = await self._part(place)
            if entry is None:
                return None
            offset = await characters_before(self._parts, place.document, place.part)
        stored = entry.get("corrections", {}).get(str(place.index), {})
        return SentenceHistory(
            sentence_of(entry, place.index, offset), [change_of(one) for one in stored.get("history", [])]
        )

    async def change(
        self,
        ownership: Ownership,
        place: Place,
        fields: Mapping[str, Any],
        *,
        by: str | None,
        expected: Collection[int] | None = None,
    ) -> StoredSentence | None:
        """Change `fields` of `Made` for a sentence, and return it as it is then; None if there is none there.

        `expected`: versions of which one has to be there now (0: nobody has changed it); None: whatever is there. A change
        that was made before from such a version, by the same and to the same, is not made again.

        Raises `ChangedMeanwhileError`, `InputError` for what cannot be, `UnavailableError`.
        """

        async def work(session: Session) -> StoredSentence | None:
            found = await self._document(ownership, place.document, session)
            entry = await self._part(place, session) if found is not None else None
            if found is None or entry is None:
                return None
            offset = await characters_before(self._parts, place.document, place.part, session)
            try:
                change = next_change(entry, place.index, fields, by, expected)
            except OtherVersionError:
                raise ChangedMeanwhileError(sentence_of(entry, place.index, offset)) from None
            if change is not None:
                await self._store(found, entry, place, change, session)
                entry["corrections"] = {str(place.index): change}
            return sentence_of(entry, place.index, offset)

        with translated():
            return await self._collections.transactions.run(place.document, work)

    async def since(self, ownership: Ownership, document: str, edit: int) -> list[StoredSentence]:
        """Return the sentences that people have changed after an edit of their document, as they are now.

        Their spans count from the beginning of their part.
        """
        wanted = {"document": document, "edited": {"$gt": edit}, "text": {"$exists": True}}
        found: list[StoredSentence] = []
        with translated():
            if await self._document(ownership, document) is None:
                return []
            async for entry in self._parts.find(wanted).sort("_id", 1):
                sentences = await sentences_beside(entry, 0)
                changed = entry.get("corrections", {}).items()
                found += (sentences[int(index)] for index, change in changed if change["edit"] > edit)
        return found

    async def _document(self, ownership: Ownership, document: str, session: Session | None = None) -> Entry | None:
        wanted = {"_id": document, "state": {"$ne": "deleted"}, **ownership.seen}
        fields = {"state": 1, "edits": 1, "counts.parts": 1, "finished": 1, "internal.synchronous": 1, "unsearched": 1,
                  "owner": 1, "source": 1, "target": 1, "detected": 1, "parts": 1}  # fmt: skip
        return await self._documents.find_one(wanted, fields, session=session)

    async def _part(self, place: Place, session: Session | None = None) -> Entry | None:
        """Return the entry of a part with what belongs to one of its sentences."""
        own = (f"translations.{place.index}", f"corrections.{place.index}")
        fields = ("document", "part", "text", "spans", "detected", *own)
        entry: Entry | None = await self._parts.find_one(
            {"_id": part_id(place.document, place.part), "text": {"$exists": True}},
            dict.fromkeys(fields, 1),
            session=session,
        )
        return entry if entry is not None and 2 * place.index < len(entry["spans"]) else None

    async def _store(self, found: Entry, entry: Entry, place: Place, change: Entry, session: Session) -> None:
        document, edit = found["_id"], found.get("edits", 0) + 1
        change["edit"] = edit
        name = f"corrections.{place.index}"
        before = change["version"] - 1
        done = await self._parts.update_one(
            # In a transaction nobody else can come between; this says what it relies on.
            {"_id": entry["_id"], "document": document, f"{name}.version": before or None},
            [{"$set": {name: {"$literal": change}, "edited": edit}}, *TALLY],
            session=session,
        )
        assert done.matched_count == 1, "the entry was read in this transaction"
        sized: list[Entry] = [{"$match": {"_id": entry["_id"]}}, {"$project": {"size": {"$bsonSize": "$corrections"}}}]
        if (await driver.aggregate(self._parts, sized, session=session))[0]["size"] > _MOST_BYTES:
            raise InputError(
                f"what people made of this part of the document has more than {_MOST_BYTES >> 20} MiB; give shorter texts"
            )
        await self._remember(found, entry, place, change, session)
        changes: Entry = {"edits": edit}
        if "counts" in found:
            counts = (await counts_of(self._parts, [document], session))[document]
            changes["counts"] = {"$literal": counts.as_entry()}
        if "finished" in found and not was_waited_for(found):
            changes["unsearched"] = {"$literal": _unsearched(found.get("unsearched"), place.part, edit)}
        # Also so that a deletion that begins meanwhile and this change do not miss each other.
        await self._documents.update_one({"_id": document}, [{"$set": changes}], session=session)

    async def _remember(self, found: Entry, entry: Entry, place: Place, change: Entry, session: Session) -> None:
        """Let the memory of the document's owner have what a person says of a sentence."""
        memory = Ownership(found.get("owner"), everything=False)
        text = change["text"]
        if text is None and change["approved"]:
            text = entry["translations"][str(place.index)]["text"]
        source = found["source"] if found["source"] != AUTO else entry.get("detected") or found.get("detected")
        if not text or not source:
            await self._memory.remove_at(memory, place, session=session)
            return
        before, sentence, after = surroundings(entry, place.index, last=place.part + 1 == found.get("parts"))
        unit = Unit(
            source=source, target=found["target"], text=sentence, translation=text, before=before, after=after,
            place=place, by=change["by"], at=change["at"],
        )  # fmt: skip
        await self._memory.save(memory, [unit], session=session)


def _unsearched(mark: Entry | None, part: int, edit: int) -> Entry:
    """Return the mark by which `store.writing.indexing` takes up a part once more, and what else it has to do.

    It is another one than before in any case: what was read before the change must not be written behind it.
    """
    if mark is None:
        return {"part": part, "until": part, "edit": edit}
    until = {"until": max(mark["until"], part)} if "until" in mark else {}
    rest = {name: value for name, value in mark.items() if name != "until"}
    return rest | {"part": min(mark["part"], part), "edit": edit} | until
