"""What the API reads."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.confidence import Level
from pipeline.naming import name_of
from store.collections import Collections, part_id
from store.counting import COUNTED, Counts, characters_before, counts_of
from store.documents.choosing import Choice, Place, SentenceChooser
from store.documents.history import DocumentQuery, Order, Sort, State
from store.documents.outlines import Heading, outline
from store.driver import Entry
from store.failures import translated
from store.ownership import Ownership
from store.parts import (
    Partial,
    StoredPart,
    StoredSentence,
    TranslatedPart,
    Version,
    in_slices,
    lists_of,
    pieces_of,
    rebuild,
    sentences_beside,
)
from store.waiting import LISTED


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it stands now."""

    id: str
    owner: str | None
    """The id of the key that sent it; None for nobody's."""
    state: State
    source: str
    detected: str | None
    """Language of its beginning, where `source` is `auto`."""
    target: str
    model: str | None
    wanted_model: str | None
    """Model that was asked for."""
    reason: str | None
    """Why its upload broke off."""
    expected: int | None
    """About how many characters it will have, as far as its sender said."""
    callback: dict[str, Any] | None
    metadata: dict[str, Any]
    internal: dict[str, Any]
    """What the API noted of it for itself."""
    created: datetime
    finished: datetime | None
    parts: int | None
    """How many parts it has; None while the last one is not known."""
    counts: Counts
    edits: int = 0
    """How often people have changed something of its translation."""
    beginning: str = ""
    """Its first words; empty while they are not known."""
    heard: datetime | None = None
    """When its sender was last heard of; None unless its upload is under way here."""

    @property
    def name(self) -> str:
        """What people call it."""
        return name_of(self.metadata, self.beginning, self.id)


@dataclass(frozen=True, slots=True)
class Page:
    """Documents, and where to go on."""

    items: list[Document]
    next: str | None


class DocumentReader:
    """Reads documents; a long one is read part by part, so memory does not grow with it.

    What is not there for `ownership` is as if it did not exist.
    """

    def __init__(self, collections: Collections) -> None:
        self._collections = collections

    async def ping(self) -> None:
        """Raise `UnavailableError` if MongoDB does not answer."""
        with translated():
            await self._collections.client.admin.command("ping")

    async def get(self, ownership: Ownership, document: str) -> Document | None:
        """Return a document, or None if there is none of that id."""
        with translated():
            entry = await self._collections.documents.find_one(
                {"_id": document, "state": {"$ne": "deleted"}, **ownership.seen}
            )
            return (await self._complete([entry]))[0] if entry else None

    async def state(self, ownership: Ownership, document: str) -> State | None:
        """Return the state of a document without counting anything."""
        with translated():
            entry = await self._collections.documents.find_one(
                {"_id": document, "state": {"$ne": "deleted"}, **ownership.seen}, {"state": 1}
            )
        return entry["state"] if entry else None

    async def open_documents(self, ownership: Ownership) -> dict[str, int]:
        """Return how many documents there are in each state that is not an end."""
        states = ("receiving", "translating", "incomplete")
        with translated():
            return {
                state: await self._collections.documents.count_documents({"state": state, **ownership.seen})
                for state in states
            }

    async def unsearched(self) -> int:
        """Return how many documents have parts that are not searchable yet, of all senders."""
        with translated():
            return await self._collections.documents.count_documents({"unsearched.part": {"$gte": 0}})

    async def page(
        self, ownership: Ownership, query: DocumentQuery, *, sort: Sort = "-created", limit: int, after: str | None
    ) -> Page:
        """Return up to `limit` documents in an order; those that have no place in it are left out.

        Raises `InputError` for an `after` that no page in this order gave.
        """
        order = Order(sort)
        wanted = [
            query.as_filter(),
            ownership.seen,
            LISTED,
            order.as_filter(),
            *([order.beyond(after)] if after is not None else []),
        ]
        with translated():
            found = self._collections.documents.find({"$and": wanted})
            entries = await found.sort([(order.field, order.sign), ("_id", order.sign)]).to_list(limit + 1)
            items = await self._complete(entries[:limit])
        return Page(items, order.cursor(entries[limit - 1]) if len(entries) > limit else None)

    async def _complete(self, entries: Sequence[Entry]) -> list[Document]:
        """Add the counts; those of a finished document are stored with it."""
        open_ = [entry["_id"] for entry in entries if "counts" not in entry]
        summed = await counts_of(self._collections.parts, open_) if open_ else {}
        documents = []
        for entry in entries:
            counts = Counts.of(entry["counts"]) if "counts" in entry else summed.get(entry["_id"], Counts())
            documents.append(
                Document(
                    id=entry["_id"],
                    owner=entry.get("owner"),
                    state=entry["state"],
                    source=entry["source"],
                    detected=entry.get("detected"),
                    target=entry["target"],
                    model=counts.model or entry.get("model"),
                    wanted_model=entry.get("model"),
                    expected=entry.get("expected"),
                    callback=entry.get("callback"),
                    reason=entry.get("reason") if entry["state"] == "incomplete" else None,
                    metadata=entry.get("metadata") or {},
                    internal=entry.get("internal") or {},
                    created=entry["created"],
                    finished=entry.get("finished"),
                    parts=entry.get("parts"),
                    counts=counts,
                    edits=entry.get("edits", 0),
                    beginning=entry.get("beginning") or "",
                    heard=_heard(entry),
                )
            )
        return documents

    async def text(
        self, ownership: Ownership, document: str, missing: Partial, version: Version = "corrected"
    ) -> AsyncIterator[str]:
        """Yield the translated text, part by part; `missing` says what stands for sentences without translation.

        Parts that are not there yet are left out.
        """
        async for entry in self._parts(ownership, document):
            yield "".join(rebuild(entry, missing, version))

    async def translated(
        self, ownership: Ownership, document: str, version: Version = "corrected"
    ) -> AsyncIterator[TranslatedPart]:
        """Yield the parts in the order of the text; a sentence without translation counts as what stands between."""
        async for entry in self._parts(ownership, document):
            others, alignments = (list(lists_of(entry, name, version)) for name in ("alternatives", "alignment"))
            pieces = list(pieces_of(entry, version))
            yield TranslatedPart(entry["part"], entry.get("detected"), pieces, others, alignments)

    async def sentences(
        self,
        ownership: Ownership,
        document: str,
        *,
        after: tuple[int, int] | None,
        limit: int,
        whole: bool = False,
        version: Version = "corrected",
    ) -> list[StoredSentence]:
        """Return up to `limit` sentences that follow the one at (part, index).

        `whole`: and the rest of the paragraph of the last one, which is bounded.
        """
        part, index = after or (0, -1)
        with translated():
            offset = await characters_before(self._collections.parts, document, part)
        found: list[StoredSentence] = []
        async for entry in self._parts(ownership, document, first=part):
            for sentence in await sentences_beside(entry, offset, version):
                if len(found) >= limit and not (whole and _same_paragraph(found[-1], sentence)):
                    return found
                if (sentence.part, sentence.index) > (part, index):
                    found.append(sentence)
            offset += entry["characters"]
        return found

    async def chosen(
        self, ownership: Ownership, document: str, choice: Choice, *, after: tuple[int, int] | None, limit: int
    ) -> list[StoredSentence]:
        """Return up to `limit` sentences that are wanted and follow the one at (part, index), in the order of the text."""
        if not await self._sees(ownership, document):
            return []
        with translated():
            return await SentenceChooser(self._collections.parts, document).chosen(choice, after=after, limit=limit)

    async def outline(self, ownership: Ownership, document: str) -> tuple[list[Heading], bool]:
        """Return a document's headings in the order of the text, and whether these are all."""
        if not await self._sees(ownership, document):
            return [], True
        with translated():
            return await outline(self._collections.parts, document)

    async def least_sure(
        self, ownership: Ownership, document: str, level: Level | None, *, after: Place | None, limit: int
    ) -> list[StoredSentence]:
        """Return up to `limit` sentences (of a level), those with the least confidence first, that follow a place there."""
        if not await self._sees(ownership, document):
            return []
        with translated():
            return await SentenceChooser(self._collections.parts, document).least_sure(level, after=after, limit=limit)

    async def all_sentences(
        self, ownership: Ownership, document: str, version: Version = "corrected"
    ) -> AsyncIterator[Sequence[StoredSentence]]:
        """Yield the sentences of a document, some paragraphs at a time; memory does not grow with the document."""
        offset = 0
        async for entry in self._parts(ownership, document):
            async for some in in_slices(await sentences_beside(entry, offset, version)):
                yield some
            offset += entry["characters"]

    async def many(self, ownership: Ownership, documents: Collection[str]) -> dict[str, Document]:
        """Return those of the named documents that are there, by id."""
        with translated():
            wanted = {"_id": {"$in": list(documents)}, "state": {"$ne": "deleted"}, **ownership.seen}
            entries = await self._collections.documents.find(wanted).to_list(None)
            return {document.id: document for document in await self._complete(entries)}

    async def clash(self, ownership: Ownership, document: str, part: int, *, last: bool, revision: str) -> str | None:
        """Return why a part cannot belong to a document as far as it is known; None if it can."""
        with translated():
            known = await self._collections.documents.find_one({"_id": document, **ownership.seen}, {"parts": 1})
            if known is None and not ownership.everything:
                return "its id is taken"
            stored = await self._collections.parts.find_one({"_id": part_id(document, part)}, {"revision": 1})
            behind = {"$gt": part_id(document, part), "$lt": f"{document}0"}
            longer = last and await self._collections.parts.find_one({"_id": behind}, {"_id": 1})
        if stored is not None and stored["revision"] != revision:
            return f"part {part} is there with another text"
        parts = known.get("parts") if known else None
        if parts is not None and part >= parts:
            return f"it has {parts} parts, and no part {part}"
        if longer or (last and parts is not None and part != parts - 1):
            return f"it has parts behind part {part}"
        return None

    async def has(self, ownership: Ownership, document: str, part: int, *, last: bool, revision: str) -> bool:
        """Whether a part is there with its text, and known as the document's last one if it is."""
        with translated():
            wanted = {"_id": part_id(document, part), "revision": revision, "total": {"$gte": 0}}
            if await self._collections.parts.find_one(wanted, {"_id": 1}) is None:
                return False
            mine = {"_id": document, **ownership.seen} | ({"parts": part + 1} if last else {})
            return await self._collections.documents.find_one(mine, {"_id": 1}) is not None

    async def parts(self, ownership: Ownership, document: str, *, after: int | None, limit: int) -> list[StoredPart]:
        """Return up to `limit` parts that are there, in order, behind the part `after`."""
        first = 0 if after is None else after + 1
        wanted = {"_id": {"$gte": part_id(document, first), "$lt": f"{document}0"}, "total": {"$gte": 0}}
        fields = ("part", "revision", *COUNTED)
        if not await self._sees(ownership, document):
            return []
        with translated():
            cursor = self._collections.parts.find(wanted, dict.fromkeys(fields, 1)).sort("_id", 1).limit(limit)
            return [StoredPart(**{name: entry[name] for name in fields if name in entry}) async for entry in cursor]

    async def _sees(self, ownership: Ownership, document: str) -> bool:
        """Whether a document's parts may be read; parts do not name their owner."""
        return ownership.everything or await self.state(ownership, document) is not None

    async def _parts(self, ownership: Ownership, document: str, first: int = 0) -> AsyncIterator[Entry]:
        """Yield the parts that are there, in the order of the text."""
        # "0" is the character after "/": together the two bounds hold all ids of the document and no other.
        wanted = {"_id": {"$gte": part_id(document, first), "$lt": f"{document}0"}, "text": {"$exists": True}}
        if not await self._sees(ownership, document):
            return
        with translated():
            async for entry in self._collections.parts.find(wanted).sort("_id", 1).batch_size(8):
                yield entry


def _same_paragraph(one: StoredSentence, other: StoredSentence) -> bool:
    return (one.part, one.layout.paragraph) == (other.part, other.layout.paragraph)


def _heard(entry: Entry) -> datetime | None:
    # What came straight from Kafka has no sender who could be heard of.
    uploading = entry["state"] == "receiving" and entry.get("first") is not None
    if not uploading or entry.get("received") or entry.get("parts") is not None:
        return None
    heard: datetime = entry.get("touched") or entry["created"]
    return heard
