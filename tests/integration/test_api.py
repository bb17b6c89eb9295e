"""The HTTP API on a running pipeline."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from api.keys import read_keys
from pipeline.create_topics import create
from pipeline.errors import SetupError
from pipeline.settings import StoreSettings
from pipeline.topics import Topics
from tests.integration.flow import Flow, run_flow
from tests.waiting import eventually

TEXT = {"Content-Type": "text/plain; charset=utf-8"}


async def problem(flow: Flow, method: str, path: str, status: int, kind: str, **options: Any) -> dict[str, Any]:
    """Make a request that has to fail, and return its problem."""
    answer = await flow.http.request(method, path, **options)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    found: dict[str, Any] = answer.json()
    assert found["type"] == f"urn:satzstrom:problem:{kind}"
    assert found["status"] == status
    assert found["detail"]
    return found


async def chunks(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def test_json(flow: Flow) -> None:
    body = {"text": "Guten Tag.", "source": "de", "target": "en", "metadata": {"author": "ich"}}
    answer = await flow.http.post("/v1/documents", json=body)
    assert answer.status_code == 202
    accepted = answer.json()
    assert answer.headers["location"] == accepted["url"] == f"/v1/documents/{accepted['id']}"
    at_once = await flow.http.get(accepted["url"])
    assert at_once.status_code == 200, "the id answers from the moment of the 202"
    status = await flow.done(accepted["id"])
    # The engine of these tests does not tell how sure it was.
    unknown = {"high": 0, "medium": 0, "low": 0}
    assert status["sentences"] == {
        "total": 1,
        "translated": 1,
        "suspect": 0,
        "failed": 0,
        "corrected": 0,
        "approved": 0,
        "missed": 0,
        "remembered": 0,
        "confidence": unknown,
    }
    assert (status["progress"], status["eta_seconds"], status["characters"]) == (1.0, 0.0, 10)
    assert status["metadata"] == {"author": "ich"}
    assert status["finished"] >= status["created"]


async def test_text_in_chunks_of_any_size(flow: Flow) -> None:
    data = "Straße für Straße. 😀 Ende.".encode()
    answer = await flow.http.post(
        "/v1/documents?source=de&target=en&id=chunked",
        content=chunks(*(data[i : i + 1] for i in range(len(data)))),
        headers=TEXT,
    )
    assert answer.status_code == 202, answer.text
    assert await flow.text("chunked") == data
    read = await flow.http.get("/v1/documents/chunked/text")
    assert read.headers["content-type"] == "text/plain; charset=utf-8"
    assert read.headers["content-language"] == "en"


async def test_a_file_of_a_form(flow: Flow) -> None:
    data = ("Ein Absatz mit einem Satz.\r\n\r\n" * 10_000).encode()
    answer = await flow.http.post("/v1/documents?id=form", files={"title": (None, "x"), "file": ("buch.txt", data)})
    assert answer.status_code == 202, answer.text
    assert await flow.text("form") == data


async def test_other_encodings_become_utf_8(flow: Flow) -> None:
    answer = await flow.http.post(
        "/v1/documents?id=latin",
        content="Über Größe.".encode("latin-1"),
        headers={"Content-Type": "text/plain; charset=iso-8859-1"},
    )
    assert answer.status_code == 202
    assert (await flow.text("latin")).decode() == "Über Größe."


async def test_empty_and_nul(flow: Flow) -> None:
    for name, text in (("empty", ""), ("nul", "a\0b")):
        assert (await flow.http.post("/v1/documents", json={"id": name, "text": text})).status_code == 202
        assert await flow.text(name) == text.encode()


@pytest.mark.parametrize(
    ("content", "headers", "status", "kind", "detail"),
    [
        (b"", TEXT, 422, "input", "the body is empty"),
        (b"Gr\xfc\xdfe", TEXT, 422, "encoding", "byte 2 cannot be read"),
        (b"ab\xc3", TEXT, 422, "encoding", "byte 2 cannot be read"),
        (b"x", {"Content-Type": "text/plain; charset=klingon"}, 422, "input", "'klingon' is no encoding"),
        (b"x", {"Content-Type": "image/png"}, 415, "media-type", "cannot read image/png"),
        (b"x", {}, 415, "media-type", "without Content-Type"),
        (b"x", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "media-type", "--data-binary"),
        (b"x", {"Content-Type": "multipart/form-data"}, 422, "input", "boundary"),
        (b"x", {"Content-Type": "multipart/form-data; boundary=b"}, 422, "input", "form"),
        (b"--b\r\n\r\nx\r\n--b--\r\n", {"Content-Type": "multipart/form-data; boundary=b"}, 422, "input", "no file"),
        (b"{", {"Content-Type": "application/json"}, 422, "invalid", "body"),
        (b"[]", {"Content-Type": "application/json"}, 422, "invalid", "body"),
        (b"{}", {"Content-Type": "application/json"}, 422, "invalid", "body.text"),
        (b'{"text": 1}', {"Content-Type": "application/json"}, 422, "invalid", "body.text"),
        (b'{"text": "\\ud800x"}', {"Content-Type": "application/json"}, 422, "invalid", "not JSON"),
        (b'{"text": "x", "txet": "y"}', {"Content-Type": "application/json"}, 422, "invalid", "body.txet"),
        (b'{"text": "x", "id": "a b"}', {"Content-Type": "application/json"}, 422, "invalid", "body.id"),
        (b'{"text": "x", "source": "xx"}', {"Content-Type": "application/json"}, 422, "unknown-language", "'xx'"),
        (b'{"text": "x", "metadata": {"a\\u0000": 1}}', {"Content-Type": "application/json"}, 422, "input", "NUL"),
        (b'{"text": "' + b"x" * 8_400_000 + b'"}', {"Content-Type": "application/json"}, 413, "too-large", "text/plain"),
    ],
)  # fmt: skip
async def test_bodies_that_cannot_be_used(  # one flow for all would be faster, but its name says which failed
    flow_once: Flow, content: bytes, headers: dict[str, str], status: int, kind: str, detail: str
) -> None:
    found = await problem(flow_once, "POST", "/v1/documents", status, kind, content=content, headers=headers)
    assert detail in found["detail"]
    listed = (await flow_once.http.get("/v1/documents")).json()
    assert listed["items"] == [], "nothing is left of a document that was refused"


@pytest.fixture(scope="module")
async def flow_once(servers: Any) -> AsyncIterator[Flow]:
    """One pipeline for tests that leave nothing behind."""
    await create(servers.clients, Topics("refused."))
    common = StoreSettings(
        kafka=servers.kafka,
        mongodb=servers.mongodb,
        topic_prefix="refused.",
        database="refused",
        start_timeout=20,
        log_level="INFO",
    )
    async with run_flow(common) as running:
        yield running


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/v1/documents/nobody", 404, "not-found"),
        ("GET", "/v1/documents/nobody/text", 404, "not-found"),
        ("GET", "/v1/documents/nobody/sentences", 404, "not-found"),
        ("DELETE", "/v1/documents/nobody", 404, "not-found"),
        ("GET", "/nowhere", 404, "not-found"),
        ("PUT", "/v1/documents", 405, "method-not-allowed"),
        ("GET", "/v1/documents?limit=0", 422, "invalid"),
        ("GET", "/v1/documents?limit=many", 422, "invalid"),
        ("GET", "/v1/documents?state=lost", 422, "invalid"),
        ("GET", "/v1/documents?after=nonsense", 422, "input"),
        ("GET", "/v1/documents/nobody/text?partial=half", 422, "invalid"),
        ("GET", "/v1/documents/nobody/sentences?after=x", 422, "invalid"),
        ("POST", "/v1/documents?source=xx", 422, "unknown-language"),
        ("POST", "/v1/documents?id=a%00b", 422, "invalid"),
        ("POST", "/v1/documents?priority=urgent", 422, "invalid"),
    ],
)
async def test_requests_that_cannot_be_answered(
    flow_once: Flow, method: str, path: str, status: int, kind: str
) -> None:
    await problem(flow_once, method, path, status, kind, headers=TEXT, content=b"x" if method == "POST" else None)


async def test_invalid_fields_are_named(flow_once: Flow) -> None:
    found = await problem(flow_once, "POST", "/v1/documents", 422, "invalid", json={"text": 1, "priority": "now"})
    assert {error["field"] for error in found["errors"]} == {"body.text", "body.priority"}


async def test_a_wrong_byte_after_the_first_part_leaves_an_incomplete_document(flow: Flow) -> None:
    good = ("Ein ganzer Absatz mit Text.\n\n" * 5000).encode()
    answer = await flow.http.post("/v1/documents?id=broken", content=chunks(good, b"\xff"), headers=TEXT)
    assert answer.status_code == 422
    assert answer.json()["offset"] == len(good)

    async def incomplete() -> bool:
        status = (await flow.http.get("/v1/documents/broken")).json()
        return bool(status["state"] == "incomplete" and status["sentences"]["translated"])

    await eventually(incomplete)
    refused = await problem(flow, "GET", "/v1/documents/broken/text", 409, "not-finished")
    assert "incomplete" in refused["detail"]
    partial = await flow.http.get("/v1/documents/broken/text?partial=source")
    assert good.startswith(partial.content)
    assert partial.content
    corrected = await flow.http.post("/v1/documents?id=broken", content=good + b"Ende.", headers=TEXT)
    assert corrected.status_code == 202, "the corrected text can be sent again under the same id"
    assert await flow.text("broken") == good + b"Ende."


async def test_pages_of_sentences_and_documents(flow: Flow) -> None:
    text = "".join(f"Dies ist der Satz mit der Nummer {number} im Text. " for number in range(25))
    await flow.http.post("/v1/documents", json={"id": "paged", "text": text})
    await flow.http.post("/v1/documents", json={"id": "second", "text": "Kurz."})
    await flow.done("paged")
    await flow.done("second")
    sentences: list[dict[str, Any]] = []
    after = ""
    while True:
        page = (await flow.http.get(f"/v1/documents/paged/sentences?limit=10{after}")).json()
        sentences += page["items"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert len(sentences) == 25
    assert all(text[s["span"][0] : s["span"][1]] == s["source"] == s["translation"] for s in sentences)
    first = (await flow.http.get("/v1/documents?limit=1")).json()
    second = (await flow.http.get(f"/v1/documents?limit=1&after={first['next']}")).json()
    assert [page["items"][0]["id"] for page in (first, second)] == ["second", "paged"]
    assert second["next"] is None


async def test_deleting(flow: Flow) -> None:
    await flow.http.post("/v1/documents", json={"id": "gone", "text": "Weg damit."})
    await flow.done("gone")
    assert (await flow.http.delete("/v1/documents/gone")).status_code == 204
    await problem(flow, "GET", "/v1/documents/gone", 404, "not-found")
    await problem(flow, "DELETE", "/v1/documents/gone", 404, "not-found")
    await problem(flow, "POST", "/v1/documents", 409, "ended", json={"id": "gone", "text": "Weg damit."})


async def test_a_pair_without_a_model_is_refused_with_the_list(settings: StoreSettings) -> None:
    async with run_flow(settings, engine="ctranslate2") as flow:
        found = await problem(
            flow, "POST", "/v1/documents", 422, "unknown-pair", json={"text": "Salut.", "source": "fr", "target": "de"}
        )
        assert found["pairs"] == [{"source": "de", "target": "en"}]
        found = await problem(flow, "POST", "/v1/documents?model=big", 422, "unknown-model", content=b"x", headers=TEXT)
        assert found["models"] == ["de-en-tiny@1"]
        await flow.put(b'{"id": "french", "text": "Salut.", "source": "fr", "target": "de"}')
        (letter,) = await flow.dead_letters(1)
        headers = dict(letter.headers)
        assert headers["__connect.errors.exception.message"].decode() == "no model translates fr→de; available: de→en"
        await problem(flow, "GET", "/v1/documents/french", 404, "not-found")
        await flow.http.post("/v1/documents", json={"id": "real", "text": "Guten Morgen! Das ist ein Haus."})
        status = await flow.done("real")
        assert status["model"] == "de-en-tiny@1"
        assert b"house" in await flow.text("real")


async def test_documents_are_taken_and_wait_where_no_translator_runs_yet(settings: StoreSettings) -> None:
    async with run_flow(settings, ("segmenter", "sink", "api")) as flow:
        assert (await flow.http.get("/livez")).json() == {"status": "alive"}
        ready = await flow.http.get("/readyz")
        assert (ready.status_code, ready.json()) == (200, {"status": "ready", "translators": 0, "models": []})
        overview = (await flow.http.get("/v1/pipeline")).json()
        assert (overview["ready"], overview["missing"]) == (False, ["no translator is warm"])
        answer = await flow.http.post("/v1/documents", json={"id": "early", "text": "Ich kann warten."})
        assert answer.status_code == 202
        async with run_flow(settings, ("translator",)):
            assert await flow.text("early") == b"Ich kann warten."
            ready = await flow.http.get("/readyz")
            assert ready.json() == {"status": "ready", "translators": 1, "models": ["identity@1"]}


async def test_openapi_describes_every_answer(flow_once: Flow) -> None:
    described = (await flow_once.http.get("/openapi.json")).json()
    assert set(described["paths"]) == {
        "/v1/documents",
        "/v1/documents/{document}",
        "/v1/documents/{document}/text",
        "/v1/documents/{document}/sentences",
        "/v1/documents/{document}/sentences/{part}/{index}",
        "/v1/documents/{document}/sentences/{part}/{index}/matches",
        "/v1/documents/{document}/outline",
        "/v1/documents/{document}/edits",
        "/v1/documents/{document}/parts",
        "/v1/documents/{document}/parts/{part}",
        "/v1/documents/{document}/cancel",
        "/v1/documents/{document}/export",
        "/v1/documents/{document}/file",
        "/v1/batches",
        "/v1/batches/{batch}",
        "/v1/batches/{batch}/files/{position}",
        "/v1/translate",
        "/v1/glossaries",
        "/v1/glossaries/{glossary}",
        "/v1/glossaries/{glossary}/entries",
        "/v1/glossaries/{glossary}/file",
        "/v1/memory",
        "/v1/memory/counts",
        "/v1/memory/tmx",
        "/v1/memory/units/{unit}",
        "/v1/files/{file}",
        "/v1/search",
        "/v1/documents/{document}/events",
        "/v1/dead-letters",
        "/v1/dead-letters/{letter}",
        "/v1/dead-letters/{letter}/replay",
        "/v1/callbacks/secrets",
        "/v1/callbacks/test",
        "/v1/models",
        "/v1/models/reload",
        "/v1/pairs",
        "/v1/formats",
        "/v1/pipeline",
        "/asyncapi",
        "/asyncapi.json",
        "/v1/usage",
        "/livez",
        "/readyz",
        "/translate",
        "/detect",
        "/languages",
        "/translate_file",
        "/download_file/{name}",
        "/health",
        "/frontend/settings",
        "/v2/translate",
        "/v2/document",
        "/v2/document/{document}",
        "/v2/document/{document}/result",
        "/v2/usage",
        "/v2/languages",
        "/v2/glossaries",
        "/v2/glossaries/{glossary}",
        "/v2/glossaries/{glossary}/entries",
        "/v2/glossary-language-pairs",
        "/v2/write/rephrase",
        "/v2/write/correct",
        "/v3/glossaries",
        "/v3/glossaries/{glossary}",
        "/v3/glossaries/{glossary}/entries",
        "/v3/glossaries/{glossary}/dictionaries",
        "/v3/style_rules",
        "/v3/translation_memories",
        "/v3/translation_memories/import",
        "/v3/voice/realtime",
        "/v1/encodings",
        "/suggest",
    }
    submit = described["paths"]["/v1/documents"]["post"]
    assert set(submit["requestBody"]["content"]) == {"application/json", "text/plain", "multipart/form-data"}
    assert {"202", "401", "409", "413", "415", "422", "429", "503"} <= set(submit["responses"])
    text = json.dumps(described)
    assert "HTTPValidationError" not in text, "validation errors are problems, too"


async def test_a_document_sent_again_under_its_key_is_the_same(flow: Flow) -> None:
    key = {"Idempotency-Key": "order-4711"}
    body = {"text": "Guten Tag. Wie geht es?"}
    first = await flow.http.post("/v1/documents", json=body, headers=key)
    # At once, before anything of it is stored, and again when it is done.
    again = await flow.http.post("/v1/documents", json=body, headers=key)
    assert (first.status_code, again.status_code) == (202, 202)
    document = first.json()["id"]
    assert again.json()["id"] == document
    other = {"text": "Etwas anderes."}
    found = await problem(flow, "POST", "/v1/documents", 422, "key-reused", json=other, headers=key)
    assert "use a new key" in found["detail"]
    await flow.done(document)
    assert (await flow.http.post("/v1/documents", json=body, headers=key)).json()["id"] == document
    found = await problem(flow, "POST", "/v1/documents", 422, "key-reused", content=b"Neu.", headers=key | TEXT)
    different = await flow.http.post("/v1/documents", json=other, headers={"Idempotency-Key": "order-4712"})
    assert different.json()["id"] != document
    assert len((await flow.http.get("/v1/documents")).json()["items"]) == 2


async def test_with_keys_only_those_who_bring_one_are_answered(settings: StoreSettings, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text("# of the tests\nan-example-of-a-key-1\nan-example-of-a-key-2\n")
    async with run_flow(settings, keys=keys) as flow:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic an-example-of-a-key-1"}):
            found = await problem(flow, "GET", "/v1/documents", 401, "unauthorized", headers=headers)
            assert "Authorization: Bearer KEY" in found["detail"]
            await problem(flow, "POST", "/v1/documents", 401, "unauthorized", json={"text": "Nein."}, headers=headers)
        right = {"Authorization": "Bearer an-example-of-a-key-2"}
        assert (await flow.http.post("/v1/documents", json={"text": "Ja."}, headers=right)).status_code == 202
        assert (await flow.http.get("/livez")).status_code == 200
        assert (await flow.http.get("/readyz")).status_code == 200


def test_keys_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    with pytest.raises(SetupError, match="SATZSTROM_API_KEYS_FILE: cannot read"):
        read_keys(keys)
    keys.write_text("short\n")
    with pytest.raises(SetupError, match="fewer than 16 characters"):
        read_keys(keys)
