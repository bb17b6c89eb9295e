"""Callbacks that are due: kept with their documents, so that none is forgotten by a crash."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pymongo import ReturnDocument

from store.collections import Collections, Entry
from store.failures import translated

# As long as an attempt takes at most, and a little more: then another API may try.
_LEASE = timedelta(seconds=60)
_PAUSES = [timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600)]
"""After each failure; after the last one, 16 hours later, it is given up."""


@dataclass(frozen=True, slots=True)
class DueCallback:
    """One to be made now, for the so-manieth time."""

    document: str
    url: str
    attempt: int


class CallbackStore:
    """Which callbacks are due. Several may work on them: each is given out to one at a time."""

    def __init__(self, collections: Collections) -> None:
        self._documents = collections.documents

    async def claim(self) -> DueCallback | None:
        """Return a callback that is due, and keep it from others for a while. Raises `UnavailableError`."""
        now = datetime.now(UTC)
        with translated():
            entry: Entry | None = await self._documents.find_one_and_update(
                {"callback.due": {"$lte": now}, "state": {"$in": ["done", "cancelled"]}},
                {"$set": {"callback.due": now + _LEASE}, "$inc": {"callback.attempts": 1}},
                return_document=ReturnDocument.AFTER,
            )
        if entry is None:
            return None
        return DueCallback(entry["_id"], entry["callback"]["url"], entry["callback"]["attempts"])

    async def delivered(self, callback: DueCallback) -> None:
        """Note that it was taken."""
        with translated():
            await self._documents.update_one(
                {"_id": callback.document},
                {
                    "$set": {"callback.delivered": datetime.now(UTC)},
                    "$unset": {"callback.due": "", "callback.error": ""},
                },
            )

    async def failed(self, callback: DueCallback, error: str) -> None:
        """Note that it was not taken; it is due again later, until it has failed too often."""
        change: dict[str, dict[str, object]] = {"$set": {"callback.error": error}}
        if callback.attempt <= len(_PAUSES):
            change["$set"]["callback.due"] = datetime.now(UTC) + _PAUSES[callback.attempt - 1]
        else:
            change["$unset"] = {"callback.due": ""}
        with translated():
            await self._documents.update_one({"_id": callback.document}, change)
