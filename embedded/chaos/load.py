"""Servers that are killed while they have as much to do as they can."""

import random
import signal
import threading
import time
from collections.abc import Sequence
from functools import partial

from embedded.chaos.documents import Document
from embedded.chaos.fault import Fault, Ledger, Target
from embedded.chaos.servers import Server
from embedded.chaos.workload import submit
from satzstrom import Client

# A book has about so many sentences. They come faster than they are translated.
_SENTENCES = 5000
_FEWER_SENTENCES = 2000
_BOOKS = 3
# Seconds under load before a server is killed, and until it is killed again.
_UNDER_LOAD = (2.0, 8.0)
_AGAIN_AFTER = (0.2, 6.0)


class LoadFaults:
    """Sends books, and kills servers twice in a row while they are written and read; `short`: smaller books."""

    def __init__(
        self, target: Target, chance: random.Random, ledger: Ledger, servers: Sequence[Server], *, short: bool
    ) -> None:
        self._target = target
        self._servers = servers
        self._chance = chance
        self._ledger = ledger
        self._sentences = _FEWER_SENTENCES if short else _SENTENCES

    def kinds(self) -> list[Fault]:
        """Return a kind for each server."""
        return [
            Fault(f"kill -9 {one.label} twice under full load", partial(self._strike, one)) for one in self._servers
        ]

    def _strike(self, server: Server) -> None:
        first = len(self._ledger.documents)
        books = [Document(f"book-{first + number}", self._sentences) for number in range(_BOOKS)]
        self._ledger.documents += books
        sending = [threading.Thread(target=self._send, args=(book,)) for book in books]
        for thread in sending:
            thread.start()
        for seconds in (_UNDER_LOAD, _AGAIN_AFTER):
            time.sleep(self._chance.uniform(*seconds))
            self._target.end(signal.SIGKILL, server.find())
        for thread in sending:
            thread.join()

    def _send(self, book: Document) -> None:
        with Client(self._target.running().api, timeout=20) as client:
            submit(client, book)
