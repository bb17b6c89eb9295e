"""The collections, and how to reach them."""

import asyncio
import logging
from typing import TYPE_CHECKING, Self

from pymongo.errors import OperationFailure, PyMongoError

from pipeline.backoff import describe, wait_for
from pipeline.errors import SetupError, UnavailableError
from pipeline.settings import StoreSettings
from store import driver
from store.schema import Schema
from store.transactions import Transactions

if TYPE_CHECKING:
    from store.driver import Client, Collection, Entry

logger = logging.getLogger(__name__)

UNDER_WAY = ["receiving", "translating"]
"""States of documents that are still worked on."""


def part_id(document: str, part: int) -> str:
    """Return the id of a part; ids of a document sort as its parts do."""
    return f"{document}/{part:07d}"


class Collections:
    """An open connection with the collections."""

    def __init__(self, client: "Client[Entry]", database: str) -> None:
        self.client = client
        self.transactions = Transactions(client)
        self.database = client[database]
        self.schema: Collection = client[database]["schema"]
        self.documents: Collection = client[database]["documents"]
        self.parts: Collection = client[database]["parts"]
        self.parts_snapshot: Collection = driver.snapshot_of(self.parts)
        self.dead_letters: Collection = client[database]["dead_letters"]
        self.keys: Collection = client[database]["keys"]
        self.usage: Collection = client[database]["usage"]
        self.charges: Collection = client[database]["charges"]
        self.rotations: Collection = client[database]["rotations"]
        self.rates: Collection = client[database]["rates"]
        self.batches: Collection = client[database]["batches"]
        self.search: Collection = client[database]["search"]
        self.glossaries: Collection = client[database]["glossaries"]
        self.memory: Collection = client[database]["memory"]
        # As GridFS names them.
        self.files: Collection = client[database]["files.files"]
        self.chunks: Collection = client[database]["files.chunks"]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection."""
        await driver.close(self.client)


def open_collections(settings: StoreSettings) -> Collections:
    """Return a connection that is made when it is first used, for who goes on without MongoDB. Raises `SetupError`."""
    return Collections(driver.open_client(settings), settings.database)


async def connect(settings: StoreSettings, stop: asyncio.Event | None = None) -> Collections:
    """Connect, and make the indexes if the store is new; services keep an older one up to date with `store.schema`.

    Raises `SetupError` for a connection string that cannot be used, `UnavailableError` if MongoDB does not answer in time
    or refuses the work, `StoppedError` when `stop` is set meanwhile.
    """
    collections = open_collections(settings)
    hosts = settings.mongodb.partition("://")[2].rpartition("@")[2].partition("/")[0]

    async def attempt() -> None:
        try:
            await Schema(collections).begin()
        except PyMongoError as error:
            if (reason := driver.refusal(collections.client, error)) is not None:
                raise SetupError(f"MongoDB at {hosts} {reason}") from None
            raise

    try:
        await wait_for(
            attempt,
            server="MongoDB",
            address=hosts,
            patience=settings.start_timeout,
            errors=(PyMongoError,),
            logger=logger,
            stop=stop,
        )
    except BaseException as error:
        await collections.close()
        if isinstance(error, UnavailableError) and isinstance(reason := error.__cause__, OperationFailure):
            raise UnavailableError("MongoDB", hosts, describe(reason), answers=True) from reason
        raise
    return collections
