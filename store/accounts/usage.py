"""What keys use: characters, requests, documents under way. Right with any number of API processes.

Three collections:

`usage`, one entry a key and month: _id (`<key>/<year>-<month>`), characters. One a key with a limit of documents: _id (the
key's), begun (how many it has begun; see `store.accounts.admission`).

`charges`, one entry a part that was counted: _id (`<document>/<part>/<revision>`), key, characters. Written in one
transaction with `usage`, so a part is counted once, however often it is sent; deleted with its document.

`rates`, one entry a key: full (milliseconds), until when its requests are used up; see `UsageStore.take`.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from pymongo import ReturnDocument, WriteConcern
from pymongo.errors import DuplicateKeyError

from pipeline.errors import QuotaError
from store.collections import UNDER_WAY, Collections, part_id
from store.driver import Entry, Session
from store.failures import translated

WINDOW = 60
"""Seconds over which requests are counted."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How a key stands with its requests after one more."""

    allowed: bool
    limit: int
    """Requests in `WINDOW` seconds."""
    remaining: int
    """Requests that it could make now."""
    reset: int
    """Seconds until all of them are there again."""
    wait: int
    """Seconds until the next request is allowed; 0 if one is now."""


class _CountedError(Exception):
    """The part was counted before."""


class UsageStore:
    """Counts what keys use."""

    def __init__(self, collections: Collections) -> None:
        self._transactions = collections.transactions
        self._usage = collections.usage
        self._charges = collections.charges
        self._documents = collections.documents
        # The counter is asked for with every request, and nothing is lost if a crash forgets the last of them.
        self._rates = collections.rates.with_options(write_concern=WriteConcern(w=1, j=False))

    async def charge(
        self, key: str, *, limit: int | None, document: str, part: int, revision: str, characters: int
    ) -> None:
        """Count a part's characters for this month, once for each text that the part has had.

        Raises `QuotaError` if they are more than `limit` leaves; then nothing is counted.
        """
        month = f"{key}/{_month(datetime.now(UTC))}"
        charge: Entry = {"_id": f"{part_id(document, part)}/{revision}", "key": key, "characters": characters}

        async def count(session: Session) -> None:
            try:
                await self._charges.insert_one(charge, session=session)
            except DuplicateKeyError:
                raise _CountedError from None
            after = await self._usage.find_one_and_update(
                {"_id": month},
                {"$inc": {"characters": characters}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
                session=session,
            )
            assert after is not None, "an upsert gives what is there after it"
            used = after["characters"]
            if limit is not None and used > limit:
                raise QuotaError(limit, limit - (used - characters), month_ends())

        with translated():
            try:
                await self._transactions.run(month, count)
            except _CountedError:
                return

    async def check(self, key: str, *, limit: int, characters: int) -> None:
        """Raise `QuotaError` if so many characters are more than `limit` leaves this month."""
        left = limit - await self.characters(key)
        if characters > left:
            raise QuotaError(limit, left, month_ends())

    async def characters(self, key: str) -> int:
        """Return how many characters a key has used this month."""
        with translated():
            entry = await self._usage.find_one({"_id": f"{key}/{_month(datetime.now(UTC))}"})
        return entry["characters"] if entry else 0

    async def under_way(self, key: str | None) -> int:
        """Return how many documents of a key are arriving or being translated; of all without a key."""
        mine = {} if key is None else {"owner": key}
        with translated():
            return await self._documents.count_documents({**mine, "state": {"$in": UNDER_WAY}})

    async def take(self, key: str, limit: int) -> Rate:
        """Count one request of a key that has `limit` of them in `WINDOW` seconds.

        A token bucket kept as one moment: each request puts `full` off by its share of the window, and is refused when
        that would be more than a window away. MongoDB's clock counts, so API processes need not agree on the time.
        """
        window, share = WINDOW * 1000, WINDOW * 1000 / limit
        with translated():
            entry = await self._rates.find_one_and_update(
                {"_id": key},
                [
                    {"$set": {"now": {"$toDouble": {"$toLong": "$$NOW"}}}},
                    {"$set": {"full": {"$max": ["$full", "$now"]}}},
                    # Half a millisecond for what dividing rounds.
                    {"$set": {"allowed": {"$lte": [{"$subtract": ["$full", "$now"]}, window - share + 0.5]}}},
                    {"$set": {"full": {"$add": ["$full", {"$cond": ["$allowed", share, 0]}]}}},
                ],
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        assert entry is not None, "an upsert gives what is there after it"
        return rate(entry["full"] - entry["now"], limit, allowed=entry["allowed"])


def rate(used: float, limit: int, *, allowed: bool) -> Rate:
    """Describe a bucket of which `used` milliseconds of its window are used up."""
    window, share = WINDOW * 1000, WINDOW * 1000 / limit
    remaining = max(0, math.floor((window - used + 0.5) / share))
    wait = max(0, math.ceil((used - (window - share) - 0.5) / 1000))
    return Rate(allowed, limit, remaining, math.ceil(used / 1000), wait)


def month_ends(now: datetime | None = None) -> datetime:
    """Return when this calendar month ends (UTC)."""
    now = (now or datetime.now(UTC)).astimezone(UTC)
    return datetime(now.year + now.month // 12, now.month % 12 + 1, 1, tzinfo=UTC)


def _month(now: datetime) -> str:
    return f"{now:%Y-%m}"
