"""The collections, and how to reach them."""

import asyncio
import logging
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection
from pymongo.errors import ConfigurationError, InvalidURI, OperationFailure, PyMongoError

from pipeline.backoff import wait_for
from pipeline.errors import SetupError
from pipeline.settings import StoreSettings, read_secret
from store.transactions import Transactions

logger = logging.getLogger(__name__)

Entry = dict[str, Any]

# https://www.mongodb.com/docs/manual/reference/error-codes: UserNotFound, AuthenticationFailed; 8000 is Atlas's.
_LOGIN_REFUSED = (11, 18, 8000)
_NOT_ALLOWED = 13

UNDER_WAY = ["receiving", "translating"]
"""States of documents that are still worked on."""


def part_id(document: str, part: int) -> str:
    """Return the id of a part; ids of a document sort as its parts do."""
    return f"{document}/{part:07d}"


class Collections:
    """An open connection with the collections."""

    def __init__(self, client: "AsyncIOMotorClient[Entry]", database: str) -> None:
        self.client = client
        self.transactions = Transactions(client)
        self.documents: AsyncIOMotorCollection[Entry] = client[database]["documents"]
        self.parts: AsyncIOMotorCollection[Entry] = client[database]["parts"]
        self.dead_letters: AsyncIOMotorCollection[Entry] = client[database]["dead_letters"]
        self.keys: AsyncIOMotorCollection[Entry] = client[database]["keys"]
        self.usage: AsyncIOMotorCollection[Entry] = client[database]["usage"]
        self.charges: AsyncIOMotorCollection[Entry] = client[database]["charges"]
        self.rotations: AsyncIOMotorCollection[Entry] = client[database]["rotations"]
        self.rates: AsyncIOMotorCollection[Entry] = client[database]["rates"]
        self.batches: AsyncIOMotorCollection[Entry] = client[database]["batches"]
        self.search: AsyncIOMotorCollection[Entry] = client[database]["search"]
        self.glossaries: AsyncIOMotorCollection[Entry] = client[database]["glossaries"]

    def close(self) -> None:
        """Close the connection."""
        self.client.close()


def login(settings: StoreSettings) -> dict[str, Any]:
    """Return the options with which a client logs in; none without a user. Raises `SetupError`."""
    if not settings.mongodb_user:
        return {}
    path = settings.mongodb_password_file
    if path is None:
        raise SetupError("SATZSTROM_MONGODB_USER is set; name its password's file in SATZSTROM_MONGODB_PASSWORD_FILE")
    return {"username": settings.mongodb_user, "password": read_secret(path, "SATZSTROM_MONGODB_PASSWORD_FILE")}


async def connect(settings: StoreSettings, stop: asyncio.Event | None = None) -> Collections:
    """Connect and make the indexes.

    Raises `SetupError` for a connection string that cannot be used, `UnavailableError` if MongoDB does not answer in time,
    `StoppedError` when `stop` is set meanwhile.
    """
    try:
        client: AsyncIOMotorClient[Entry] = AsyncIOMotorClient(
            settings.mongodb,
            serverSelectionTimeoutMS=2000,
            tz_aware=True,
            appname="satzstrom",
            # Acknowledged by a majority and in its journal: with less, kill -9 loses what was acknowledged.
            w="majority",
            journal=True,
            **login(settings),
        )
    except (ConfigurationError, InvalidURI, ValueError, OSError) as error:
        raise unusable(settings.mongodb, error) from None
    collections = Collections(client, settings.database)

    hosts = settings.mongodb.partition("://")[2].rpartition("@")[2].partition("/")[0]

    async def attempt() -> None:
        try:
            await _create_indexes(collections)
        except PyMongoError as error:
            if (refusal := _refusal(client, error)) is not None:
                collections.close()
                raise SetupError(f"MongoDB at {hosts} {refusal}") from None
            raise

    await wait_for(
        attempt,
        server="MongoDB",
        address=hosts,
        patience=settings.start_timeout,
        errors=(PyMongoError,),
        logger=logger,
        stop=stop,
    )
    return collections


def unusable(connection: str, error: Exception) -> SetupError:
    """Return what to raise for a connection string that cannot be used; it shows nothing that may be secret."""
    # pymongo's words quote from the string.
    if "@" in connection or "password" in connection.lower():
        return SetupError(
            f"SATZSTROM_MONGODB: not a connection string that can be used ({type(error).__name__}); in names and passwords, "
            "characters such as / : @ % have to be written as %2F and so on; better: leave both out, and set "
            "SATZSTROM_MONGODB_USER and SATZSTROM_MONGODB_PASSWORD_FILE"
        )
    return SetupError(f"SATZSTROM_MONGODB: {error}")


def _refusal(client: "AsyncIOMotorClient[Entry]", error: PyMongoError) -> str | None:
    """Return why MongoDB will never let this client in; None if it only is away."""
    # Who waits for a server that is suited hears of the waiting alone; the reason is with the server.
    # Its types say that this is a method; it is a property, as pymongo's.
    servers: dict[Any, Any] = client.topology_description.server_descriptions()  # type: ignore[attr-defined]
    problems = [error, *(server.error for server in servers.values())]
    for problem in problems:
        if isinstance(problem, OperationFailure) and problem.code in _LOGIN_REFUSED:
            return "refuses the login; see SATZSTROM_MONGODB_USER, SATZSTROM_MONGODB_PASSWORD_FILE and authSource"
        if isinstance(problem, OperationFailure) and problem.code == _NOT_ALLOWED:
            return (
                f"does not allow what is needed ({problem.details['errmsg'] if problem.details else problem}); "
                "see SATZSTROM_MONGODB_USER and the user's roles: readWrite on SATZSTROM_DATABASE"
            )
        if "CERTIFICATE_VERIFY_FAILED" in str(problem):
            return "has a certificate that is not trusted; see tlsCAFile and the name in SATZSTROM_MONGODB"
    return None


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
