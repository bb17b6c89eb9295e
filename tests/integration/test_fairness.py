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
from tests.integration.flow import Flow, run_flow
from tests.waiting import eventually

BATCH_SECONDS = 0.1
NOTES = 20

SENTENCE = "Dies ist ein Satz aus einem Buch, das noch lange nicht zu Ende ist. "
LONG = "Dies ist ein Satz, der " + "sehr, " * 300 + "lang ist. "


@asynccontextmanager
async def slow_flow(settings: StoreSettings) -> AsyncIterator[Flow]:
    """Run a pipeline whose translator takes `BATCH_SECONDS` for 16 sentences."""
    stop = asyncio.Event()
    own = translator_main.TranslatorSettings(
        **settings.model_dump(), engine="identity", threads=1, identity_batch_seconds=BATCH_SECONDS
    )
    async with run_flow(settings, ("segmenter", "sink", "api")) as flow:
        running = asyncio.create_task(translator_main.run(own, stop))
        try:
            yield flow
        finally:
            stop.set()
            await running


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


@pytest.mark.timeout(200)
@pytest.mark.parametrize("kind", STARVING)
async def test_a_note_is_done_soon(settings: StoreSettings, kind: str) -> None:
    async with slow_flow(settings) as flow:
        for part in STARVING[kind]():
            await flow.put(encode(part), key=(part.id or "").encode())
        await flow.consumed(flow.topics.documents, "segmenter", within=60)

        async def begun() -> bool:
            return await flow.count(flow.topics.translations) > 0

        await eventually(begun, within=30, what="a translation")
        took = []
        for number in range(NOTES):
            started = time.monotonic()
            await flow.put(encode(DocumentPart(id=f"note-{number}", text="Eine Notiz.")), key=b"%d" % number)
            await flow.done(f"note-{number}")
            took.append(time.monotonic() - started)
        assert sorted(took)[NOTES * 95 // 100 - 1] <= 2.0, took
