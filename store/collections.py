"""The collections, and how to reach them."""

import asyncio
import logging
from typing import TYPE_CHECKING, Self

from pymongo.errors import PyMongoError

from pipeline.backoff import wait_for
from pipeline.errors import SetupError
from pipeline.settings import StoreSettings
from store import driver
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
        self.documents: Collection = client[database]["documents"]
        self.parts: Collection = client[database]["parts"]
        self.dead_letters: Collection = client[database]["dead_letters"]
        self.keys: Collection = client[database]["keys"]
        self.usage: Collection = client[database]["usage"]
        self.charges: Collection = client[database]["charges"]
        self.rotations: Collection = client[database]["rotations"]
        self.rates: Collection = client[database]["rates"]
        self.batches: Collection = client[database]["batches"]
        self.search: Collection = client[database]["search"]
        self.glossaries: Collection = client[database]["glossaries"]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection."""
        await driver.close(self.client)


async def connect(settings: StoreSettings, stop: asyncio.Event | None = None) -> Collections:
    """Connect and make the indexes.

    Raises `SetupError` for a connection string that cannot be used, `UnavailableError` if MongoDB does not answer in time,
    `StoppedError` when `stop` is set meanwhile.
    """
    collections = Collections(driver.open_client(settings), settings.database)
    hosts = settings.mongodb.partition("://")[2].rpartition("@")[2].partition("/")[0]

    async def attempt() -> None:
        try:
            await _create_indexes(collections)
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
    except BaseException:
        await collections.close()
        raise
    return collections


async def _create_indexes(collections: Collections) -> None:
    # Answers "is a part still open" at once, and sums a document's counts without reading its texts.
    counts = ("part", "characters", "total", "translated", "suspect", "failed", "model", "started")
    await collections.parts.create_index(
        [("document", 1), ("closed", 1), *((name, 1) for name in counts)], name="counts"
    )
    await collections.documents.create_index([("created", -1), ("_id", -1)], name="newest")
    await collections.documents.create_index([("state", 1), ("created", -1), ("_id", -1)], name="newest_by_state")
    # Only documents that were submitted with a key have an owner.
    owned = {"owner": {"$exists": True}}
    newest = [("created", -1), ("_id", -1)]
    await collections.documents.create_index(
        [("owner", 1), *newest], name="newest_of_owner", partialFilterExpression=owned
    )
    await collections.documents.create_index(
        [("owner", 1), ("state", 1), *newest], name="state_of_owner", partialFilterExpression=owned
    )
    await collections.keys.create_index("digest", unique=True, name="digest")
    # The orders that the list of documents has besides the newest, and what it can be filtered by.
    await collections.documents.create_index([("finished", -1), ("_id", -1)], name="finished")
    await collections.documents.create_index([("counts.characters", -1), ("_id", -1)], name="longest")
    await collections.documents.create_index([("metadata.$**", 1)], name="metadata")
    await collections.documents.create_index("unsearched.part", name="unsearched", sparse=True)
    # Words come folded and are compared as they are: stemming for one language would spoil all others.
    await collections.search.create_index([("words", "text")], name="words", default_language="none")
    await collections.search.create_index("document", name="by_document")
    await collections.batches.create_index("created", name="oldest")
    # Traces of deleted documents go when no event of theirs can come any more.
    await collections.documents.create_index("expires", expireAfterSeconds=0, name="expires", sparse=True)
    # In case that nothing ever tells that their records have gone through; as long as Kafka keeps those.
    await collections.documents.create_index("brief", expireAfterSeconds=7 * 24 * 3600, name="brief", sparse=True)
    # Deletions that are not complete; traces of an older release do not say whether they are.
    await collections.documents.create_index(
        "state", name="deletions", partialFilterExpression={"state": "deleted", "cleared": None}
    )
    # Callbacks that are due, by sender: those of one are found without looking at those of another.
    await collections.documents.create_index(
        [("owner", 1), ("callback.due", 1), ("callback.host", 1)],
        name="callbacks_of_owner",
        partialFilterExpression={"callback.due": {"$exists": True}},
    )
    await collections.documents.create_index(
        "created", name="unread", partialFilterExpression={"metadata.synchronous": True}
    )
    await collections.glossaries.create_index([("owner", 1), ("created", 1)], name="by_owner")
    await collections.dead_letters.create_index([("at", -1), ("_id", -1)], name="newest")
    await collections.dead_letters.create_index([("document", 1), ("at", -1)], name="by_document")
    # As long as Kafka keeps them on their topic.
    await collections.dead_letters.create_index("at", expireAfterSeconds=30 * 24 * 3600, name="expires")
