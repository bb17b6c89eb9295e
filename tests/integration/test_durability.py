"""What MongoDB has acknowledged is there after its death."""

import asyncio
import os
import signal
from pathlib import Path

from pymongo.errors import PyMongoError

from embedded.mongodb import MongoDB
from pipeline.settings import StoreSettings
from store.collections import Collections, connect
from tests.integration.storing import part, write
from tests.waiting import eventually

_DEATHS = 3
_DOCUMENTS = 20


async def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    mongodb = MongoDB(tmp_path / "mongodb", tmp_path / "logs", set())
    child = mongodb.prepare()
    running = asyncio.create_task(child.run(lambda: None))
    try:
        await mongodb.initiate()
        collections = await connect(StoreSettings(mongodb=mongodb.uri, start_timeout=30))
        try:
            for death in range(1, _DEATHS + 1):
                for number in range(_DOCUMENTS):
                    await write(collections, part(0, "eins zwei", last=True, document=f"d{death}-{number}"))
                assert child.pid is not None
                os.kill(child.pid, signal.SIGKILL)
                assert await done(collections, death) == death * _DOCUMENTS
        finally:
            await collections.close()
    finally:
        await child.stop(10)
        await running


async def done(collections: Collections, death: int) -> int:
    """Return how many documents are done, once MongoDB is a primary again."""

    async def count() -> list[int] | None:
        try:
            # It takes no writes before it has read its journal.
            await collections.dead_letters.replace_one({"_id": death}, {}, upsert=True)
            return [await collections.documents.count_documents({"state": "done"})]
        except PyMongoError:
            return None

    return (await eventually(count, within=60, what="MongoDB's return"))[0]
