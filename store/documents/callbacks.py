"""Callbacks that are due: kept with their documents, so that none is forgotten by a crash."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from store.claiming import claim
from store.collections import Collections
from store.failures import translated

# As long as an attempt takes at most, and a little more: then another API may try.
_LEASE = timedelta(seconds=60)
_PAUSES = [timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600)]
"""After each failure; after the last one, 16 hours later, it is given up."""
MOST_ATTEMPTS = len(_PAUSES) + 1


@dataclass(frozen=True, slots=True)
class DueCallback:
    """One to be made now."""

    document: str
    url: str
    attempt: int
    """Counts from 1."""
    owner: str | None = None
    """The id of the key that sent the document; None where there was none."""
    host: str = ""


class CallbackStore:
    """Which callbacks are due. Several may work on them: each is given out to one at a time."""

    def __init__(self, collections: Collections) -> None:
        self._documents = collections.documents

    async def owners(self) -> list[str | None]:
        """Return who has callbacks due: ids of keys, and None for those without one. Raises `UnavailableError`."""
        with translated():
            found = await self._documents.distinct("owner", {"callback.due": {"$lte": datetime.now(UTC)}})
        # Documents without an owner are not told by `distinct` in every plan.
        return list({None, *found})

    async def claim(self, owner: str | None, busy: Collection[str]) -> DueCallback | None:
        """Return a callback of an owner that is due, and keep it from others for a while; None if there is none.

        `busy`: hosts that are left out. Raises `UnavailableError`.
        """
        now = datetime.now(UTC)
        with translated():
            entry = await claim(
                self._documents,
                {
                    "owner": owner,
                    "callback.due": {"$lte": now},
                    "callback.host": {"$nin": sorted(busy)},
                    "state": {"$in": ["done", "cancelled"]},
                },
                {"$set": {"callback.due": now + _LEASE}, "$inc": {"callback.attempts": 1}},
                sort=[("callback.due", 1)],
            )
        if entry is None:
            return None
        known = entry["callback"]
        return DueCallback(entry["_id"], known["url"], known["attempts"], owner, known.get("host", ""))

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
        if callback.attempt < MOST_ATTEMPTS:
            change["$set"]["callback.due"] = datetime.now(UTC) + _PAUSES[callback.attempt - 1]
        else:
            change["$unset"] = {"callback.due": ""}
        with translated():
            await self._documents.update_one({"_id": callback.document}, change)
