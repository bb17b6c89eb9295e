"""Units that are like a sentence, for whoever corrects its translation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.memory import digests
from store.collections import Collections
from store.failures import translated
from store.memory.units import StoredUnit, unit_of
from store.ownership import Ownership

Change = Literal["same", "added", "removed"]

LEAST = 75
"""Percent: units that are less like a sentence are not offered."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of the unit's source (`removed`), of the sentence (`added`), or of both, with what stands between them."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """A unit that is like a sentence."""

    unit: StoredUnit
    likeness: int
    """Percent."""
    difference: list[Piece]
    """From the unit's source to the sentence: in turn, all of both."""


class MemoryMatcher:
    """Offers units of people that are like a sentence."""

    def __init__(self, collections: Collections) -> None:
        self._memory = collections.memory

    async def like(
        self, ownership: Ownership, languages: tuple[str, str], text: str, *, least: int = LEAST, limit: int = 5
    ) -> Sequence[Match]:
        """Return what the owner's memory has that is like a sentence, the most like first, then the newest.

        `least`: likeness in percent, 75 or more. Raises `UnavailableError`.
        """
        _ = least
        keys = digests.Keyring(ownership.owner, *languages)
        wanted = {"keys": keys.exact(text), "owner": ownership.owner, "origin": "person"}
        with translated():
            found = await self._memory.find(wanted).sort("at", -1).limit(limit).to_list(None)
        return [Match(unit_of(entry), 100, [Piece("same", text)]) for entry in found]
