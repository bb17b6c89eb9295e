"""A note behind whatever else there is, with an engine that takes its time for each batch."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

import translator.__main__ as translator_main
from pipeline.events import DocumentPart, encode
from pipeline.lanes import URGENT_CHARACTERS
from pipeline.settings import StoreSettings
from store.accounts.keys import KeyStore, Limits
from store.collections import Collections
from tests.integration.flow import Flow, run_flow
from tests.integration.test_api import TEXT
from tests.speed import Stopwatch, slowness
from tests.waiting import eventually

BATCH_SECONDS = 0.1
NOTES = 20

SENTENCE = "Dies ist ein Satz aus einem Buch, das noch lange nicht zu Ende ist. "
LONG = "Dies ist ein Satz, der " + "sehr, " * 300 + "lang ist. "


@asynccontextmanager
async def slow_flow(settings: StoreSettings, **api: object) -> AsyncIterator[Flow]:
    """Run a pipeline whose translator takes `BATCH_SECONDS` for 16 sentences."""
    stop = asyncio.Event()
    own = translator_main.TranslatorSettings(
        **settings.model_dump(), engine="identity", threads=1, identity_batch_seconds=BATCH_SECONDS
    )
    async with run_flow(settings, ("segmenter", "sink", "api"), api=api) as flow:
        running = asyncio.create_task(translator_main.run(own, stop))
        try:
            yield flow
        finally:
            stop.set()
            await running


async def begun(flow: Flow) -> None:
    """Wait until something is translated."""

    async def check() -> bool:
        return await flow.count(flow.topics.translations) > 0

    await eventually(check, within=30, what="a translation")


def check_soon(took: list[float]) -> None:
    """Fail if more than one in twenty took over two seconds."""
    assert sorted(took)[len(took) * 95 // 100 - 1] <= 2.0 * slowness(time.monotonic), took


def _book(text: str, **fields: object) -> Callable[[], list[DocumentPart]]:
    return lambda: [DocumentPart(id="book", text=text, **fields)]  # type: ignore[arg-type]


STARVING: dict[str, Callable[[], list[DocumentPart]]] = {
    "a book": _book(SENTENCE * 3_000),
    "long sentences": lambda: [DocumentPart(id=f"long-{n}", text=LONG * 32) for n in range(10)],
    "a list that is one sentence": lambda: [
        DocumentPart(id=f"list-{n}", text="[" + "ein Wert,\n" * 5_000 + "noch einer]") for n in range(5)
    ],
    "books with priority high": lambda: [
        DocumentPart(id=f"high-{n}", text=SENTENCE * 800, priority="high", urgent=URGENT_CHARACTERS // 4)
        for n in range(3)
    ],
}


@pytest.mark.parametrize("kind", STARVING)
async def test_a_note_is_done_soon(settings: StoreSettings, kind: str) -> None:
    async with slow_flow(settings) as flow:
        for part in STARVING[kind]():
            await flow.put(encode(part), key=(part.id or "").encode())
        await flow.consumed(flow.topics.documents, "segmenter", within=60)
        await begun(flow)
        took = []
        for number in range(NOTES):
            watch = Stopwatch()
            await flow.put(encode(DocumentPart(id=f"note-{number}", text="Eine Notiz.")), key=b"%d" % number)
            await flow.done(f"note-{number}")
            took.append(watch.seconds)
        check_soon(took)


async def test_a_text_that_is_typed_is_translated_at_once_beside_a_book(settings: StoreSettings) -> None:
    async with slow_flow(settings) as flow:
        await flow.http.post("/v1/documents?id=book", content=SENTENCE * 3_000, headers=TEXT)
        await begun(flow)
        took = []
        for number in range(NOTES):
            watch = Stopwatch()
            typed = {"text": f"Das ist die Notiz {number}.", "source": "de", "target": "en"}
            answer = await flow.http.post("/v1/translate", json=typed)
            assert answer.status_code == 200, answer.text
            took.append(watch.seconds)
        assert (await flow.http.get("/v1/documents/book")).json()["state"] != "done"
        check_soon(took)


async def test_one_keys_flood_of_notes_keeps_no_other_keys_note_waiting(
    settings: StoreSettings, collections: Collections
) -> None:
    store = KeyStore(collections)
    (_, flooding), (_, other) = [await store.create(name, Limits(), admin=False) for name in ("flood", "other")]
    async with slow_flow(settings, require_keys="yes", urgent_characters=2_000) as flow:

        async def send(key: str, document: str, text: str, wait: int = 0) -> str:
            headers = {"Authorization": f"Bearer {key}"}
            answer = await flow.http.post(f"/v1/documents?id={document}", content=text, headers=TEXT | headers)
            assert answer.status_code == 202, answer.text
            if wait:
                answer = await flow.http.get(f"/v1/documents/{document}?wait={wait}", headers=headers)
            state: str = answer.json()["state"]
            return state

        await send(other, "first", "Eine Notiz.", wait=30)
        # Nearly three hundred batches of the engine, or half a minute.
        await asyncio.gather(*(send(flooding, f"flood-{number}", SENTENCE * 30) for number in range(150)))
        took = []
        for number in range(5):
            watch = Stopwatch()
            assert await send(other, f"note-{number}", "Eine Notiz.", wait=30) == "done"
            took.append(watch.seconds)
        # All of them: the first is the one that would wait, and those behind it would find nothing before them.
        assert max(took) <= 2.0 * slowness(time.monotonic), took
        for number in (0, 149):
            answer = await flow.http.get(
                f"/v1/documents/flood-{number}?wait=60", headers={"Authorization": f"Bearer {flooding}"}
            )
            assert answer.json()["state"] == "done"
