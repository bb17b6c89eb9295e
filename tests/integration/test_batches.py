"""Several files in one request."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.create_topics import create
from pipeline.settings import StoreSettings
from pipeline.topics import Topics
from satzstrom import Client
from store.collections import Collections
from store.documents.batches import BatchFile, BatchStore
from store.documents.lifecycle import DocumentLifecycle
from store.ownership import EVERYBODY
from tests.integration.flow import Flow, run_flow
from tests.integration.servers import Servers
from tests.integration.storing import delete
from tests.integration.test_api import problem
from tests.waiting import eventually

FORM = {"Content-Type": "multipart/form-data; boundary=b"}


@pytest.fixture(scope="module")
async def flow(servers: Servers) -> AsyncIterator[Flow]:
    """One pipeline for all: each test has batches of its own."""
    await create(servers.clients, Topics("batches."))
    settings = StoreSettings(
        kafka=servers.kafka, mongodb=servers.mongodb, topic_prefix="batches.", database="batches",
        start_timeout=20, log_level="INFO",
    )  # fmt: skip
    async with run_flow(settings) as running:
        yield running


def form(*files: tuple[str, bytes], kind: str = "text/plain") -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("files", (name, content, kind)) for name, content in files]


async def ended(flow: Flow, batch: str) -> dict[str, Any]:
    """Wait until a batch is done, and return it."""

    async def check() -> dict[str, Any] | None:
        status: dict[str, Any] = (await flow.http.get(f"/v1/batches/{batch}")).json()
        return status if status["state"] == "done" else None

    return await eventually(check, within=40, what=f"the batch {batch} done")


async def test_every_file_becomes_a_document(flow: Flow) -> None:
    texts = [b"Erste Datei. Zwei S\xc3\xa4tze.", ("Ein Absatz mit Text.\r\n\r\n" * 9000).encode(), b""]
    files = form(("a.txt", texts[0]), ("ordner/b.txt", texts[1]), ("leer.txt", texts[2]))
    answer = await flow.http.post("/v1/batches?id=three", files=files)
    assert answer.status_code == 202, answer.text
    accepted = answer.json()
    assert answer.headers["location"] == accepted["url"] == "/v1/batches/three"
    assert [document["id"] for document in accepted["documents"]] == ["three.0", "three.1", "three.2"]
    assert [document["filename"] for document in accepted["documents"]] == ["a.txt", "b.txt", "leer.txt"]
    status = await ended(flow, "three")
    assert (status["states"], status["refused"], status["progress"]) == ({"done": 3}, 0, 1.0)
    assert status["sentences"]["total"] == status["sentences"]["translated"] == 9002
    assert status["characters"] == sum(len(text.decode()) for text in texts)
    for number, text in enumerate(texts):
        assert await flow.text(f"three.{number}") == text
    listed = (await flow.http.get("/v1/documents?batch=three&sort=-characters")).json()["items"]
    assert [item["id"] for item in listed] == ["three.1", "three.0", "three.2"]
    assert (await flow.http.get("/v1/documents?batch=three&metadata.filename=a.txt")).json()["items"][0][
        "id"
    ] == "three.0"


async def test_documents_that_were_sent_one_by_one_are_a_batch(flow: Flow) -> None:
    part = "/v1/documents/apart.0/parts/0?last=true&filename=a.txt"
    assert (await flow.http.put(part, content="Eins.", headers={"Content-Type": "text/plain"})).status_code == 202
    await problem(flow, "PUT", "/v1/batches/apart/files/1", 404, "not-found", json={"filename": "b.txt"})
    assert (await flow.http.put("/v1/batches/apart/files/0", json={"filename": "a.txt"})).status_code == 204
    status = (await flow.http.get("/v1/batches/apart")).json()
    assert (status["state"], len(status["documents"])) == ("receiving", 1)
    why = {"filename": "b.txt", "type": "urn:satzstrom:problem:encoding", "detail": "not utf-8: byte 7"}
    for _ in range(2):
        assert (await flow.http.put("/v1/batches/apart/files/1?last=true", json=why)).status_code == 204
    status = await ended(flow, "apart")
    assert (status["states"], status["refused"]) == ({"done": 1}, 1)
    assert status["documents"][1] == {
        "position": 1, "id": "apart.1", "filename": "b.txt", "state": None, "progress": 0.0,
        "problem": {"type": why["type"], "detail": why["detail"]},
    }  # fmt: skip
    assert [one["id"] for one in (await flow.http.get("/v1/documents?batch=apart")).json()["items"]] == ["apart.0"]
    # Sent again as another text, it is taken after all.
    part = part.replace("apart.0", "apart.1")
    assert (await flow.http.put(part, content="Zwei.", headers={"Content-Type": "text/plain"})).status_code == 202
    assert (await flow.http.put("/v1/batches/apart/files/1", json={"filename": "b.txt"})).status_code == 204
    assert (await ended(flow, "apart"))["refused"] == 0
    for path, body in (("1000", {"filename": "a"}), ("0", {"filename": "a", "type": "x"}), ("0", {"file": "a"})):
        await problem(flow, "PUT", f"/v1/batches/apart/files/{path}", 422, "invalid", json=body)


async def test_a_bad_file_does_not_lose_the_others(flow: Flow) -> None:
    long = ("Ein ganzer Absatz mit Text.\n\n" * 50_000).encode()
    files = form(("gut.txt", b"Gut."), ("falsch.txt", b"Gr\xfc\xdfe" * 1000), ("spaet.txt", long + b"\xff" + long))
    files += form(("latin.txt", "Grüße.".encode("latin-1")), kind="text/plain; charset=iso-8859-1")
    files += form(("klingon.txt", b"nuqneH"), kind="text/plain; charset=klingon") + form(("ende.txt", b"Ende."))
    answer = await flow.http.post("/v1/batches?id=mixed", files=files)
    assert answer.status_code == 202, answer.text
    documents = answer.json()["documents"]
    kinds = [one["problem"]["type"].rpartition(":")[2] if one["problem"] else None for one in documents]
    assert kinds == [None, "encoding", "encoding", None, "input", None]
    assert [one["filename"] for one in documents][1] == "falsch.txt"
    assert [one["state"] for one in documents][1:3] == [None, "incomplete"]
    status = await ended(flow, "mixed")
    assert (status["states"], status["refused"]) == ({"done": 3, "incomplete": 1}, 3)
    assert (await flow.text("mixed.3")).decode() == "Grüße."
    assert await flow.text("mixed.5") == b"Ende."
    await problem(flow, "GET", "/v1/documents/mixed.1", 404, "not-found")


async def test_the_first_file_is_translated_while_the_second_is_still_coming(flow: Flow) -> None:
    done = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nno file\r\n'
        yield b'--b\r\nContent-Disposition: form-data; name="f"; filename="1.txt"\r\n\r\nEins.\r\n'
        yield b'--b\r\nContent-Disposition: form-data; name="f"; filename="2.txt"\r\n\r\nZw'
        await flow.done("slow.0")
        status = (await flow.http.get("/v1/batches/slow")).json()
        assert (status["state"], len(status["documents"])) == ("receiving", 1)
        done.set()
        for byte in b"ei.\r\n--b--\r\n":
            yield bytes([byte])

    answer = await flow.http.post("/v1/batches?id=slow", content=body(), headers=FORM)
    assert answer.status_code == 202, answer.text
    assert done.is_set()
    assert [one["filename"] for one in answer.json()["documents"]] == ["1.txt", "2.txt"]
    assert await flow.text("slow.1") == b"Zwei."


async def test_a_batch_sent_again_is_the_same_batch(flow: Flow) -> None:
    files = form(("a.txt", b"Gleich."), ("b.txt", b"Auch gleich."))
    key = {"Idempotency-Key": "batch-4711"}
    first = (await flow.http.post("/v1/batches", files=files, headers=key)).json()
    again = (await flow.http.post("/v1/batches", files=files, headers=key)).json()
    assert again["id"] == first["id"]
    assert [one["id"] for one in again["documents"]] == [one["id"] for one in first["documents"]]
    assert again["refused"] == 0
    await ended(flow, first["id"])
    other = form(("a.txt", b"Gleich."), ("b.txt", b"Etwas anderes."))
    changed = (await flow.http.post("/v1/batches", files=other, headers=key)).json()
    assert [one["problem"] and one["problem"]["type"] for one in changed["documents"]] == [
        None,
        "urn:satzstrom:problem:key-reused",
    ]
    assert await flow.text(f"{first['id']}.1") == b"Auch gleich."


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "kind"),
    [
        ("?source=xx", b"--b--\r\n", FORM, 422, "unknown-language"),
        ("?id=a%20b", b"--b--\r\n", FORM, 422, "invalid"),
        ("", b"", FORM, 422, "input"),
        ("", b"--b--\r\n", FORM, 422, "input"),
        ("", b"nonsense", FORM, 422, "input"),
        ("", b"x", {"Content-Type": "multipart/form-data"}, 422, "input"),
        ("", b"x", {"Content-Type": "text/plain"}, 415, "media-type"),
        ("", b"--b\r\nX: " + b"x" * 20_000 + b"\r\n\r\n\r\n--b--\r\n", FORM, 422, "input"),
        ("", b'--b\r\nContent-Disposition: form-data; filename="a"\r\n\r\nHalb', FORM, 422, "input"),
    ],
)
async def test_forms_that_cannot_be_used(
    flow: Flow, path: str, body: bytes, headers: dict[str, str], status: int, kind: str
) -> None:
    await problem(flow, "POST", f"/v1/batches{path}", status, kind, content=body, headers=headers)


async def test_more_files_than_a_batch_may_have_are_refused(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.batches.MOST_FILES", 2)
    files = form(*((f"{number}.txt", b"Text.") for number in range(3)))
    await problem(flow, "POST", "/v1/batches?id=many", 413, "too-large", files=files)
    assert await flow.text("many.1") == b"Text."


async def test_names_of_files_are_only_names(flow: Flow) -> None:
    body = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="f"; filename="' + name + b'"\r\n\r\nText.\r\n'
        for name in (b"..\\..\\etc\\passwd", "grüße\u202etxt.exe".encode(), b"\xff.txt", b"x" * 400, b"")
    )
    answer = await flow.http.post("/v1/batches", content=body + b"--b--\r\n", headers=FORM)
    assert answer.status_code == 202, answer.text
    found = [one["filename"] for one in answer.json()["documents"]]
    assert found == ["passwd", "grüßetxt.exe", "\ufffd.txt", "x" * 255, ""]


async def test_batches_nobody_knows(flow: Flow) -> None:
    await problem(flow, "GET", "/v1/batches/nobody", 404, "not-found")
    await problem(flow, "GET", "/v1/batches/a%20b", 422, "invalid")


async def test_deleted_documents_count_as_deleted(flow: Flow) -> None:
    await flow.http.post("/v1/batches?id=gone", files=form(("a.txt", b"Weg."), ("b.txt", b"Bleibt.")))
    await ended(flow, "gone")
    await flow.http.delete("/v1/documents/gone.0")
    status = (await flow.http.get("/v1/batches/gone")).json()
    assert status["states"] == {"deleted": 1, "done": 1}
    assert status["documents"][0]["filename"] is None, "a deleted document leaves no name behind"


async def test_the_client_sends_files(flow: Flow) -> None:
    def send() -> None:
        with Client(str(flow.http.base_url)) as client:
            files = [
                ("eins.txt", io.BytesIO("Grüße.".encode("latin-1")), "latin-1"),
                ("zwei.txt", io.BytesIO(b"Zwei."), "utf-8"),
            ]
            batch = client.submit_batch(files, batch="typed")
            assert [one.id for one in batch.documents] == ["typed.0", "typed.1"]
            assert client.batch("typed").id == "typed"

    await asyncio.to_thread(send)
    assert (await flow.text("typed.0")).decode() == "Grüße."


async def test_a_batch_is_forgotten_with_its_documents(collections: Collections) -> None:
    store, lifecycle = BatchStore(collections), DocumentLifecycle(collections)
    for name in ("old", "kept", "new"):
        await store.begin(EVERYBODY, name)
        await lifecycle.register(
            EVERYBODY, f"{name}.0", source="de", target="en", model=None, metadata={}, revision="0" * 16
        )
        await store.add(EVERYBODY, name, BatchFile(0, f"{name}.0", None))
    long_ago = datetime.now(UTC) - timedelta(days=3)
    await collections.batches.update_many({"_id": {"$in": ["old", "kept"]}}, {"$set": {"created": long_ago}})
    await delete(collections, "old.0")
    assert await store.forget(timedelta(days=2)) == 1
    assert [name for name in ("old", "kept", "new") if await store.get(EVERYBODY, name)] == ["kept", "new"]


async def test_a_batch_whose_request_ended_without_a_word_is_incomplete(collections: Collections) -> None:
    store = BatchStore(collections)
    await store.begin(EVERYBODY, "b")
    batch = await store.get(EVERYBODY, "b")
    assert batch is not None
    assert not batch.broke_off
    await collections.batches.update_one({"_id": "b"}, {"$set": {"touched": datetime.now(UTC) - timedelta(hours=1)}})
    batch = await store.get(EVERYBODY, "b")
    assert batch is not None
    assert batch.broke_off
    await store.complete(EVERYBODY, "b")
    batch = await store.get(EVERYBODY, "b")
    assert batch is not None
    assert not batch.broke_off
