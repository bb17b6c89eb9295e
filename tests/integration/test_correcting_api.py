"""Corrections over HTTP, on a running pipeline."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from pipeline.create_topics import create
from pipeline.settings import StoreSettings
from pipeline.topics import Topics
from store.accounts.keys import KeyStore, Limits
from store.collections import Collections
from tests.integration.conftest import settings_of
from tests.integration.flow import Flow, run_flow
from tests.integration.test_api import problem

TEXT = "Guten Tag.\r\nWie geht\r\nes Ihnen? Danke."


async def submit(flow: Flow, document: str, text: str = TEXT) -> None:
    answer = await flow.http.post("/v1/documents", json={"text": text, "id": document})
    assert answer.status_code == 202, answer.text
    await flow.done(document)


async def patch(flow: Flow, place: str, tag: str | None = None, **fields: Any) -> httpx.Response:
    document, _, position = place.partition(" ")
    headers = {} if tag is None else {"If-Match": tag}
    path = f"/v1/documents/{document}/sentences/{position.replace('.', '/')}"
    return await flow.http.patch(path, json=fields, headers=headers)


async def test_a_sentence_is_corrected_approved_and_given_back_in_every_form(flow: Flow) -> None:
    await submit(flow, "d")
    answer = await patch(flow, "d 0.0", text="  Hello &\r\ngood day.  ", comment="politely", approved=True)
    assert (answer.status_code, answer.headers["etag"]) == (200, '"1"'), answer.text
    found = answer.json()
    assert (found["translation"], found["machine"]) == ("Hello &\ngood day.", "Guten Tag.")
    assert (found["corrected"], found["approved"], found["comment"], found["changed_by"]) == (
        True, True, "politely", None,
    )  # fmt: skip
    # Line ends are those of the source.
    assert (await patch(flow, "d 0.1", text="How are\nyou?")).json()["translation"] == "How are\r\nyou?"
    text = (await flow.http.get("/v1/documents/d/text")).content.decode()
    assert text == "Hello &\ngood day.\r\nHow are\r\nyou? Danke."
    assert (await flow.http.get("/v1/documents/d/text?version=machine")).content.decode() == TEXT
    exports = {
        "text": "Hello &\ngood day.",
        "html": "good day.",
        "xliff": '<segment state="final"><source>Guten Tag.</source><target>Hello &amp;\ngood day.</target>',
        "tmx": "Hello &amp;\ngood day.</seg>",
        "jsonl": '"approved":true',
    }
    for form, there in exports.items():
        export = (await flow.http.get(f"/v1/documents/d/export?format={form}")).content.decode()
        assert there in export, form
        assert form == "text" or "politely" in export, form
        machine = (await flow.http.get(f"/v1/documents/d/export?format={form}&version=machine")).content.decode()
        assert "Guten Tag." in machine, form
        assert "good day" not in machine, form
        assert "politely" not in machine, form
    assert b"good day" in (await flow.http.get("/v1/documents/d/file")).content
    assert b"good day" not in (await flow.http.get("/v1/documents/d/file?version=machine")).content
    status = (await flow.http.get("/v1/documents/d")).json()
    assert (status["sentences"]["corrected"], status["sentences"]["approved"], status["edits"]) == (2, 1, 2)

    async def positions(query: str) -> list[str]:
        answer = await flow.http.get(f"/v1/documents/d/sentences?{query}")
        return [one["position"] for one in answer.json()["items"]]

    assert await positions("corrected=true") == ["0.0", "0.1"]
    assert await positions("corrected=false") == ["0.2"]
    assert await positions("approved=true") == ["0.0"]
    assert await positions("approved=false&q=danke") == ["0.2"]


async def test_other_pages_are_told_of_what_people_change(flow: Flow) -> None:
    await submit(flow, "d")
    assert (await patch(flow, "d 0.2", text="Thanks.")).status_code == 200

    async def told(query: str, headers: dict[str, str] | None = None) -> list[tuple[str, str]]:
        """Return what a reader is told until a sentence comes, which another one changes while it listens."""
        found: list[tuple[str, str]] = []
        identified = ""
        async with (
            asyncio.timeout(20),
            flow.http.stream("GET", f"/v1/documents/d/edits{query}", headers=headers) as answer,
        ):
            assert answer.status_code == 200
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if line.startswith(":"):
                    assert (await patch(flow, "d 0.0", text=f"Hello{query}.")).status_code == 200
                elif name == "data":
                    found.append((json.loads(value)["position"], json.loads(value)["translation"]))
                elif name == "id":
                    identified = value
                    if found[-1][0] == "0.0":
                        break
        assert 0 < int(identified) <= (await flow.http.get("/v1/documents/d")).json()["edits"]
        return found

    assert await told("?since=1") == [("0.0", "Hello?since=1.")]
    # What it was changed to last, or will be in a moment.
    assert [place for place, _ in sorted(await told(""))][:2] == ["0.0", "0.2"]
    assert await told("?since=0", {"Last-Event-ID": "3"}) == [("0.0", "Hello?since=0.")]
    # Who reads the document's own stream has the corrections at its end, too.
    events = (await flow.http.get("/v1/documents/d/events")).text
    assert events.rindex("Thanks.") > events.index("event: progress")
    assert '"version":1' in events


async def test_etags_keep_people_from_writing_over_each_other(flow: Flow) -> None:
    await submit(flow, "d")
    first = await flow.http.get("/v1/documents/d/sentences/0/0")
    assert (first.headers["etag"], first.json()["version"], first.json()["history"]) == ('"0"', 0, [])
    assert (await patch(flow, "d 0.0", '"0"', text="Hello.")).status_code == 200
    # The same again, as after an answer that was lost.
    again = await patch(flow, "d 0.0", '"0"', text="Hello.")
    assert (again.status_code, again.headers["etag"]) == (200, '"1"')
    refused = await patch(flow, "d 0.0", '"0"', text="Hi.")
    assert (refused.status_code, refused.headers["etag"]) == (412, '"1"')
    assert refused.json()["type"] == "urn:satzstrom:problem:changed"
    assert refused.json()["sentence"]["translation"] == "Hello."
    for nothing in ('"x"', "7", "", 'W/"0", "5"'):
        assert (await patch(flow, "d 0.0", nothing, text="Hi.")).status_code == 412, nothing
    for fitting in ("*", 'W/"2"', '"9", "3"'):
        assert (await patch(flow, "d 0.0", fitting, comment=fitting)).status_code == 200, fitting
    # Nothing is different: nothing is done.
    assert (await patch(flow, "d 0.0", text="Hello.")).headers["etag"] == '"4"'
    assert (await patch(flow, "d 0.0", text=None, comment=None)).json()["translation"] == "Guten Tag."
    history = (await flow.http.get("/v1/documents/d/sentences/0/0")).json()["history"]
    assert [(one["version"], one["text"]) for one in history] == [(number, "Hello.") for number in range(1, 5)]


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b'{"text": "a\\u0000b"}', 422, "input"),
        (b'{"text": "a\\u001bb"}', 422, "input"),
        (b'{"text": "\\ud800"}', 422, "input"),
        (b'{"comment": "\\u0007"}', 422, "input"),
        (b'{"text": "%b"}' % (b"x" * 5000), 422, "input"),
        (b'{"comment": "%b"}' % (b"x" * 2001), 422, "invalid"),
        (b'{"text": "%b"}' % (b"x" * 1_000_000), 413, "too-large"),
        (b'{"approved": "yes"}', 422, "invalid"),
        (b'{"approved": null}', 422, "invalid"),
        (b'{"text": 7}', 422, "invalid"),
        (b'{"texts": "x"}', 422, "invalid"),
        (b"{}", 422, "input"),
        (b"[]", 422, "input"),
        (b"text", 422, "input"),
    ],
)
async def test_what_cannot_be_is_said(shared: Flow, body: bytes, status: int, kind: str) -> None:
    path, headers = "/v1/documents/d/sentences/0/0", {"Content-Type": "application/json"}
    await problem(shared, "PATCH", path, status, kind, content=body, headers=headers)
    assert (await shared.http.get(path)).json()["version"] == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [("d/sentences/0/3", 404), ("d/sentences/1/0", 404), ("e/sentences/0/0", 404), ("d/sentences/0/-1", 422),
     ("d/sentences/x/0", 422), ("d/sentences/0/99999999", 422)],
)  # fmt: skip
async def test_where_no_sentence_is_that_is_said(shared: Flow, path: str, status: int) -> None:
    for method, body in (("GET", None), ("PATCH", {"text": "x"})):
        answer = await shared.http.request(method, f"/v1/documents/{path}", json=body)
        assert answer.status_code == status, answer.text


@pytest.fixture(scope="module")
async def shared(servers: Any) -> AsyncIterator[Flow]:
    """A pipeline with a document that no test changes."""
    await create(servers.clients, Topics("refused."))
    async with run_flow(settings_of(servers, "refused")) as running:
        await submit(running, "d")
        yield running


async def test_who_did_it_is_told_by_the_name_of_the_key(settings: StoreSettings, collections: Collections) -> None:
    made, key = await KeyStore(collections).create("Ada", Limits(), admin=False)
    async with run_flow(settings, api={"require_keys": "yes"}) as flow:
        flow.http.headers["Authorization"] = f"Bearer {key}"
        await submit(flow, "d")
        assert (await patch(flow, "d 0.0", text="Hello.")).json()["changed_by"] == "Ada"
    assert await collections.memory.count_documents({"owner": made.id, "translation": "Hello."}) == 1
