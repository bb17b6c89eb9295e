"""Makes MongoDB write what it has in memory."""

from store import driver
from store.failures import translated


def write_checkpoint(uri: str) -> None:
    """Return when everything is in MongoDB's files, which it does by itself once a minute. Raises `UnavailableError`.

    A full disk is met here; MongoDB ends then.
    """
    with driver.open_blocking_client(uri, serverSelectionTimeoutMS=2000) as client, translated():
        client.admin.command("fsync")
