"""A backup taken while documents are under way, and restored elsewhere: to another database and other topics."""

import asyncio
from pathlib import Path

import pytest

from pipeline.create_topics import create
from pipeline.errors import InputError
from pipeline.kafka import KafkaClients
from pipeline.settings import StoreSettings
from pipeline.topics import Topics
from store.backups import backup, restore
from tests.integration.flow import run_flow
from tests.waiting import eventually

BOOK = "".join(f"Das ist der Satz Nummer {number}.{' ' if number % 7 else chr(10) * 2}" for number in range(4000))


def elsewhere(settings: StoreSettings) -> StoreSettings:
    name = settings.database + "new"
    return settings.model_copy(update={"database": name, "topic_prefix": f"{name}."})


async def test_what_was_done_is_there_and_what_was_under_way_goes_on(settings: StoreSettings, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    async with run_flow(settings) as flow:
        await flow.http.post("/v1/documents", json={"id": "done", "text": "Fertig. Schon lange."})
        assert await flow.text("done") == b"Fertig. Schon lange."
    # Nobody translates: sentences wait. Nobody segments: a document waits on its topic.
    async with run_flow(settings, ("segmenter", "sink", "api")) as flow:
        await flow.http.post("/v1/documents?id=book", content=BOOK.encode(), headers={"Content-Type": "text/plain"})

        async def stored() -> bool:
            answer = (await flow.http.get("/v1/documents/book")).json()
            return bool(answer["state"] == "translating")

        await eventually(stored, within=30, what="all parts in the store")
    async with run_flow(settings, ("sink", "api")) as flow:
        await flow.http.post("/v1/documents", json={"id": "early", "text": "Das kam gerade noch. Danke."})
        about = await backup(settings, file)
        assert file.stat().st_mode & 0o777 == 0o600
        await flow.http.post("/v1/documents", json={"id": "late", "text": "Zu spät."})
    there = elsewhere(settings)
    await create(KafkaClients.of(there), Topics(there.topic_prefix))
    assert await restore(there, file) == about
    async with run_flow(there, api={"stalled_after": 1}) as flow:
        assert await flow.text("done") == b"Fertig. Schon lange."
        assert await flow.text("early") == b"Das kam gerade noch. Danke."
        assert await flow.text("book") == BOOK.encode()
        assert (await flow.http.get("/v1/documents/late")).status_code == 404


async def test_nothing_is_restored_over_documents_that_are_there(settings: StoreSettings, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    async with run_flow(settings) as flow:
        await flow.http.post("/v1/documents", json={"id": "one", "text": "Bleibt."})
        await flow.text("one")
        await backup(settings, file)
        with pytest.raises(InputError, match="is there already"):
            await backup(settings, file)
        with pytest.raises(InputError, match="has documents; restore into an empty one"):
            await restore(settings, file)
        assert await flow.text("one") == b"Bleibt."


async def test_a_file_that_is_no_backup_is_refused(settings: StoreSettings, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    await asyncio.to_thread(file.write_text, "Kein Archiv.")
    with pytest.raises(InputError, match="is no backup"):
        await restore(settings, file)
    with pytest.raises(InputError, match="is no backup"):
        await restore(settings, tmp_path / "missing")
