"""Documents that are files: they come back in their own format, and nothing of them is lost or left behind."""

import asyncio
import io
import json
import re
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from api.problems import FileTooLargeError
from formats.document import Notes, Options
from formats.errors import DocumentError
from formats.table import kind_of
from formats.web import html
from pipeline.errors import ConflictError
from pipeline.events import OfferedModel, Sentence, Translation, TranslatorStatus, decode, encode
from pipeline.settings import StoreSettings
from store.collections import Collections
from store.documents.filed import FiledDocuments
from store.files import CHUNK, FileStore
from store.ownership import Ownership
from tests.integration.flow import Flow, run_flow
from tests.unit.formats.office.test_word import document
from tests.waiting import eventually

FOLDER = Path(__file__).parents[1] / "data" / "formats"
SMALL = b"<!DOCTYPE html>\n<html lang=de><title>Ein Titel</title><p>Ein <b>Satz</b>. Noch einer.</p>\n</html>\n"
LONG = b"<html lang=de>" + b"".join(b"<p>Das ist der Satz %d.</p>\n" % number for number in range(12_000)) + b"</html>"


async def send(flow: Flow, data: bytes, **query: str) -> Any:
    answer = await flow.http.post("/v1/documents", params=query, content=data)
    assert answer.status_code == 202, answer.text
    return answer.json()


async def left(collections: Collections) -> tuple[int, int]:
    """Return how many files and chunks are in the store."""
    return await collections.files.count_documents({}), await collections.chunks.count_documents({})


async def test_its_own_markup_is_around_the_translated_words(german: Flow) -> None:
    await send(german, SMALL, filename="Brief an Oma.html", id="d")
    await german.done("d")
    answer = await german.http.get("/v1/documents/d/file")
    page = answer.text
    assert "Brief%20an%20Oma_en.html" in answer.headers["content-disposition"]
    assert "<b>" in page
    assert "Satz" not in page
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')


async def test_a_file_that_broke_off_goes_on(flow: Flow, collections: Collections) -> None:
    data = bytes(range(256)) * 10_000
    first = await flow.http.put(
        "/v1/files/f?filename=a.docx",
        content=data[: CHUNK + 9],
        headers={"Content-Range": f"bytes 0-{CHUNK + 8}/{len(data)}"},
    )
    assert (first.json()["bytes"], first.json()["complete"]) == (CHUNK, False)
    assert (await flow.http.post("/v1/documents?file=f")).status_code == 409
    rest = {"Content-Range": f"bytes {CHUNK}-{len(data) - 1}/{len(data)}"}
    done = (await flow.http.put("/v1/files/f?filename=a.docx", content=data[CHUNK:], headers=rest)).json()
    assert (done["bytes"], done["complete"]) == (len(data), True)
    store = FileStore(collections)
    assert b"".join([chunk async for chunk in store.chunks("/f")]) == data
    again = await flow.http.put("/v1/files/f?filename=a.docx", content=data)
    assert again.json()["digest"] == done["digest"]
    assert (await flow.http.put("/v1/files/f?filename=a.docx", content=data[1:])).status_code == 409
    assert await store.get(Ownership("bob", everything=False), "/f") is None
    await collections.files.update_one(
        {"_id": "/f"}, {"$set": {"metadata.look": datetime.now(UTC) - timedelta(days=1)}}
    )
    assert await store.due() == ["/f"]
    assert not await store.settle("/f")
    assert await left(collections) == (0, 0)


async def test_of_two_uploads_of_a_file_the_newer_one_counts_and_none_has_bytes_of_the_other(
    flow: Flow, collections: Collections
) -> None:
    going_on = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"a" * 2 * CHUNK
        await going_on.wait()
        yield b"a" * 2 * CHUNK

    first = asyncio.create_task(flow.http.put("/v1/files/f?filename=a.docx", content=slowly()))

    async def begun() -> bool:
        return await collections.chunks.count_documents({}) == 2

    await eventually(begun, what="two chunks")
    newer = (await flow.http.put("/v1/files/f?filename=a.docx", content=b"b" * (CHUNK + 1))).json()
    assert (newer["bytes"], newer["complete"]) == (CHUNK + 1, True)
    going_on.set()
    answer = await first
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:satzstrom:problem:conflict")
    store = FileStore(collections)
    assert b"".join([chunk async for chunk in store.chunks("/f")]) == b"b" * (CHUNK + 1)
    # Nor does what goes on with less than there was keep the rest of it.
    begun_anew = await store.begin(Ownership(None, everything=True), "/g", name="g", media_type="")
    for number in range(3):
        await store.append(begun_anew, number, b"c" * CHUNK)
    range_ = {"Content-Range": f"bytes {CHUNK}-{CHUNK + 4}/{CHUNK + 5}"}
    done = (await flow.http.put("/v1/files/g?filename=a.docx", content=b"d" * 5, headers=range_)).json()
    assert (done["bytes"], done["complete"]) == (CHUNK + 5, True)
    assert b"".join([chunk async for chunk in store.chunks("/g")]) == b"c" * CHUNK + b"d" * 5
    with pytest.raises(ConflictError):
        await store.append(begun_anew, 0, b"e")
    assert b"".join([chunk async for chunk in store.chunks("/g")]) == b"c" * CHUNK + b"d" * 5


async def test_the_same_file_again_is_the_same_document_and_another_is_refused(
    flow: Flow, collections: Collections
) -> None:
    for _ in range(2):
        await send(flow, SMALL, filename="a.html", id="d")
    await flow.done("d")
    for other in (SMALL.replace(b"Noch", b"Und noch"), SMALL.replace(b"<b>", b"<i>").replace(b"</b>", b"</i>")):
        answer = await flow.http.post("/v1/documents?id=d&filename=a.html", content=other)
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:satzstrom:problem:conflict"), answer.text
    assert await left(collections) == (1, 1), "what was sent in vain is not kept"
    assert (await flow.http.delete("/v1/documents/d")).status_code == 204
    assert await left(collections) == (0, 0)


HUGE = 500_000_000


async def told(flow: Flow, request: str, *body: bytes, length: int = HUGE) -> tuple[int, Any]:
    """Begin a request that declares a body of some length, and return what is answered before the rest of it comes."""
    reader, writer = await asyncio.open_connection(flow.http.base_url.host, flow.http.base_url.port)
    try:
        async with asyncio.timeout(10):
            writer.write(f"{request}\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n".encode() + b"".join(body))
            await writer.drain()
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            size = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
            assert size is not None
            return int(head.split()[1]), json.loads(await reader.readexactly(int(size[1])))
    finally:
        writer.close()


def section(name: str, value: bytes = b"", *, headers: str = "") -> bytes:
    """Return a section of a form whose boundary is `b`."""
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{headers}\r\n\r\n'.encode() + value + b"\r\n"


async def test_too_large_a_file_is_refused_and_not_kept(settings: StoreSettings, collections: Collections) -> None:
    form, file = "\r\nContent-Type: multipart/form-data; boundary=b", '; filename="a.docx"'
    async with run_flow(settings, ("api",), api={"file_bytes": CHUNK + 10}) as flow:
        await announce(flow)
        # What says beforehand how large it is: at once, in the words of its route.
        begun = section("file", b"x" * 100, headers=file)[:-2]
        fields = section("source", b"de") + section("target", b"en")
        asked = section("source_lang", b"DE") + section("target_lang", b"EN")
        answers = [
            await told(flow, "POST /v1/documents?filename=a.docx HTTP/1.1"),
            await told(flow, f"POST /v1/documents HTTP/1.1{form}", begun, b"x" * CHUNK),
            await told(flow, "PUT /v1/files/f?filename=a.docx HTTP/1.1"),
            await told(
                flow,
                f"PUT /v1/files/f?filename=a.docx HTTP/1.1\r\nContent-Range: bytes 0-9/{HUGE}",
                b"x" * 10,
                length=10,
            ),
            await told(flow, f"POST /v2/document HTTP/1.1{form}", asked, begun),
            await told(flow, f"POST /translate_file HTTP/1.1{form}", fields, begun),
        ]
        assert [status for status, _ in answers] == [413] * 6, answers
        assert [next(iter(said)) for _, said in answers[4:]] == ["message", "error"]
        words = {said.get("detail") or said.get("message") or said["error"] for _, said in answers}
        assert words == {str(FileTooLargeError(CHUNK + 10))}
        assert [said["type"] for _, said in answers[:4]] == ["urn:satzstrom:problem:too-large"] * 4
        # Of a batch only what a file itself says is its own.
        declared = section("files", b"x", headers=f"{file}\r\nContent-Length: {HUGE}") + b"--b--\r\n"
        _, batch = await told(flow, f"POST /v1/batches HTTP/1.1{form}", declared, length=len(declared))
        assert batch["documents"][0]["problem"]["type"] == "urn:satzstrom:problem:too-large"
        # A text may have any length, and a form is larger than its file.
        text = await flow.http.post("/v1/documents?id=long&filename=a.txt", content=b"\n" * (CHUNK + 20))
        assert text.status_code == 202, text.text
        small = await flow.http.post("/v1/documents", files={"file": ("a.docx", b"x" * CHUNK)})
        assert (small.status_code, small.json()["type"]) == (422, "urn:satzstrom:problem:file")
        assert await collections.files.count_documents({}) == 0
        assert (await flow.http.get("/v1/files/f")).status_code == 404

        async def in_chunks() -> AsyncIterator[bytes]:
            yield b"x" * (CHUNK + 11)

        # What does not say so: as soon as it is.
        for answer in (
            await flow.http.post("/v1/documents?filename=a.docx", content=in_chunks()),
            await flow.http.put("/v1/files/f?filename=a.docx", content=in_chunks()),
        ):
            assert (answer.status_code, answer.json()["detail"]) == (413, str(FileTooLargeError(CHUNK + 10)))
        assert await left(collections) == (0, 0)


async def test_files_that_wait_for_documents_have_a_limit_together(
    settings: StoreSettings, collections: Collections
) -> None:
    async with run_flow(settings, api={"kept_files_bytes": 3 * CHUNK}) as flow:
        put = flow.http.put
        assert (await put("/v1/files/a?filename=a.html", content=SMALL)).status_code == 200
        assert (await put("/v1/files/b?filename=b.html", content=b"x" * (CHUNK + 9))).status_code == 200
        answer = await put("/v1/files/c?filename=c.html", content=SMALL)
        assert (answer.status_code, answer.json()["type"]) == (413, "urn:satzstrom:problem:too-large")
        assert "3,145,728 bytes together, and 2,097,161 are kept besides" in answer.json()["detail"]
        assert "DELETE /v1/files/ID" in answer.json()["detail"]
        assert (await flow.http.get("/v1/files/c")).status_code == 404, "nothing was begun"

        async def in_chunks() -> AsyncIterator[bytes]:
            for _ in range(4):
                yield b"y" * CHUNK

        # Its length is not said: what is there of it is found out while it comes.
        assert (await put("/v1/files/b?filename=b.html", content=b"other")).status_code == 409
        assert (await flow.http.delete("/v1/files/b")).status_code == 204
        assert (await put("/v1/files/d?filename=d.html", content=in_chunks())).status_code == 413
        assert (await flow.http.get("/v1/files/d")).json()["bytes"] == 2 * CHUNK
        assert await collections.chunks.count_documents({"files_id": "/d"}) == 2
        # The same again, and documents of what is there, need no room.
        assert (await put("/v1/files/a?filename=a.html", content=SMALL)).status_code == 200
        assert (await flow.http.post("/v1/documents?id=d&file=a")).status_code == 202
        await flow.done("d")
        assert await FileStore(collections).kept(Ownership("bob", everything=True), without="") == 0


async def on_command_line(flow: Flow, *arguments: str, succeeds: bool = True) -> bytes:
    """Run a command of `satzstrom` on the flow, and return what it prints; what it complains of if it fails."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "producer", *arguments, "--api", str(flow.http.base_url),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(60):
        printed, complained = await process.communicate()
    assert (process.returncode == 0) == succeeds, complained
    return printed if succeeds else complained


async def announce(flow: Flow) -> None:
    """Say that a translator is there, and wait until the API knows. It takes nothing."""
    model = OfferedModel(id="hand@1", source="de", target="en", preferred=True)
    status = TranslatorStatus(id="hand", engine="hand", device="cpu", state="ready", models=[model], at=0)
    await flow.put(encode(status), topic=flow.topics.translators, key=b"hand")

    async def check() -> bool:
        return (await flow.http.get("/readyz")).status_code == 200

    await eventually(check, within=20, what="the API knows the translator")


async def translate(flow: Flow, name: str, count: int, wanted: dict[str, str], *, before: int = 0) -> None:
    """Translate by hand the sentences that are `wanted`, of the `count` that a document has; `before`: are translated."""
    topic = flow.topics.sentences_interactive
    found = [decode(Sentence, record.value) for record in await flow.records(topic, count)]
    made = [
        Translation(
            document=one.document, part=one.part, index=one.index, revision=one.revision, text=wanted[one.text],
            source="de", target="en", model="hand@1",
        )
        for one in found if one.document == name and one.text in wanted
    ]  # fmt: skip
    assert len(made) == len(wanted), [one.text for one in found]
    for one in made:
        await flow.put(encode(one), topic=flow.topics.translations, key=name.encode())

    async def check() -> bool:
        status = (await flow.http.get(f"/v1/documents/{name}")).json()
        return bool(status["sentences"]["translated"] == before + len(wanted))

    await eventually(check, within=20, what="the sentences that are translated")


WORD = document(
    "<w:p><w:r><w:t xml:space='preserve'>Ein </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>Satz</w:t></w:r>"
    "<w:r><w:t>. Noch einer.</w:t></w:r></w:p><w:p><w:r><w:t>Ganz am Ende.</w:t></w:r></w:p>"
)
PAGE = b"<html lang=de><p>Ein <b>Satz</b>. Noch einer.</p><p>Ganz am Ende.</p></html>"


def shown(name: str, data: bytes) -> list[str]:
    """Return the texts that a file has."""
    kind = kind_of(name)
    assert kind is not None
    return [" ".join(text.split()) for text in kind.reader().read(io.BytesIO(data), Options(), Notes())]


@pytest.mark.parametrize(("name", "data"), [("a.html", PAGE), ("a.docx", WORD)])
async def test_what_is_there_so_far_is_given_in_its_own_format(settings: StoreSettings, name: str, data: bytes) -> None:
    async with run_flow(settings, ("segmenter", "sink", "api")) as flow:
        await announce(flow)
        await send(flow, data, filename=name, id="d", source="de", target="en")
        await translate(flow, "d", 3, {"Ein Satz.": "A sentence.", "Ganz am Ende.": "At the very end."})
        refused = await flow.http.get("/v1/documents/d/file")
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:satzstrom:problem:not-finished")
        expected = {
            "source": ["A sentence. Noch einer.", "At the very end."],
            "skip": ["A sentence.", "At the very end."],
        }
        for partial, texts in expected.items():
            answer = await flow.http.get(f"/v1/documents/d/file?partial={partial}")
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-length"] == str(len(answer.content))
            assert shown(name, answer.content) == texts
        assert shown(name, await on_command_line(flow, "get", "d", "--partial")) == expected["source"]
        assert b"--partial" in await on_command_line(flow, "get", "d", succeeds=False)
        await translate(flow, "d", 3, {"Noch einer.": "Another one."}, before=2)
        await flow.done("d")
        for partial in ("none", "source", "skip"):
            whole = (await flow.http.get(f"/v1/documents/d/file?partial={partial}")).content
            assert shown(name, whole) == ["A sentence. Another one.", "At the very end."]


async def test_a_file_whose_end_is_damaged_leaves_its_beginning_and_a_reason(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
        del file, options, notes
        for number in range(20_000):
            yield f"Das ist der Satz {number}."
        raise DocumentError("the file is damaged behind text 20000; save it anew")

    monkeypatch.setattr(html, "read", read)
    answer = await flow.http.post("/v1/documents?id=d&filename=a.html", content=LONG)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:satzstrom:problem:file")
    status = (await flow.http.get("/v1/documents/d")).json()
    assert (status["state"], status["reason"]) == ("incomplete", "the file is damaged behind text 20000; save it anew")


async def test_another_process_goes_on_where_one_was_killed(
    settings: StoreSettings, collections: Collections, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = 0
    kept = FiledDocuments.note

    async def note(self: Any, *arguments: Any) -> None:
        nonlocal sent
        sent += 1
        if sent == 4:
            raise RuntimeError("killed")
        await kept(self, *arguments)

    monkeypatch.setattr("api.files.resuming.SILENT", timedelta(seconds=1))
    monkeypatch.setattr(FiledDocuments, "note", note)
    async with run_flow(settings) as flow:
        answer = await flow.http.post("/v1/documents?id=d&filename=a.html", content=LONG)
        assert answer.status_code == 500
        before = await collections.documents.find_one({"_id": "d"})
        assert before is not None
        assert before["state"] == "receiving"
        # As if it had been killed longer ago.
        await collections.documents.update_one({"_id": "d"}, {"$set": {"created": datetime(2026, 1, 1, tzinfo=UTC)}})
        await flow.done("d", within=60)
        assert (await flow.http.get("/v1/documents/d/file")).content == LONG
        assert await left(collections) == (1, 1)


@pytest.mark.parametrize("become", [["Ein Satz.", "Noch einer."], ["Ein Titel"], ["Ein Titel", "Anders."]])
async def test_a_file_that_is_read_otherwise_by_now_is_not_written(
    flow: Flow, monkeypatch: pytest.MonkeyPatch, become: list[str]
) -> None:
    await send(flow, SMALL, filename="a.html", id="d")
    await flow.done("d")
    with monkeypatch.context() as newer:
        newer.setattr(html, "read", lambda *_: iter(become))
        answer = await flow.http.get("/v1/documents/d/file")
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json"), answer.text
    assert "content-disposition" not in answer.headers
    assert (await flow.http.get("/v1/documents/d/file")).content == SMALL
    assert (await flow.http.get("/v1/documents/d/text")).status_code == 200
