"""How many characters of text were translated in a month, and whether more may be."""

from datetime import UTC, datetime

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from sink.store.collections import Collections
from sink.store.failures import translated


class Allowance:
    """Counts characters for each sender and calendar month (UTC)."""

    def __init__(self, collections: Collections, limit: int | None) -> None:
        """`limit`: characters a month; None: as many as come."""
        self._allowance = collections.allowance
        self.limit = limit

    async def used(self, sender: str) -> int:
        """Return how many characters a sender has had this month."""
        with translated():
            entry = await self._allowance.find_one({"_id": _month(sender)})
        return int(entry["characters"]) if entry else 0

    async def take(self, sender: str, characters: int) -> bool:
        """Count characters, and return whether they were left; if not, nothing is counted."""
        wanted: dict[str, object] = {"_id": _month(sender)}
        if self.limit is not None:
            if characters > self.limit:
                return False
            wanted["characters"] = {"$lte": self.limit - characters}
        change = {"$inc": {"characters": characters}}
        with translated():
            try:
                await self._allowance.find_one_and_update(
                    wanted, change, upsert=True, return_document=ReturnDocument.AFTER
                )
            except DuplicateKeyError:
                # The month's entry is there, with too many characters for the condition.
                return False
        return True


def _month(sender: str) -> str:
    return f"{sender}/{datetime.now(UTC):%Y-%m}"
