"""Makes MongoDB write what it has in memory."""

from typing import Any

from pymongo import MongoClient

from store.failures import translated


def write_checkpoint(uri: str) -> None:
    """Return when everything is in MongoDB's files, which it does by itself once a minute. Raises `UnavailableError`.

    A full disk is met here; MongoDB ends then.
    """
    client: MongoClient[dict[str, Any]]
    with MongoClient(uri, serverSelectionTimeoutMS=2000) as client, translated():
        client.admin.command("fsync")
