"""Full-text search over what documents say, in both languages."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from pymongo.errors import ExecutionTimeout

from pipeline.errors import InputError
from store import driver
from store.collections import Collections, part_id
from store.cursors import read_cursor, write_cursor
from store.driver import Entry
from store.failures import translated
from store.ownership import Ownership
from store.parts import StoredSentence, sentences_of
from store.words import Phrase, marks, phrases

Side = Literal["source", "translation"]

MOST_DOCUMENTS = 1000
"""A query stands for at most so many documents, the newest."""

_ORDER = "search"
# Characters of the text on both sides of a match.
_AROUND = 120
# A request reads at most so many parts (64 KiB of text each), also when its words seldom meet in one sentence.
_MOST_PARTS = 50
_PATIENCE_MS = 5000
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Context:
    """An excerpt around a match; `matches` are start and end in code points of `text`."""

    side: Side
    text: str
    matches: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence in whose source or translation everything that was asked for stands."""

    document: str
    sentence: StoredSentence
    contexts: list[Context]


@dataclass(frozen=True, slots=True)
class HitPage:
    """Hits of the newest documents first, in the order of the text; there may be more even if there are few."""

    items: list[Hit]
    next: str | None


class DocumentSearch:
    """Finds sentences. Documents can be found after they are done or cancelled, as soon as the sink has taken them up."""

    def __init__(self, collections: Collections) -> None:
        self._documents = collections.documents
        self._parts = collections.parts
        self._search = collections.search

    async def find(
        self, ownership: Ownership, query: str, *, document: str | None, limit: int, after: str | None
    ) -> HitPage:
        """Return up to `limit` hits.

        Raises `InputError` for a query without words, one that takes too long, and an `after` that no page gave.
        """
        wanted = phrases(query)
        created, place, index = _read_place(after)
        hits: list[Hit] = []
        candidates = await self._candidates(ownership, wanted, document, created, place)
        for number, (made, name) in enumerate(candidates):
            for hit in await self._hits_in(ownership, wanted, name, index if name == place else -1):
                if len(hits) == limit:
                    return HitPage(hits, _place_before(hit, made))
                hits.append(hit)
            if number + 1 == _MOST_PARTS:
                return HitPage(hits, write_cursor(_ORDER, made.isoformat(), name, str(1 << 30)))
        return HitPage(hits, None)

    async def documents(self, ownership: Ownership, query: str) -> list[str]:
        """Return the newest documents one of whose parts has all of the words, in its text, translation or file name.

        Raises `InputError` as `find` does.
        """
        matching = {"$match": _with_words(phrases(query)) | ownership.seen}
        grouped = {"$group": {"_id": "$document", "created": {"$max": "$created"}}}
        newest: list[Entry] = [{"$sort": {"created": -1, "_id": 1}}, {"$limit": MOST_DOCUMENTS}]
        return [entry["_id"] for entry in await self._aggregate([matching, grouped, *newest])]

    async def _candidates(
        self, ownership: Ownership, wanted: Sequence[Phrase], document: str | None, created: datetime | None, place: str
    ) -> list[tuple[datetime, str]]:
        """Return parts that have all of the words, those before the cursor's left out."""
        if document is None:
            matching = _with_words(wanted) | ownership.seen
        else:
            # Few entries: they are read one after the other, which costs the same however large the store is.
            matching = {
                "_id": {"$gte": part_id(document, 0), "$lt": f"{document}0"},
                **_having(_distinct(wanted)),
                **ownership.seen,
            }
        if created is not None:
            matching = {
                "$and": [
                    matching,
                    {"$or": [{"created": {"$lt": created}}, {"created": created, "_id": {"$gte": place}}]},
                ]
            }
        pipeline: list[Entry] = [
            {"$match": matching},
            {"$project": {"created": 1}},
            {"$sort": {"created": -1, "_id": 1}},
            {"$limit": _MOST_PARTS + 1},
        ]
        return [(entry["created"], entry["_id"]) for entry in await self._aggregate(pipeline)]

    async def _aggregate(self, pipeline: list[Entry]) -> list[Entry]:
        with translated():
            try:
                return await driver.aggregate(self._search, pipeline, maxTimeMS=_PATIENCE_MS)
            except ExecutionTimeout:
                raise InputError(
                    f"the search takes longer than {_PATIENCE_MS // 1000} s, because too much has these words; "
                    "add a rarer word, or name a document"
                ) from None

    async def _hits_in(self, ownership: Ownership, wanted: Sequence[Phrase], name: str, index: int) -> list[Hit]:
        """Return the hits in one part, behind the sentence `index`."""
        document = name.rpartition("/")[0]
        with translated():
            entry = await self._parts.find_one({"_id": name, "text": {"$exists": True}})
            # What was deleted meanwhile is not shown.
            mine = {"_id": document, "state": {"$ne": "deleted"}, **ownership.seen}
            there = entry and await self._documents.find_one(mine, {"_id": 1})
        if not entry or not there:
            return []
        # In a thread: a part may have ten thousand sentences.
        hits = await asyncio.to_thread(lambda: list(_hits(wanted, document, entry)))
        return [hit for hit in hits if hit.sentence.index > index]


def _distinct(wanted: Sequence[Phrase]) -> list[str]:
    return sorted({word for phrase in wanted for word in phrase}, key=lambda word: (-len(word), word))


def _with_words(wanted: Sequence[Phrase]) -> Entry:
    """Return the filter for entries that have all of the words.

    The index is asked for the longest alone, which is seldom the most frequent one: asked for several it would fetch what
    has any of them.
    """
    longest, *others = _distinct(wanted)
    return {"$text": {"$search": longest}, **_having([longest, *others])}


def _having(distinct: Sequence[str]) -> Entry:
    # Folded words are letters and digits only, so nothing in them means something to the pattern.
    return {"$and": [{"words": {"$regex": f" {word} "}} for word in distinct]}


def _hits(wanted: Sequence[Phrase], document: str, entry: Entry) -> Iterator[Hit]:
    sentences = list(sentences_of(entry, 0))
    for at, sentence in enumerate(sentences):
        contexts: list[Context] = []
        if found := marks(wanted, sentence.source):
            start = sentence.span[0]
            contexts.append(_context("source", entry["text"], [(first + start, end + start) for first, end in found]))
        if sentence.translation is not None and (found := marks(wanted, sentence.translation)):
            before = " ".join(one.translation for one in sentences[max(0, at - 1) : at] if one.translation)
            behind = " ".join(one.translation for one in sentences[at + 1 : at + 2] if one.translation)
            shift = len(before) + 1 if before else 0
            whole = " ".join(text for text in (before, sentence.translation, behind) if text)
            contexts.append(_context("translation", whole, [(first + shift, end + shift) for first, end in found]))
        if contexts:
            yield Hit(document, sentence, contexts)


def _context(side: Side, text: str, found: Sequence[tuple[int, int]]) -> Context:
    """Return the excerpt around the first match, of whole words, with all matches that lie in it."""
    first, behind = found[0]
    start, end = max(0, first - _AROUND), min(len(text), behind + _AROUND)
    if start and (gap := _SPACE.search(text, start - 1, first)):
        start = gap.end()
    if end < len(text):
        end = max((gap.start() for gap in _SPACE.finditer(text, behind, end + 1)), default=end)
    within = [(one - start, last - start) for one, last in found if last <= end]
    return Context(side, text[start:end], within)


def _place_before(hit: Hit, created: datetime) -> str:
    name = part_id(hit.document, hit.sentence.part)
    return write_cursor(_ORDER, created.isoformat(), name, str(hit.sentence.index - 1))


def _read_place(after: str | None) -> tuple[datetime | None, str, int]:
    if after is None:
        return None, "", -1
    created, name, index = read_cursor(_ORDER, after, 3)
    try:
        return datetime.fromisoformat(created).astimezone(UTC), name, int(index)
    except (ValueError, OverflowError):
        raise InputError("the cursor is not one that a page gave; start without it") from None
