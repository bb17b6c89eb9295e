"""Documents as they grow: server-sent events and waiting for a status."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import pytest

import api.__main__ as api_main
from api.live.feed import Feed
from pipeline.settings import StoreSettings
from satzstrom import Client
from tests.integration.flow import Flow, run_flow
from tests.integration.test_api import TEXT, problem
from tests.speed import Stopwatch
from tests.waiting import eventually

SENTENCES = [f"Satz {number} steht hier." for number in range(300)]
BOOK = "\n\n".join(SENTENCES)


class Event(NamedTuple):
    kind: str
    data: dict[str, Any]
    id: str | None


@pytest.fixture
async def slow(settings: StoreSettings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Flow]:
    """A pipeline that takes two seconds for the book."""
    monkeypatch.setenv("SATZSTROM_IDENTITY_BATCH_SECONDS", "0.1")
    async with run_flow(settings) as running:
        yield running


async def events(flow: Flow, document: str, last_id: str | None = None) -> AsyncIterator[Event]:
    """Yield events as a browser reads them."""
    headers = {"Last-Event-ID": last_id} if last_id else {}
    async with flow.http.stream("GET", f"/v1/documents/{document}/events", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        fields: dict[str, str] = {}
        async for line in answer.aiter_lines():
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "event" in fields:
                yield Event(fields["event"], json.loads(fields["data"]), fields.get("id"))
                fields = {}


def translations(found: list[Event]) -> dict[str, str]:
    return {event.data["position"]: event.data["translation"] for event in found if event.kind == "sentence"}


EXPECTED = {f"0.{index}": text for index, text in enumerate(SENTENCES)}


async def test_sentences_come_as_they_are_made_and_the_end_comes_last(slow: Flow) -> None:
    await slow.http.post("/v1/documents?id=book", content=BOOK, headers=TEXT)
    found = []
    watch = Stopwatch()
    came = []
    async for event in events(slow, "book"):
        found.append(event)
        if event.kind == "sentence":
            came.append(watch.seconds)
    assert translations(found) == EXPECTED
    assert came[-1] - came[0] > 0.5, "they came one after the other and not all at the end"
    assert [event.kind for event in found][-1] == "state"
    assert (found[-1].data["state"], found[-1].id) == ("done", "end")
    progress = [event.data["progress"] for event in found if event.kind == "progress"]
    assert len(progress) > 2
    assert progress == sorted(progress)
    again = await slow.http.get("/v1/documents/book/events", headers={"Last-Event-ID": "end"})
    assert again.status_code == 204, "a browser comes back no more"


async def test_who_comes_back_misses_nothing(slow: Flow) -> None:
    await slow.http.post("/v1/documents?id=book", content=BOOK, headers=TEXT)
    found: list[Event] = []
    last_id = None
    connections = 0
    while last_id != "end":
        connections += 1
        async for event in events(slow, "book", last_id):
            found.append(event)
            last_id = event.id or last_id
            if event.kind == "sentence" and len(found) % 40 == 0:
                break
    assert connections > 3
    assert translations(found) == EXPECTED
    live = [event for event in found if event.kind == "sentence" and event.id is not None]
    assert len(live) == len({event.data["position"] for event in live}), "what has an id comes once"


async def test_a_document_that_is_done_is_told_at_once(slow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    await slow.http.post("/v1/documents?id=note", content="Eins. Zwei.", headers=TEXT)
    await slow.done("note")
    monkeypatch.setattr("api.live.stream.FRESH_FOR", 3600)
    async with asyncio.timeout(20):
        found = [event async for event in events(slow, "note")]
    assert translations(found) == {"0.0": "Eins.", "0.1": "Zwei."}
    assert found[-1].data["state"] == "done"
    # With an id from the middle only what came later is told, and the end.
    later = [event async for event in events(slow, "note", "0")]
    assert translations(later) == {"0.0": "Eins.", "0.1": "Zwei."}
    await problem(slow, "GET", "/v1/documents/nobody/events", 404, "not-found")
    await problem(slow, "GET", "/v1/documents/note/events", 422, "invalid", headers={"Last-Event-ID": "x"})


@pytest.mark.parametrize("last_id", ["9999-3", "0-999999999", "31-0"])
async def test_an_id_that_this_document_never_had_leads_to_what_is_stored(slow: Flow, last_id: str) -> None:
    await slow.http.post("/v1/documents?id=note", content="Eins. Zwei.", headers=TEXT)
    await slow.done("note")
    assert translations([event async for event in events(slow, "note", last_id)]) == {"0.0": "Eins.", "0.1": "Zwei."}


async def test_who_is_far_behind_gets_what_is_stored(slow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.live.stream._BEHIND", 10)
    await slow.http.post("/v1/documents?id=book", content=BOOK, headers=TEXT)
    await slow.done("book")
    first = next(event for event in [one async for one in events(slow, "book")] if event.id)
    assert first.id is not None
    partition, _, _ = first.id.partition("-")
    found = [event async for event in events(slow, "book", f"{partition}-0")]
    assert translations(found) == EXPECTED
    assert all(event.id is None for event in found if event.kind == "sentence"), "none was read from the topic"


async def test_a_reader_of_an_upload_that_broke_off_is_told_when_there_is_no_more(slow: Flow) -> None:
    await slow.http.post("/v1/documents?id=torn", content=f"{BOOK}\n\n".encode() * 40 + b"\xff", headers=TEXT)
    found: list[Event] = []
    async for event in events(slow, "torn"):
        found.append(event)
        if event.kind == "state":
            break
    assert found[-1].data["state"] == "incomplete"
    assert found[-1].id is None, "it may go on"
    made = translations(found)
    assert len(made) == found[-1].data["sentences"]["total"] > 300

    def read() -> dict[str, str]:
        with Client(str(slow.http.base_url)) as client:
            return {sentence.position: sentence.translation for sentence in client.live("torn")}

    assert await asyncio.to_thread(read) == made


async def test_cancelling_ends_the_stream(slow: Flow) -> None:
    await slow.http.post("/v1/documents?id=book", content=BOOK * 5, headers=TEXT)
    found = []
    async for event in events(slow, "book"):
        found.append(event)
        if len(found) == 20:
            await slow.http.post("/v1/documents/book/cancel")
    assert found[-1].data["state"] == "cancelled"


async def test_many_readers_of_several_documents_get_each_its_own(slow: Flow) -> None:
    for name in ("a", "b", "c"):
        text = BOOK.replace("Satz", f"Satz {name}")
        await slow.http.post(f"/v1/documents?id={name}", content=text, headers=TEXT)

    async def read(name: str) -> dict[str, str]:
        return translations([event async for event in events(slow, name)])

    names = ["a", "b", "c"] * 6
    for name, found in zip(names, await asyncio.gather(*map(read, names)), strict=True):
        assert found == {place: text.replace("Satz", f"Satz {name}") for place, text in EXPECTED.items()}


async def test_nothing_is_read_for_readers_that_have_left(
    settings: StoreSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeds: list[Feed] = []

    def feed(*arguments: Any) -> Feed:
        feeds.append(Feed(*arguments))
        return feeds[-1]

    async def nobody() -> bool:
        return not feeds[0]._readers and not feeds[0]._listeners

    monkeypatch.setenv("SATZSTROM_IDENTITY_BATCH_SECONDS", "0.1")
    monkeypatch.setattr(api_main, "Feed", feed)
    async with run_flow(settings) as flow:
        await flow.http.post("/v1/documents?id=book", content=BOOK * 3, headers=TEXT)
        await flow.http.put("/v1/documents/open/parts/0?last=false", content="Ein Satz.", headers=TEXT)
        for name in ("book", "open", "book"):
            async for _ in events(flow, name):
                break
        await eventually(nobody, what="a feed without readers")
        # It begins again for the next one.
        assert translations([event async for event in events(flow, "book")])


async def test_waiting_for_a_status(slow: Flow) -> None:
    await slow.http.post("/v1/documents?id=book", content=BOOK, headers=TEXT)
    now = await slow.http.get("/v1/documents/book")
    assert now.headers["retry-after"] == "1"
    changed = await slow.http.get("/v1/documents/book?wait=20", headers={"If-None-Match": now.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != now.headers["etag"]
    assert changed.json()["state"] != "done"
    done = await slow.http.get("/v1/documents/book?wait=30")
    assert done.json()["state"] == "done"
    assert "retry-after" not in done.headers
    same = await slow.http.get("/v1/documents/book?wait=30", headers={"If-None-Match": done.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    await problem(slow, "GET", "/v1/documents/nobody?wait=5", 404, "not-found")
    await problem(slow, "GET", "/v1/documents/book?wait=500", 422, "invalid")


async def test_waiting_ends_when_the_time_is_over(slow: Flow) -> None:
    await slow.http.put("/v1/documents/open/parts/0", content="Ein Satz.", headers=TEXT)
    watch = Stopwatch()
    answer = await slow.http.get("/v1/documents/open?wait=1.5")
    assert watch.seconds > 1.4
    watch.check(10)
    assert answer.json()["state"] == "receiving"
