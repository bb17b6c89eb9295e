"""Units that are like a sentence, for whoever corrects its translation."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.memory import digests, grams
from pipeline.memory.likeness import Piece, difference, likest
from store.collections import Collections
from store.driver import Entry
from store.failures import translated
from store.memory.units import StoredUnit, unit_of
from store.ownership import Ownership

LEAST = 75
"""Percent: units that are less like a sentence are not offered."""

# So many are compared; what a memory of a million sentences has for one is about a tenth of it.
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Match:
    """A unit that is like a sentence."""

    unit: StoredUnit
    likeness: int
    """Percent."""
    difference: list[Piece]
    """From the unit's source to the sentence, in turn, all of both."""


class MemoryMatcher:
    """Offers units of people that are like a sentence."""

    def __init__(self, collections: Collections) -> None:
        self._memory = collections.memory

    async def like(
        self, ownership: Ownership, languages: tuple[str, str], text: str, *, least: int = LEAST, limit: int = 5
    ) -> list[Match]:
        """Return what the owner's memory has that is like a sentence, the most like first, then the newest.

        `languages`: source and target; `least`: likeness in percent, 75 or more. Of units that say the same, the newest.
        Raises `UnavailableError`.
        """
        keys = digests.Keyring(ownership.owner, *languages)
        pairs, size = keys.shown(text)
        least_words, most_words = grams.sizes(size)
        near: Entry = {"pairs": {"$in": pairs}, "size": {"$gte": least_words, "$lte": most_words}}
        with translated():
            cursor = self._memory.find(near, {"text": 1}, limit=_MOST, batch_size=_MOST)
            found = await cursor.to_list(None) if pairs else []
            exact: Entry = {"keys": keys.exact(text), "origin": "person"}
            found += await self._memory.find(exact, {"text": 1}, limit=limit).to_list(None)
            likenesses = await asyncio.to_thread(likest, text, [entry["text"] for entry in found], least)
            # Some of them say the same as others.
            best = {found[index]["_id"]: percent for percent, index in likenesses[: 10 * limit]}
            mine: Entry = {"_id": {"$in": list(best)}, "owner": ownership.owner}
            entries = await self._memory.find(mine).to_list(None)
        entries.sort(key=lambda entry: (-best[entry["_id"]], -entry["at"].timestamp()))
        return [
            Match(unit_of(entry), best[entry["_id"]], difference(entry["text"], text))
            for entry in _distinct(entries, languages[1])[:limit]
        ]


def _distinct(entries: Sequence[Entry], target: str) -> list[Entry]:
    found: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        if digests.same_place(entry["target"], target):
            found.setdefault((digests.normal(entry["text"]), digests.normal(entry["translation"])), entry)
    return list(found.values())
