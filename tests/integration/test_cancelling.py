"""Work that is ended before its end."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from pipeline.events import Control, DocumentPart, encode
from pipeline.settings import StoreSettings
from tests.integration.flow import Flow, run_flow
from tests.integration.test_api import TEXT, problem
from tests.speed import Stopwatch
from tests.waiting import eventually

SENTENCES = 2000
BOOK = "".join(f"Satz {number} steht hier.\n\n" for number in range(SENTENCES))


@pytest.fixture
async def slow(settings: StoreSettings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Flow]:
    """A pipeline that takes 25 seconds for the book."""
    monkeypatch.setenv("SATZSTROM_IDENTITY_BATCH_SECONDS", "0.2")
    async with run_flow(settings) as running:
        yield running


async def begun(flow: Flow, document: str) -> None:
    """Wait until something of a document is translated."""

    async def check() -> bool:
        status = (await flow.http.get(f"/v1/documents/{document}")).json()
        return bool(status.get("sentences", {}).get("translated"))

    await eventually(check, what=f"the first sentence of {document}")


async def translations_after_a_second(flow: Flow) -> int:
    """Return how many translations are still made later than a second from now."""
    await asyncio.sleep(1)
    before = await flow.count(flow.topics.translations)
    await asyncio.sleep(2)
    return await flow.count(flow.topics.translations) - before


async def test_work_stops_within_a_second_and_what_is_there_can_be_read(slow: Flow) -> None:
    await slow.http.post("/v1/documents?id=book", content=BOOK, headers=TEXT)
    await begun(slow, "book")
    answer = await slow.http.post("/v1/documents/book/cancel")
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "cancelled"
    assert await translations_after_a_second(slow) == 0
    status = (await slow.http.get("/v1/documents/book")).json()
    assert 0 < status["sentences"]["translated"] < SENTENCES
    assert status["state"] == "cancelled"
    assert (await slow.http.get("/v1/documents/book/text?partial=source")).text == BOOK
    await problem(slow, "GET", "/v1/documents/book/text", 409, "not-finished")
    # Again is the same; and what waited behind it is served.
    assert (await slow.http.post("/v1/documents/book/cancel")).json()["state"] == "cancelled"
    await slow.http.post("/v1/documents?id=note", content="Eine Notiz.", headers=TEXT)
    assert await slow.text("note") == b"Eine Notiz."
    # Nothing was skipped: every sentence of the book is finished, as far as Kafka knows.
    await slow.consumed(slow.topics.sentences_bulk, "translator.bulk")


async def test_deleting_ends_the_work_too(slow: Flow) -> None:
    await slow.http.post("/v1/documents?id=book", content=BOOK, headers=TEXT)
    await begun(slow, "book")
    assert (await slow.http.delete("/v1/documents/book")).status_code == 204
    assert await translations_after_a_second(slow) == 0
    await problem(slow, "GET", "/v1/documents/book", 404, "not-found")


async def test_one_line_on_a_topic_cancels_too(slow: Flow) -> None:
    await slow.put(encode(DocumentPart(id="book", text=BOOK)))
    await begun(slow, "book")
    cancel = encode(Control(document="book", action="cancel"))
    await slow.put(cancel, topic=slow.topics.control, key=b"book")

    async def cancelled() -> bool:
        return bool((await slow.http.get("/v1/documents/book")).json()["state"] == "cancelled")

    await eventually(cancelled, what="the state")
    assert await translations_after_a_second(slow) == 0
    # Also before anything of the document is there.
    await slow.put(encode(Control(document="early", action="cancel")), topic=slow.topics.control, key=b"early")
    await slow.consumed(slow.topics.control, "sink")
    await slow.put(encode(DocumentPart(id="early", text="Zu spät.")))
    await slow.consumed(slow.topics.documents, "segmenter")
    await slow.consumed(slow.topics.parts, "sink")
    await problem(slow, "GET", "/v1/documents/early", 404, "not-found")
    await problem(slow, "POST", "/v1/documents", 409, "ended", json={"id": "early", "text": "Neu."})


async def test_an_upload_under_way_is_refused_from_then_on(slow: Flow) -> None:
    async def upload() -> AsyncIterator[bytes]:
        for number in range(200):
            if number == 5:
                await slow.http.post("/v1/documents/long/cancel")
            yield (BOOK[:64_000]).encode()
            await asyncio.sleep(0.01)

    watch = Stopwatch()
    await problem(slow, "POST", "/v1/documents?id=long", 409, "ended", content=upload(), headers=TEXT)
    watch.check(30)
    assert (await slow.http.get("/v1/documents/long")).json()["state"] == "cancelled"
    await problem(slow, "PUT", "/v1/documents/long/parts/7", 409, "ended", content="Neu.", headers=TEXT)


async def test_what_is_done_or_unknown_cannot_be_cancelled(slow: Flow) -> None:
    await slow.http.post("/v1/documents?id=note", content="Eine Notiz.", headers=TEXT)
    await slow.done("note")
    await problem(slow, "POST", "/v1/documents/note/cancel", 409, "ended")
    await problem(slow, "POST", "/v1/documents/nobody/cancel", 404, "not-found")
