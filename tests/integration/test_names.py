"""What documents are called, and what is said of uploads that break off."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.create_topics import create
from pipeline.topics import Topics
from store.collections import connect
from store.migrations import MIGRATIONS
from tests.integration.conftest import settings_of
from tests.integration.flow import Flow, run_flow
from tests.integration.servers import Servers
from tests.integration.test_api import problem
from tests.waiting import eventually

TEXT = {"Content-Type": "text/plain"}


@pytest.fixture(scope="module")
async def flow(servers: Servers) -> AsyncIterator[Flow]:
    """One pipeline for all: each test has documents of its own."""
    await create(servers.clients, Topics("names."))
    async with run_flow(settings_of(servers, "names")) as running:
        yield running


async def named(flow: Flow, document: str) -> str:
    name: str = (await flow.done(document))["name"]
    return name


async def renamed(flow: Flow, document: str, title: str) -> dict[str, Any]:
    answer = await flow.http.patch(f"/v1/documents/{document}", json={"title": title})
    assert answer.status_code == 200, answer.text
    status: dict[str, Any] = answer.json()
    return status


async def test_documents_are_named_on_every_way_in(flow: Flow) -> None:
    body = "Guten Tag. Wie geht es?"
    http = flow.http
    await http.post("/v1/documents", json={"id": "json", "text": body})
    await http.post("/v1/documents", json={"id": "titled", "text": body, "metadata": {"title": "Ein Gruß"}})
    await http.post("/v1/documents?id=plain", content=body, headers=TEXT)
    await http.post("/v1/documents?id=form", files={"file": ("gruß.txt", body.encode())})
    await http.post("/v1/documents?id=file&filename=gruß.srt", content="1\n00:00:01,000 --> 00:00:02,000\nHallo!\n")
    await http.put("/v1/documents/parts/parts/0?last=true&filename=teil.txt", content=body, headers=TEXT)
    await flow.put(b'{"id": "kafka", "text": "\\n# Guten Abend\\n\\nEs ist sp\\u00e4t."}')
    names = {name: await named(flow, name) for name in ("json", "titled", "plain", "form", "file", "parts", "kafka")}
    assert names == {
        "json": body, "titled": "Ein Gruß", "plain": body, "form": "gruß.txt", "file": "gruß.srt", "parts": "teil.txt",
        "kafka": "Guten Abend",
    }  # fmt: skip


async def test_a_document_is_renamed_found_and_downloaded_by_its_name(flow: Flow) -> None:
    await flow.http.post("/v1/documents?id=book", files={"file": ("scan0001.txt", b"Guten Tag.")})
    # Also before it is done.
    assert (await renamed(flow, "book", " Das Schloss "))["name"] == "Das Schloss"
    assert await named(flow, "book") == "Das Schloss"

    async def found(words: str) -> bool:
        page = (await flow.http.get("/v1/documents", params={"q": words})).json()
        return [one["id"] for one in page["items"]] == ["book"]

    await eventually(lambda: found("schloss"), within=20, what="the document by its title")
    assert (await renamed(flow, "book", "Der Prozess"))["metadata"] == {
        "filename": "scan0001.txt",
        "title": "Der Prozess",
    }
    await eventually(lambda: found("prozess"), within=20, what="the document by its new title")
    answer = await flow.http.get("/v1/documents/book/export?format=html")
    assert 'filename="Der Prozess.en.html"' in answer.headers["content-disposition"]
    assert "<title>Der Prozess" in answer.text
    assert (await renamed(flow, "book", ""))["name"] == "scan0001.txt"


@pytest.mark.parametrize(
    "body", [{}, {"title": None}, {"title": " \u202e "}, {"title": "x" * 201}, {"title": 5}, {"title": "a", "x": 1}]
)
async def test_what_is_no_title_is_refused(flow: Flow, body: dict[str, Any]) -> None:
    await flow.http.post("/v1/documents", json={"id": "refused", "text": "Text."})
    await problem(flow, "PATCH", "/v1/documents/refused", 422, "invalid", json=body)
    await problem(flow, "PATCH", "/v1/documents/nobody", 404, "not-found", json=body)


async def test_documents_of_an_earlier_release_are_called_by_their_first_words(flow: Flow, servers: Servers) -> None:
    await flow.http.post("/v1/documents", json={"id": "older", "text": "\n\nVon gestern. Und heute."})
    await flow.done("older")
    async with await connect(settings_of(servers, "names")) as stored:
        await stored.documents.update_one({"_id": "older"}, {"$unset": {"beginning": ""}})
        assert (await flow.http.get("/v1/documents/older")).json()["name"] == "older"
        assert await MIGRATIONS[3](stored, None) is None
    assert await named(flow, "older") == "Von gestern. Und heute."


async def test_an_upload_that_breaks_off_says_so_soon_and_goes_on(flow: Flow, servers: Servers) -> None:
    text = "Ein Satz. " * 1000
    query = f"length={2 * len(text)}"
    await flow.http.put(f"/v1/documents/broken/parts/0?{query}", content=text, headers=TEXT)

    async def translated() -> dict[str, Any] | None:
        status: dict[str, Any] = (await flow.http.get("/v1/documents/broken")).json()
        return status if status["sentences"]["translated"] == 1000 else None

    status = await eventually(translated, within=60, what="the first half")
    assert (status["state"], status["estimated"], status["progress"]) == ("receiving", 2000, 0.5)
    assert status["stalled_since"] is None
    stored = await connect(settings_of(servers, "names"))
    async with stored:
        before = datetime.now(UTC) - timedelta(seconds=30)
        await stored.documents.update_one({"_id": "broken"}, {"$set": {"touched": before}})
    status = (await flow.http.get("/v1/documents/broken")).json()
    assert status["state"] == "receiving"
    assert abs(datetime.fromisoformat(status["stalled_since"]) - before) < timedelta(seconds=1)
    assert "broken off" in status["summary"]
    await flow.http.put("/v1/documents/broken/parts/1?last=true", content=text, headers=TEXT)
    status = (await flow.http.get("/v1/documents/broken")).json()
    assert status["stalled_since"] is None
    assert (await flow.done("broken"))["sentences"]["total"] == 2000


async def test_how_long_a_body_is_says_how_many_sentences_will_come(flow: Flow) -> None:
    """Of a body that arrives slowly its Content-Length is known before the rest of it."""
    half = b"Ein Satz. " * 10_000
    going = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield half
        await going.wait()
        yield half

    headers = TEXT | {"Content-Length": str(2 * len(half))}
    sending = asyncio.ensure_future(flow.http.post("/v1/documents?id=slow", content=slowly(), headers=headers))

    async def arriving() -> dict[str, Any] | None:
        status: dict[str, Any] = (await flow.http.get("/v1/documents/slow")).json()
        return status if status.get("sentences", {}).get("translated") else None

    status = await eventually(arriving, within=60, what="the first sentences")
    assert status["state"] == "receiving"
    assert status["sentences"]["total"] <= 10_000
    assert abs(status["estimated"] - 20_000) < 100
    assert status["progress"] < 0.6
    going.set()
    assert (await sending).status_code == 202
    status = await flow.done("slow", within=60)
    assert (status["estimated"], status["sentences"]["total"], status["progress"]) == (20_000, 20_000, 1)
