"""The schema of the store: its version, and the way there from an older one, while everything goes on.

The collection `schema` has an entry `schema` (version: the newest release that was here), one for each migration (place:
up to where it is done; done; until: when another process may go on with it), and one for each index that is no longer
wanted (since).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError, OperationFailure

from pipeline.backoff import Backoff
from pipeline.errors import UnavailableError
from store import driver
from store.driver import Entry
from store.failures import translated
from store.indexes import GONE, INDEXES, Index
from store.migrations import MIGRATIONS

if TYPE_CHECKING:
    from store.collections import Collections

logger = logging.getLogger(__name__)

VERSION = max(MIGRATIONS)

Migration = Callable[["Collections", str | None], Awaitable[str | None]]
"""Does a piece of the work behind a place, and returns the next place; None when there is nothing left."""

_LEASE = timedelta(minutes=2)
_RETIRED_FOR = timedelta(days=1)
"""So long an index of another release is kept that may still run."""
_EVERY = 600.0
# Written in transactions, and without an index that would make them. A transaction on several shards makes no collection.
_MADE_FIRST = ("charges", "usage")
_NAMESPACE_EXISTS = 48
_INDEX_OPTIONS_CONFLICT = 85
_INDEX_KEY_SPECS_CONFLICT = 86


class Schema:
    """Brings the store to this release's schema, beside the work. Several processes may do so at once.

    Guarantee: nothing waits for it. Until an index is there, what would use it takes longer; until a migration is done,
    entries of both kinds are there. Each step may be repeated, and what is interrupted goes on where it was.
    """

    def __init__(
        self,
        collections: "Collections",
        *,
        indexes: Sequence[Index] = INDEXES,
        migrations: Mapping[int, Migration] = MIGRATIONS,
        version: int = VERSION,
    ) -> None:
        self._collections = collections
        self._entries = collections.schema
        self._indexes = indexes
        self._migrations = migrations
        self._version = version

    async def begin(self) -> None:
        """Make everything in a store that is empty; in another one do nothing that takes time."""
        if await self._collections.documents.find_one({}, {"_id": 1}) is None:
            try:
                await self.create_indexes()
            except OperationFailure as error:
                # Left to `keep`, which says what is wrong as often as it is so.
                logger.warning("the indexes are not complete yet: %s", error)

    async def keep(self) -> None:
        """Bring the store up to date, and drop what no release wants any more, until cancelled."""
        backoff = Backoff(logger, "bringing the store to this release's schema")
        while True:
            try:
                with translated():
                    await self.update()
            except UnavailableError as error:
                await backoff.wait(error)
                continue
            backoff.succeeded()
            await asyncio.sleep(_EVERY)

    async def update(self) -> None:
        """Do once what is to be done."""
        known = await self._entries.find_one_and_update(
            {"_id": "schema"}, {"$max": {"version": self._version}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        await self.create_indexes()
        for number in sorted(self._migrations):
            await self._migrate(number)
        if known is not None and known["version"] == self._version:
            await self._retire()

    async def create_indexes(self) -> None:
        """Create what is not there, one after the other; MongoDB lets everybody read and write meanwhile."""
        await self._create_collections()
        for collection in sorted({index.collection for index in self._indexes}):
            found = await self._described(collection)
            for index in self._indexes:
                if index.collection == collection and not any(index.is_as(one) for one in found):
                    await self._create(index)

    async def _create_collections(self) -> None:
        database = self._collections.database
        for name in sorted({*_MADE_FIRST} - {*await database.list_collection_names()}):
            try:
                await database.create_collection(name, check_exists=False)
            except OperationFailure as error:
                # Another process was there first.
                if error.code != _NAMESPACE_EXISTS:
                    raise

    async def _create(self, index: Index) -> None:
        collection = self._collections.database[index.collection]
        try:
            await collection.create_index(list(index.key), name=index.name, **index.options)
        except OperationFailure as error:
            if error.code not in (_INDEX_OPTIONS_CONFLICT, _INDEX_KEY_SPECS_CONFLICT):
                raise
            # MongoDB has only one such index, whatever its options are: that of the other release has to go first.
            for one in await self._described(index.collection):
                if one["name"] != "_id_" and (index.is_older(one["name"]) or one["name"] == index.name):
                    await self._drop(index.collection, one["name"])
            await collection.create_index(list(index.key), name=index.name, **index.options)
        logger.info("made the index %s of %s", index.name, index.collection)

    async def _described(self, collection: str) -> list[Entry]:
        return [dict(one) async for one in await driver.settled(self._collections.database[collection].list_indexes())]

    async def _migrate(self, number: int) -> None:
        name, migration = f"migration/{number}", self._migrations[number]
        while True:
            now = datetime.now(UTC)
            free = {"_id": name, "done": None, "$or": [{"until": None}, {"until": {"$lt": now}}]}
            try:
                held = await self._entries.find_one_and_update(
                    free, {"$set": {"until": now + _LEASE}}, upsert=True, return_document=ReturnDocument.AFTER
                )
            except DuplicateKeyError:
                # It is done, or another process is at it.
                return
            assert held is not None, "an upsert gives what is there after it"
            place = await migration(self._collections, held.get("place"))
            change: Entry = {"place": place} if place is not None else {"done": datetime.now(UTC)}
            await self._entries.update_one({"_id": name}, {"$set": change, "$unset": {"until": ""}})
            if place is None:
                logger.info("migration %d of the store is done", number)
                return

    async def _retire(self) -> None:
        """Drop indexes of other releases that were seen long enough ago."""
        now = datetime.now(UTC)
        for collection in sorted({index.collection for index in self._indexes}):
            wanted = [index for index in self._indexes if index.collection == collection]
            for one in await self._described(collection):
                name = one["name"]
                gone = any(index.is_older(name) for index in wanted) or name in GONE.get(collection, ())
                if not gone or any(index.is_as(one) for index in wanted):
                    continue
                entry = await self._entries.find_one_and_update(
                    {"_id": f"retired/{collection}/{name}"},
                    {"$min": {"since": now}},
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
                if entry is not None and entry["since"] < now - _RETIRED_FOR:
                    await self._drop(collection, name)
                    await self._entries.delete_one({"_id": entry["_id"]})

    async def _drop(self, collection: str, name: str) -> None:
        await self._collections.database[collection].drop_index(name)
        logger.info("dropped the index %s of %s, which no release uses any more", name, collection)
