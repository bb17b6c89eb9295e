"""Makes a single MongoDB node a replica set, and the user of the services: python -m store.replica_set.

For one node that was started with `--replSet satzstrom`, as the compose file and the embedded pipeline do; a cluster of
several nodes is set up by whoever runs it.
"""

import asyncio
import logging
import time
from pathlib import Path
from typing import Any

from pydantic import Field
from pymongo.errors import ConfigurationError, InvalidURI, OperationFailure, PyMongoError
from pymongo.uri_parser import parse_uri

from pipeline import service
from pipeline.errors import SetupError, UnavailableError
from pipeline.settings import StoreSettings, read_secret
from store import driver
from store.driver import BlockingClient, login, unusable

logger = logging.getLogger(__name__)

REPLICA_SET = "satzstrom"
_NOT_YET_INITIALIZED = 94
_INVALID_REPLICA_SET_CONFIG = 93
_AUTHENTICATION_FAILED = 18
_USER_EXISTS = 51003


class ReplicaSetSettings(StoreSettings):
    """Settings of the initiation."""

    mongodb_member: str = Field("", description="The node's name in the set, host:port; default: as in the connection.")
    mongodb_services_user: str = Field(
        "", description="User to be made for the services, who may use the database only."
    )
    mongodb_services_password_file: Path | None = Field(None, description="File with that user's password.")


def initiate(uri: str, *, member: str, patience: float, **credentials: Any) -> None:
    """Make the node at `uri` the primary of a replica set of its own, in which it is called `member`.

    Repeating it changes nothing; after a change of the member's name the set takes the new one.

    Raises `UnavailableError` when that has not worked after `patience` seconds, `SetupError` if the password is wrong.
    """
    deadline = time.monotonic() + patience
    reason = ""
    with driver.open_blocking_client(uri, directConnection=True, serverSelectionTimeoutMS=500, **credentials) as client:
        while time.monotonic() < deadline:
            try:
                if _is_primary(client, member):
                    return
                reason = "it is not the primary yet"
            except OperationFailure as error:
                if error.code == _AUTHENTICATION_FAILED:
                    raise SetupError(f"MongoDB at {member} refuses the user or the password") from None
                reason = str(error)
            except PyMongoError as error:
                reason = str(error)
            time.sleep(0.1)
    raise UnavailableError("MongoDB", member, reason)


def _is_primary(client: BlockingClient, member: str) -> bool:
    """Whether the node takes writes; if not, do what it still needs for that."""
    if client.admin.command("hello").get("isWritablePrimary"):
        return True
    members = [{"_id": 0, "host": member}]
    try:
        client.admin.command("replSetGetConfig")
    except OperationFailure as error:
        if error.code == _NOT_YET_INITIALIZED:
            client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
        elif error.code != _INVALID_REPLICA_SET_CONFIG:
            raise
    # After a start on another port the set names a node that is not this one.
    config = client.local["system.replset"].find_one()
    if config is not None and config["members"][0]["host"] != member:
        config |= {"members": members, "version": config["version"] + 1}
        client.admin.command("replSetReconfig", config, force=True)
    return False


def let_in(uri: str, user: str, password: str, database: str, /, **credentials: Any) -> None:
    """Make a user who may read and write one database and nothing else; one that is there gets this password.

    Repeating it changes nothing. Raises `SetupError` when the one who asks for it may not.
    """
    roles = [{"role": "readWrite", "db": database}]
    with driver.open_blocking_client(uri, directConnection=True, **credentials) as client:
        try:
            try:
                client.admin.command("createUser", user, pwd=password, roles=roles)
            except OperationFailure as error:
                if error.code != _USER_EXISTS:
                    raise
                client.admin.command("updateUser", user, pwd=password, roles=roles)
        except OperationFailure as error:
            raise SetupError(
                f"MongoDB does not let {credentials.get('username')} make the user {user}: {error}"
            ) from None


async def run(settings: ReplicaSetSettings, stop: asyncio.Event) -> None:
    """Initiate the set named in the settings."""
    del stop
    try:
        parsed = parse_uri(settings.mongodb)
    except (ConfigurationError, InvalidURI, ValueError, OSError) as error:
        raise unusable(settings.mongodb, error) from None
    host, port = parsed["nodelist"][0]
    uri = f"mongodb://{host}:{port}"
    # Neither the set, which is not there yet, nor how its members are found.
    kept = {name: value for name, value in parsed["options"].items() if name.lower().startswith(("tls", "auth"))}
    member = settings.mongodb_member or f"{host}:{port}"
    kept |= login(settings)
    await asyncio.to_thread(initiate, uri, member=member, patience=settings.start_timeout, **kept)
    logger.info("%s is the primary of %s", member, REPLICA_SET)
    if user := settings.mongodb_services_user:
        if settings.mongodb_services_password_file is None:
            raise SetupError(f"name the file with the password of {user} in SATZSTROM_MONGODB_SERVICES_PASSWORD_FILE")
        password = read_secret(settings.mongodb_services_password_file, "SATZSTROM_MONGODB_SERVICES_PASSWORD_FILE")
        await asyncio.to_thread(let_in, uri, user, password, settings.database, **kept)
        logger.info("%s may use the database %s", user, settings.database)


if __name__ == "__main__":
    service.main("replica-set", ReplicaSetSettings, run)
