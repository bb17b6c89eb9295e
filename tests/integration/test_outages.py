"""What MongoDB itself answers while it cannot work, and what the store makes of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from embedded.mongodb import MongoDB
from pipeline.errors import UnavailableError
from pipeline.settings import StoreSettings
from store.collections import Collections, connect
from tests.integration.storing import part, text, write


@pytest.fixture(scope="module")
async def faulty(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Address of a MongoDB that can be told to fail."""
    folder = tmp_path_factory.mktemp("faulty")
    mongodb = MongoDB(folder / "mongodb", folder / "logs", set())
    child = mongodb.prepare()
    child._command = [*child._command, "--setParameter", "enableTestCommands=1"]
    running = asyncio.create_task(child.run(lambda: None))
    try:
        await mongodb.initiate()
        yield mongodb.uri
    finally:
        await child.stop(10)
        await running


async def fail(collections: Collections, **fault: Any) -> None:
    """Let the next command of a kind fail."""
    await collections.client.admin.command(
        {"configureFailPoint": "failCommand", "mode": {"times": 1}, "data": {"failCommands": ["update"], **fault}}
    )


# None of these is one that the driver itself tries again.
@pytest.mark.parametrize("code", [133, 46, 134, 175, 202, 246, 290, 365, 384, 462, 8000])
async def test_an_answer_that_passes_is_an_outage_and_the_work_is_done_again(faulty: str, code: int) -> None:
    collections = await connect(StoreSettings(mongodb=faulty, database=f"outage{code}", start_timeout=20))
    try:
        events = part(0, "eins zwei", last=True)
        for fault in ({"errorCode": code}, {"writeConcernError": {"code": code, "errmsg": "no"}}):
            await fail(collections, **fault)
            with pytest.raises(UnavailableError):
                await write(collections, events)
            await write(collections, events)
        assert await text(collections) == "EINS ZWEI"
    finally:
        await collections.close()


async def test_a_server_that_answers_is_not_said_to_be_silent(faulty: str) -> None:
    settings = StoreSettings(mongodb=faulty, database="refused", start_timeout=1)
    collections = await connect(settings)
    admin = collections.client.admin
    fault = {"failCommands": ["find"], "errorCode": 365, "namespace": "refused.documents"}
    await admin.command({"configureFailPoint": "failCommand", "mode": "alwaysOn", "data": fault})
    try:
        with pytest.raises(UnavailableError, match="refuses the work"):
            await connect(settings)
    finally:
        await admin.command({"configureFailPoint": "failCommand", "mode": "off"})
        await collections.close()
