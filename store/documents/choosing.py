"""Sentences of a document by what is in them, and by how far their translations can be relied on."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import accumulate

from pipeline.confidence import LEVELS, Level, level
from pipeline.errors import InputError
from store import driver
from store.collections import part_id
from store.driver import Entry
from store.parts import StoredSentence, pieces_of, sentences_beside
from store.words import plain

Place = tuple[int, int, int]
"""Confidence, part and index of a sentence."""

_AT_ONCE = 8
_NOWHERE: Place = (-1, 0, 0)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which sentences are wanted: those for which everything holds that is said."""

    level: Level | None = None
    """Of this level of confidence."""
    doubt: bool | None = None
    """Whether there is a reason to check the translation, or there could be none made."""
    reason: str | None = None
    """With this reason to check it; `failed`: no translation could be made."""
    corrected: bool | None = None
    """Whether a person has given its translation."""
    approved: bool | None = None
    missed: bool | None = None
    """Whether the translation lacks a term of the glossary, and nobody has corrected or approved it."""
    words: str = ""
    """With these characters in source or translation, whatever their case, accents and line breaks are."""

    def __post_init__(self) -> None:
        """Raise `InputError` for words of which nothing is left to be looked for."""
        if self.words and not plain(self.words).strip():
            raise InputError("q has no character that can be looked for; give a letter, a digit or a sign")

    @property
    def everything(self) -> bool:
        """Whether all sentences are wanted."""
        return self == Choice()

    def may_be_in(self, entry: Entry) -> bool:
        """Whether a part can have such a sentence, as far as its counts say."""
        doubtful = entry.get("suspect") or entry.get("failed")
        return bool(
            (self.level is None or entry.get(self.level))
            and (doubtful or (self.doubt is not True and not self.reason))
            and (self.corrected is not True or entry.get("corrected"))
            and (self.approved is not True or entry.get("approved"))
            and (self.missed is not True or entry.get("missed"))
        )

    def fits(self, sentence: StoredSentence) -> bool:
        """Whether a sentence is wanted."""
        reasons = [*sentence.suspect, *(["failed"] if sentence.failed else [])]
        if self.level is not None and not _is_of(sentence, self.level):
            return False
        if self.doubt is not None and bool(reasons) != self.doubt:
            return False
        change = sentence.change
        if self.corrected is not None and self.corrected != (change is not None and change.text is not None):
            return False
        if self.approved is not None and self.approved != (change is not None and change.approved):
            return False
        if self.missed is not None and self.missed != sentence.missed:
            return False
        return self.reason is None or self.reason in reasons


@dataclass(frozen=True, slots=True)
class _Part:
    """What the index of the parts says of one."""

    number: int
    offset: int
    """Characters of the document before it."""
    levels: frozenset[Level]
    """Those that any of its sentences has."""
    wanted: bool
    """Whether it can have what is chosen."""


_ALL = Choice()


class SentenceChooser:
    """Finds sentences in the parts of one document that have some; other parts are not read.

    Those without a confidence are of no level, and have no place in the order.
    """

    def __init__(self, parts: driver.Collection, document: str) -> None:
        self._parts = parts
        self._document = document

    async def chosen(self, choice: Choice, *, after: tuple[int, int] | None, limit: int) -> list[StoredSentence]:
        """Return up to `limit` sentences that are wanted and follow the one at (part, index), in the order of the text."""
        behind = after or (0, -1)
        parts = [part for part in await self._known(choice) if part.wanted and part.number >= behind[0]]
        sought = plain(choice.words).strip()
        found: list[StoredSentence] = []
        async for chunk in self._chunks(parts, sought):
            for sentence in chunk:
                if (sentence.part, sentence.index) > behind and choice.fits(sentence) and _has(sentence, sought):
                    found.append(sentence)
                    if len(found) == limit:
                        return found
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

    async def _known(self, choice: Choice = _ALL) -> list[_Part]:
        """Return what the index says of the parts that are there, in the order of the text."""
        counted = ("characters", "suspect", "failed", "corrected", "approved", "missed")
        fields = dict.fromkeys(("part", *counted, *LEVELS), 1)
        found = self._parts.find({"document": self._document, "total": {"$gte": 0}}, {"_id": 0, **fields})
        entries = sorted([entry async for entry in found], key=lambda entry: entry["part"])
        offsets = accumulate((entry["characters"] for entry in entries), initial=0)
        return [
            _Part(
                entry["part"],
                offset,
                frozenset(one for one in LEVELS if entry.get(one)),
                choice.may_be_in(entry),
            )
            for entry, offset in zip(entries, offsets, strict=False)
        ]

    async def _chunks(self, parts: Sequence[_Part], sought: str = "") -> AsyncIterator[list[StoredSentence]]:
        """Yield the sentences of parts, those of a part at a time; of parts that do not have what is `sought` none."""
        offsets = {part.number: part.offset for part in parts}
        for first in range(0, len(parts), _AT_ONCE):
            async for entry in self._entries([part.number for part in parts[first : first + _AT_ONCE]]):
                if not sought or _mentions(entry, sought):
                    yield await sentences_beside(entry, offsets[entry["part"]])

    async def _entries(self, numbers: Collection[int]) -> AsyncIterator[Entry]:
        wanted = {"_id": {"$in": [part_id(self._document, number) for number in numbers]}, "text": {"$exists": True}}
        async for entry in self._parts.find(wanted).sort("_id", 1):
            yield entry


def _is_of(sentence: StoredSentence, wanted: Level) -> bool:
    return sentence.confidence is not None and level(sentence.confidence) == wanted


def _has(sentence: StoredSentence, sought: str) -> bool:
    return not sought or sought in plain(sentence.source) or sought in plain(sentence.translation or "")


def _mentions(entry: Entry, sought: str) -> bool:
    """Whether a part has somewhere what is sought, which is told sooner than of each of its sentences."""
    if sought in plain(entry["text"]):
        return True
    return sought in plain("\n".join(text for _, text in pieces_of(entry) if text is not None))


def _place(sentence: StoredSentence) -> Place:
    assert sentence.confidence is not None, "others were left out"
    return sentence.confidence, sentence.part, sentence.index
