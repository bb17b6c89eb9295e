"""Several writes that count together or not at all."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import TypeVar
from weakref import WeakValueDictionary

from pymongo.errors import ConnectionFailure, PyMongoError

from pipeline.errors import UnavailableError
from store import driver
from store.driver import Client, Entry, Session

T = TypeVar("T")

_PATIENCE = 30.0
"""Seconds after which a transaction that always meets others is given up."""


class Transactions:
    """Runs transactions; those of one process that write the same entry wait for each other instead of colliding."""

    def __init__(self, client: "Client[Entry]") -> None:
        self._client = client
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def run(self, entry: str, work: Callable[[Session], Awaitable[T]]) -> T:
        """Run `work` in a transaction and commit it; what it raises undoes it.

        `entry` names what it writes that others write too. `work` runs again when another process has written the same
        meanwhile. The driver's own loop would also try for two minutes while MongoDB is away, which is longer than a
        request should wait.
        """
        turn = self._turns.setdefault(entry, asyncio.Lock())
        async with turn, driver.session(self._client) as session:
            loop = asyncio.get_running_loop()
            deadline = loop.time() + _PATIENCE
            while True:
                try:
                    async with driver.transaction(session):
                        return await work(session)
                except (PyMongoError, UnavailableError) as error:
                    # What takes part in the work may have said it in the words of the pipeline already.
                    cause = error if isinstance(error, PyMongoError) else error.__cause__
                    conflict = (
                        isinstance(cause, PyMongoError)
                        and cause.has_error_label("TransientTransactionError")
                        and not isinstance(cause, ConnectionFailure)
                    )
                    if not conflict or loop.time() > deadline:
                        raise
                # A few milliseconds, as long as the other one takes; not the same for all, or they meet again.
                await asyncio.sleep(secrets.randbelow(16) / 1000)
