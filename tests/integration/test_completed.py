"""Announcements of documents that have come to their end, and documents as CloudEvents."""

import asyncio
import sys

from pipeline.events import DocumentCompleted, DocumentPart, decode, encode
from pipeline.publisher import Outgoing
from tests.conftest import ROOT
from tests.integration.flow import Flow
from tests.integration.test_api import TEXT


async def test_every_finished_document_is_announced_once(flow: Flow) -> None:
    body = {"id": "one", "text": "Eins. Zwei.", "metadata": {"author": "ich"}}
    await flow.http.post("/v1/documents", json=body)
    await flow.put(encode(DocumentPart(id="two", text="Drei.")))
    await flow.done("one")
    await flow.done("two")
    found = await flow.records(flow.topics.documents_completed, 2)
    events = {event.document: event for event in (decode(DocumentCompleted, record.value) for record in found)}
    assert set(events) == {"one", "two"}
    one = events["one"]
    assert (one.state, one.model, one.characters, one.metadata) == ("done", "identity@1", 11, {"author": "ich"})
    assert (one.sentences.total, one.sentences.translated, one.sentences.failed) == (2, 2, 0)
    assert one.finished >= one.created > 0
    assert {dict(record.headers)["ce_type"] for record in found} == {b"satzstrom.document.completed"}
    assert {record.key for record in found} == {b"one", b"two"}
    assert len(found) == 2


async def test_an_event_that_comes_again_says_the_same_again(flow: Flow) -> None:
    await flow.put(encode(DocumentPart(id="again", text="Noch einmal.")))
    await flow.done("again")
    await flow.put(encode(DocumentPart(id="again", text="Noch einmal.")))
    first, second, *_ = await flow.records(flow.topics.documents_completed, 2)
    assert dict(first.headers)["ce_id"] == dict(second.headers)["ce_id"]
    assert first.value == second.value


async def test_an_old_announcement_ends_no_waiting(flow: Flow) -> None:
    await flow.http.put("/v1/documents/half/parts/0", content="Ein Satz.", headers=TEXT)
    waiting = asyncio.create_task(flow.http.get("/v1/documents/half", params={"wait": 30}))
    # Of a document that had this id before.
    await flow.put(b"{}", topic=flow.topics.documents_completed, key=b"half")
    await flow.records(flow.topics.documents_completed, 1)
    await flow.put(b"{}", topic=flow.topics.documents_completed, key=b"half")
    await flow.http.put("/v1/documents/half/parts/1?last=true", content="Noch einer.", headers=TEXT)
    assert (await waiting).json()["state"] == "done"


async def test_cancelled_documents_are_announced(flow: Flow) -> None:
    await flow.http.put("/v1/documents/half/parts/0", content="Ein Satz.", headers=TEXT)
    await flow.http.post("/v1/documents/half/cancel")
    (record,) = await flow.records(flow.topics.documents_completed, 1)
    event = decode(DocumentCompleted, record.value)
    assert (event.document, event.state) == ("half", "cancelled")


async def test_cloudevents_are_documents(flow: Flow) -> None:
    binary = (("ce_specversion", b"1.0"), ("ce_id", b"1"), ("ce_source", b"/letters"), ("content-type", b"text/plain"))
    structured = (
        b'{"specversion": "1.0", "id": "2", "source": "/letters", "type": "x", "data": {"id": "s", "text": "Zwei."}}'
    )
    await flow.publisher.publish(
        [
            Outgoing(flow.topics.documents, b"Eins.", headers=binary),
            Outgoing(flow.topics.documents, structured, headers=(("content-type", b"application/cloudevents+json"),)),
        ]
    )
    assert await flow.text("s") == b"Zwei."
    found = await flow.records(flow.topics.documents_completed, 2)
    (name,) = {record.key.decode() for record in found} - {"s"}
    assert name.startswith("ce-")
    assert await flow.text(name) == b"Eins."


async def test_the_example_of_a_consumer_prints_what_is_done(flow: Flow) -> None:
    await flow.http.post("/v1/documents", json={"id": "printed", "text": "Eins. Zwei."})
    await flow.done("printed")
    command = [sys.executable, "examples/consume.py", flow.kafka.address, flow.topics.documents_completed]
    running = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    try:
        assert running.stdout is not None
        async with asyncio.timeout(30):
            line = (await running.stdout.readline()).decode()
    finally:
        running.terminate()
        await running.wait()
    assert line.split()[1:] == ["printed", "done", "2"]


async def test_the_topics_are_described_by_the_api(flow: Flow) -> None:
    described = (await flow.http.get("/asyncapi.json")).json()
    assert described["channels"]["documents.completed"]["address"] == flow.topics.documents_completed
    page = await flow.http.get("/asyncapi")
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for topic in flow.topics:
        assert f"<code>{flow.topics.prefix}{topic.name}</code>" in page.text
    assert "<script" not in page.text
