"""What the routes of the memory work with."""

from dataclasses import dataclass

from store.collections import Collections
from store.memory.keeping import MemoryKeeper
from store.memory.listing import MemoryListing
from store.memory.matching import MemoryMatcher


@dataclass(frozen=True, slots=True)
class Memory:
    """The faces of the memory in the store."""

    keeper: MemoryKeeper
    listing: MemoryListing
    matcher: MemoryMatcher

    @classmethod
    def of(cls, collections: Collections, *, limit: int) -> "Memory":
        """Return those over a store; `limit`: units of people in one owner's memory."""
        return cls(MemoryKeeper(collections, limit=limit), MemoryListing(collections), MemoryMatcher(collections))
