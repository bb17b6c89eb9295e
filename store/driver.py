"""The driver of MongoDB: the one module that knows which one it is.

The line below decides: PyMongo's own asynchronous client, or motor (`from motor.motor_asyncio import AsyncIOMotorClient as
Client`), whose calls are the same but for those that have a function here.
"""

import inspect
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from pymongo import AsyncMongoClient as Client
from pymongo import MongoClient
from pymongo.asynchronous.client_session import AsyncClientSession as Session
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import ConfigurationError, InvalidURI, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern

from pipeline.errors import SetupError
from pipeline.settings import StoreSettings, read_secret

# https://www.mongodb.com/docs/manual/reference/error-codes: UserNotFound, AuthenticationFailed; 8000 is Atlas's.
_LOGIN_REFUSED = (11, 18, 8000)
_NOT_ALLOWED = 13

Entry = dict[str, Any]
Collection = AsyncCollection[Entry]
BlockingClient = MongoClient[Entry]
"""For what is done once, in a program that waits for it."""

ALL_AT_ONCE = 100_000
"""Size of a batch for what is read as a whole: more than is asked for in one go. MongoDB bounds it by its bytes as well."""

__all__ = ["ALL_AT_ONCE", "BlockingClient", "Client", "Collection", "Entry", "Session"]


def login(settings: StoreSettings) -> dict[str, Any]:
    """Return the options with which a client logs in; none without a user. Raises `SetupError`."""
    if not settings.mongodb_user:
        return {}
    path = settings.mongodb_password_file
    if path is None:
        raise SetupError("SATZSTROM_MONGODB_USER is set; name its password's file in SATZSTROM_MONGODB_PASSWORD_FILE")
    return {"username": settings.mongodb_user, "password": read_secret(path, "SATZSTROM_MONGODB_PASSWORD_FILE")}


def open_client(settings: StoreSettings) -> "Client[Entry]":
    """Return a client; it connects when it is first used. Raises `SetupError` for settings that cannot be used."""
    try:
        return Client(
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


def refusal(client: "Client[Entry]", error: PyMongoError) -> str | None:
    """Return why MongoDB will never let this client in; None if it only is away."""
    # Who waits for a server that is suited hears of the waiting alone; the reason is with the server.
    servers: dict[Any, Any] = client.topology_description.server_descriptions()
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


def open_blocking_client(uri: str, **options: Any) -> BlockingClient:
    """Return a client whose calls wait; close it with `with`."""
    return MongoClient(uri, **options)


async def close(client: "Client[Entry]") -> None:
    """Close all connections of a client."""
    await settled(client.close())


def snapshot_of(collection: Collection) -> Collection:
    """Return a collection as it is at one moment for each query, of what a majority has."""
    return collection.with_options(read_concern=ReadConcern("snapshot"))


async def aggregate(collection: Collection, pipeline: Sequence[Entry], **options: Any) -> list[Entry]:
    """Return all that a pipeline gives."""
    options.setdefault("batchSize", ALL_AT_ONCE)
    found: list[Entry] = await (await settled(collection.aggregate(pipeline, **options))).to_list(None)
    return found


@asynccontextmanager
async def session(client: "Client[Entry]") -> AsyncIterator[Session]:
    """Open a session for as long as it is needed."""
    async with await settled(client.start_session()) as opened:
        yield opened


@asynccontextmanager
async def transaction(opened: Session) -> AsyncIterator[None]:
    """Commit what is done meanwhile in a session; what is raised undoes it."""
    async with await settled(opened.start_transaction()):
        yield


async def settled(made: Any) -> Any:
    """Return what a call of the driver gives, whether that has to be waited for or not."""
    return await made if inspect.isawaitable(made) else made
