"""Deletions that are interrupted, and what is left of the documents."""

import asyncio
import random
import signal
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from embedded.chaos.documents import FAILS, Document
from embedded.chaos.fault import Fault, Ledger, Target
from embedded.chaos.servers import Server
from embedded.chaos.workload import submit
from pipeline.settings import StoreSettings
from satzstrom import Client, RefusedError, UnavailableError
from store.collections import Collections, connect

_SENTENCES = 200
# The API looks every half a minute for deletions that broke off, and needs Kafka and MongoDB for what it finds.
_FINISHED_WITHIN = 90.0


class InterruptedDeletions:
    """Deletes documents that are under way or done, and kills who works on that."""

    def __init__(self, target: Target, chance: random.Random, ledger: Ledger, mongodb: Server) -> None:
        self._target = target
        self._struck = [Server("api", lambda: "api"), mongodb, Server("sink", lambda: "sink")]
        self._chance = chance
        self._ledger = ledger

    def kinds(self) -> list[Fault]:
        """Return a kind for each process that has to do with deletions."""
        return [Fault(f"kill -9 {one.label} during deletions", self._interrupt(one), 2) for one in self._struck]

    def _interrupt(self, struck: Server) -> Callable[[], None]:
        def strike() -> None:
            """Begin deletions, kill, and never ask again: what was begun has to be finished by whoever comes after."""
            documents = [self._begun(number) for number in range(4)]
            self._ledger.deleted += documents
            # Some are under way then, some done, some not even cut into sentences.
            time.sleep(self._chance.uniform(0, 2))
            name = struck.find()
            deleting = [threading.Thread(target=self._delete, args=(document.id,)) for document in documents]
            for thread in deleting:
                thread.start()
            # A deletion takes a few milliseconds for each of its steps, and more where cores are short.
            time.sleep(self._chance.uniform(0, 0.2))
            self._target.signal(signal.SIGKILL, [name])
            for thread in deleting:
                thread.join()

        return strike

    def _begun(self, number: int) -> Document:
        name = f"deleted-{len(self._ledger.deleted) + number}"
        document = Document(name, _SENTENCES, {3: FAILS} if number % 2 else {})
        with Client(self._target.running().api, timeout=10) as client:
            submit(client, document)
        return document

    def _delete(self, document: str) -> None:
        # That it is broken off is what is wanted. What is not there any more, is deleted.
        with suppress(UnavailableError, RefusedError), Client(self._target.running().api, timeout=10) as client:
            client.delete(document)


def find_undeleted(mongodb: str, deleted: Iterable[Document], problems: list[str]) -> list[Document]:
    """Return which documents are there as if nobody had begun to delete them; of all others nothing may be left.

    Waits for deletions to be finished that are known as begun.
    """
    return asyncio.run(_find_undeleted(StoreSettings(mongodb=mongodb), list(deleted), problems))


async def _find_undeleted(settings: StoreSettings, deleted: list[Document], problems: list[str]) -> list[Document]:
    there = []
    deadline = time.monotonic() + _FINISHED_WITHIN
    async with await connect(settings) as collections:
        for document in deleted:
            while True:
                entry = await collections.documents.find_one({"_id": document.id})
                if entry is not None and entry["state"] != "deleted":
                    there.append(document)
                    break
                left = await _left(collections, document.id)
                if not left and (entry is None or entry.get("cleared")):
                    break
                if time.monotonic() > deadline:
                    problems.append(f"document {document.id} was deleted, but there are {left or 'no end of it'}")
                    break
                await asyncio.sleep(0.5)
    return there


async def _left(collections: Collections, document: str) -> dict[str, int]:
    """Return how much is left of a document, by where."""
    of = {"document": document}
    found = {
        "parts": await collections.parts.count_documents(of),
        "charges": await collections.charges.count_documents({"_id": {"$gte": f"{document}/", "$lt": f"{document}0"}}),
        "entries of the search": await collections.search.count_documents(of),
        "dead letters": await collections.dead_letters.count_documents(of),
    }
    return {place: count for place, count in found.items() if count}
