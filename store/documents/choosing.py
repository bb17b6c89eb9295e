"""Sentences of a document by how far their translations can be relied on."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import accumulate

from pipeline.confidence import LEVELS, Level, level
from store import driver
from store.collections import part_id
from store.driver import Entry
from store.parts import StoredSentence, sentences_of

Place = tuple[int, int, int]
"""Confidence, part and index of a sentence."""

_AT_ONCE = 8
_NOWHERE: Place = (-1, 0, 0)


@dataclass(frozen=True, slots=True)
class _Part:
    """What the index of the parts says of one."""

    number: int
    offset: int
    """Characters of the document before it."""
    levels: frozenset[Level]
    """Those that any of its sentences has."""


class SentenceChooser:
    """Finds sentences in the parts of one document that have some; other parts are not read.

    Those without a confidence are of no level, and have no place in the order.
    """

    def __init__(self, parts: driver.Collection, document: str) -> None:
        self._parts = parts
        self._document = document

    async def of_level(self, wanted: Level, *, after: tuple[int, int] | None, limit: int) -> list[StoredSentence]:
        """Return up to `limit` sentences of a level that follow the one at (part, index), in the order of the text."""
        behind = after or (0, -1)
        parts = [part for part in await self._known() if wanted in part.levels and part.number >= behind[0]]
        found: list[StoredSentence] = []
        async for sentence in self._read(parts):
            if _is_of(sentence, wanted) and (sentence.part, sentence.index) > behind:
                found.append(sentence)
                if len(found) == limit:
                    break
        return found

    async def least_sure(self, wanted: Level | None, *, after: Place | None, limit: int) -> list[StoredSentence]:
        """Return up to `limit` sentences, those with the least confidence first, that follow a place in that order.

        Memory does not grow with the document.
        """
        known = await self._known()
        found: list[StoredSentence] = []
        for one in (wanted,) if wanted else reversed(LEVELS):
            # All that is low comes before all that is medium, so most often few parts are read.
            behind = after or _NOWHERE
            kept: list[StoredSentence] = []
            async for chunk in self._chunks([part for part in known if one in part.levels]):
                fitting = [sentence for sentence in chunk if _is_of(sentence, one) and _place(sentence) > behind]
                kept = nsmallest(limit - len(found), [*kept, *fitting], key=_place)
            found += kept
            if len(found) >= limit:
                break
        return found

    async def _known(self) -> list[_Part]:
        """Return what the index says of the parts that are there, in the order of the text."""
        fields = dict.fromkeys(("part", "characters", *LEVELS), 1)
        found = self._parts.find({"document": self._document, "total": {"$gte": 0}}, {"_id": 0, **fields})
        entries = sorted([entry async for entry in found], key=lambda entry: entry["part"])
        offsets = accumulate((entry["characters"] for entry in entries), initial=0)
        return [
            _Part(entry["part"], offset, frozenset(one for one in LEVELS if entry.get(one)))
            for entry, offset in zip(entries, offsets, strict=False)
        ]

    async def _chunks(self, parts: Sequence[_Part]) -> AsyncIterator[list[StoredSentence]]:
        """Yield the sentences of parts, those of a part at a time."""
        offsets = {part.number: part.offset for part in parts}
        for first in range(0, len(parts), _AT_ONCE):
            async for entry in self._entries([part.number for part in parts[first : first + _AT_ONCE]]):
                yield list(sentences_of(entry, offsets[entry["part"]]))

    async def _read(self, parts: Sequence[_Part]) -> AsyncIterator[StoredSentence]:
        async for chunk in self._chunks(parts):
            for sentence in chunk:
                yield sentence

    async def _entries(self, numbers: Collection[int]) -> AsyncIterator[Entry]:
        wanted = {"_id": {"$in": [part_id(self._document, number) for number in numbers]}, "text": {"$exists": True}}
        async for entry in self._parts.find(wanted).sort("_id", 1):
            yield entry


def _is_of(sentence: StoredSentence, wanted: Level) -> bool:
    return sentence.confidence is not None and level(sentence.confidence) == wanted


def _place(sentence: StoredSentence) -> Place:
    assert sentence.confidence is not None, "others were left out"
    return sentence.confidence, sentence.part, sentence.index
