"""What keys use: characters, requests, documents under way. Right with any number of API processes.

Three collections:

`usage`, one entry a key and month: _id (`<key>/<year>-<month>`), characters. One a key with a limit of documents: _id (the
key's), begun (how many it has begun; see `store.accounts.admission`).

`charges`, one entry a part that was counted: _id (see `charge_id`), key, characters, taken (since when a request is
sending it), sent (when Kafka had it). Written in one transaction with `usage`, so a part is counted once, however often it
is sent; deleted with its document.

`rates`, one entry a key: full (milliseconds), until when its requests are used up; see `UsageStore.take`.
"""

import asyncio
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pymongo import ReturnDocument, WriteConcern
from pymongo.errors import DuplicateKeyError

from pipeline.errors import QuotaError
from store.collections import UNDER_WAY, Collections, part_id
from store.driver import Entry, Session
from store.failures import translated

# A part that was sent is in the store some time later, unless it was refused, or lost.
_ARRIVES_WITHIN = timedelta(minutes=10)
# Longer than a request waits for Kafka.
_SENT_WITHIN = timedelta(seconds=40)
_GLANCE = 0.05

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


def charge_id(document: str, part: int, revision: str, *, last: bool) -> str:
    """Return what names the work on a part: another text is other work, and so is a part that now is said to be the last."""
    return f"{part_id(document, part)}/{revision}{'/last' if last else ''}"


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

    async def charge(self, key: str, charge: str, *, limit: int | None, characters: int) -> bool:
        """Count a part's characters for this month, and return whether it is to be sent on: then call `sent` or `failed`.

        It is not while it is on its way already: counting it once pays for its work once. What did not arrive within ten
        minutes is counted and sent again. Waits while another request is sending it.

        `charge`: see `charge_id`. Raises `QuotaError` if the characters are more than `limit` leaves; then nothing is
        counted.
        """
        while not await self._insert(key, charge, limit, characters):
            with translated():
                known = await self._charges.find_one({"_id": charge})
            if known is None:
                continue
            now = datetime.now(UTC)
            sent, taken = known.get("sent"), known.get("taken")
            if sent is not None and sent > now - _ARRIVES_WITHIN:
                return False
            if sent is not None:
                if limit is not None:
                    await self.check(key, limit=limit, characters=characters)
                if await self._take(charge, {"sent": sent}):
                    with translated():
                        month = {"_id": f"{key}/{_month(now)}"}
                        await self._usage.update_one(month, {"$inc": {"characters": characters}}, upsert=True)
                    return True
            elif taken is not None and taken > now - _SENT_WITHIN:
                await asyncio.sleep(_GLANCE)
            elif await self._take(charge, {"sent": None, "taken": taken}):
                return True
        return True

    async def _take(self, charge: str, unchanged: Entry) -> bool:
        with translated():
            taken = {"$set": {"taken": datetime.now(UTC)}, "$unset": {"sent": ""}}
            return (await self._charges.update_one({"_id": charge, **unchanged}, taken)).modified_count > 0

    async def sent(self, charge: str) -> None:
        """Note that a part that was counted is safe on Kafka."""
        with translated():
            await self._charges.update_one(
                {"_id": charge}, {"$set": {"sent": datetime.now(UTC)}, "$unset": {"taken": ""}}
            )

    async def failed(self, charge: str) -> None:
        """Note that a part that was counted could not be sent: whoever sends it again need not wait."""
        with translated():
            await self._charges.update_one({"_id": charge}, {"$unset": {"taken": ""}})

    async def _insert(self, key: str, name: str, limit: int | None, characters: int) -> bool:
        """Count a part if it was not before. Raises `QuotaError`."""
        now = datetime.now(UTC)
        month = f"{key}/{_month(now)}"
        charge: Entry = {"_id": name, "key": key, "characters": characters, "taken": now}

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
                return False
        return True

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
