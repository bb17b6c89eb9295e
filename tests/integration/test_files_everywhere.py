"""Files over every way in and out: each comes back as it was, and what is wrong is said in the same words."""

import asyncio
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import PurePath
from xml.etree import ElementTree

import pytest

from formats.document import Notes, Options
from formats.table import kind_of
from store.collections import Collections
from tests.integration.flow import Flow
from tests.integration.test_files import FOLDER, SMALL, left, on_command_line, send
from tests.unit.formats.test_bad_files import SAYS

APART = ("bad", "pdf")
"""What never comes back, and what comes back as another kind."""


async def test_every_kind_of_file_comes_back_as_it_was_where_nothing_changes(flow: Flow) -> None:
    paths = [
        path
        for path in sorted(FOLDER.glob("*/*"))
        if path.parent.name != "bad" and (kind := kind_of(path.name)) is not None and not kind.outputs
    ]
    assert {path.parent.name for path in paths} == {path.name for path in FOLDER.iterdir()} - {*APART, "expected.jsonl"}
    few = asyncio.Semaphore(8)

    async def check(number: int, name: str, data: bytes) -> None:
        async with few:
            await comes_back(flow, f"file{number}", name, data)
            await comes_back_in_dialects(flow, name, data)

    await asyncio.gather(*(check(number, path.name, path.read_bytes()) for number, path in enumerate(paths)))


SAID_OF = {
    "06-tracked-changes.docx": "racked changes",
    "01-shop.csv": '"names of columns": 4',
    "13-macro.docm": "macro",
}
"""What has to be in the status of some of them."""


def kind_read(name: str, data: bytes) -> tuple[list[str], Notes]:
    """Return the texts of a file, and what is said of it; of texts, that are sent on as they are, nothing."""
    kind, notes = kind_of(name), Notes()
    assert kind is not None
    if kind.is_text:
        return [], notes
    options = Options(source="de", stated="de", target="en")
    return list(kind.reader().read(io.BytesIO(data), options, notes)), notes


def squeezed(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())


class Words(HTMLParser):
    """What a web page shows."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def characters(form: str, content: bytes) -> str:
    """Return the texts of an export, without white space. Raises if it is not well formed."""
    if form == "html":
        page = Words()
        page.feed(content.decode())
        page.close()
        return squeezed("".join(page.pieces))
    if form == "docx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read("word/document.xml")
    return squeezed("".join(ElementTree.fromstring(content).itertext()))


async def is_exported(flow: Flow, document: str, name: str, texts: list[str]) -> None:
    """Compare the sentences of a document, and its exports, with its texts."""
    lines = (await flow.http.get(f"/v1/documents/{document}/export?format=jsonl")).text.splitlines()
    sentences = [squeezed(json.loads(line)["source"]) for line in lines]
    whole, place = squeezed("".join(texts)), 0
    for sentence in sentences if texts else []:
        place = whole.index(sentence, place) + len(sentence)
    assert len(sentences) >= sum(any(sign.isalpha() for sign in text) for text in texts) // 2, name
    for form in ("html", "tmx", "xliff", "docx"):
        answer = await flow.http.get(f"/v1/documents/{document}/export?format={form}")
        assert answer.status_code == 200, answer.text
        exported = characters(form, answer.content)
        assert [one for one in sentences if exported.count(one) < 2] == [], (name, form)


async def comes_back(flow: Flow, document: str, name: str, data: bytes) -> None:
    """Send a file, and compare what comes back, and what is said of it."""
    kind = kind_of(name)
    assert kind is not None
    await send(flow, data, filename=name, id=document)
    status = await flow.done(document)
    if name == "12-contract.docx":
        chapters = (await flow.http.get(f"/v1/documents/{document}/outline")).json()["items"]
        assert [one["source"] for one in chapters][:3] == ["Mietvertrag", "§ 1 Mietsache", "§ 2 Dauer"]
        assert {one["level"] for one in chapters} == {1}
    assert status["metadata"]["filename"] == name
    assert (status["format"], status["read"] is None) == (kind.name, kind.is_text)
    found, notes = kind_read(name, data)
    assert (status["left"], status["warnings"]) == (dict(notes.left), notes.warnings), name
    assert name not in SAID_OF or SAID_OF[name] in json.dumps(status["left"]) + json.dumps(status["warnings"])
    await is_exported(flow, document, name, found)
    answer = await flow.http.get(f"/v1/documents/{document}/file")
    assert answer.status_code == 200, answer.text
    assert answer.content == data, name
    # Files keep their encodings, so nothing is said of them; texts are given in UTF-8.
    assert answer.headers["content-type"] == kind.media_types[0] + ("; charset=utf-8" if kind.is_text else "")
    assert kind.is_text or answer.headers["content-length"] == str(len(data))
    assert f'filename="{PurePath(name).stem}_en{PurePath(name).suffix}"' in answer.headers["content-disposition"]


async def comes_back_in_dialects(flow: Flow, name: str, data: bytes) -> None:
    """Send a file as clients of DeepL and LibreTranslate do, and compare what they get."""
    file = {"file": (name, data)}
    answer = await flow.http.post("/v2/document", data={"target_lang": "EN", "source_lang": "DE"}, files=file)
    handle = answer.json()
    await flow.done(handle["document_id"])
    key = {"document_key": handle["document_key"]}
    assert (await flow.http.post(f"/v2/document/{handle['document_id']}/result", data=key)).content == data, name
    made = await flow.http.post("/translate_file", data={"source": "de", "target": "en"}, files=file)
    assert (await flow.http.get(made.json()["translatedFileUrl"])).content == data, name


@pytest.mark.parametrize("way", ["form", "type", "stored"])
async def test_every_way_to_say_what_a_file_is(flow: Flow, way: str) -> None:
    if way == "form":
        answer = await flow.http.post("/v1/documents?id=d", files={"file": ("a.htm", SMALL)})
    elif way == "type":
        answer = await flow.http.post("/v1/documents?id=d", content=SMALL, headers={"Content-Type": "text/html"})
    else:
        assert (await flow.http.put("/v1/files/f?filename=a.html", content=SMALL)).status_code == 200
        answer = await flow.http.post("/v1/documents?id=d&file=f")
        assert (await flow.http.delete("/v1/files/f")).status_code == 204
    assert answer.status_code == 202, answer.text
    await flow.done("d")
    assert (await flow.http.get("/v1/documents/d/file")).content == SMALL


async def test_bad_files_are_refused_in_the_same_words_by_every_route_and_leave_nothing(
    flow: Flow, collections: Collections
) -> None:
    few = asyncio.Semaphore(4)

    async def check(name: str) -> None:
        async with few:
            said = await said_of(flow, name, (FOLDER / "bad" / name).read_bytes())
        assert len(said) == 5, name
        assert len({words for _, words in said}) == 1, said
        assert re.search(SAYS[name], said[0][1]), said[0]
        assert [status for status, _ in said] in ([422, 422, 422, 400, 400], [415, 415, 415, 415, 400]), said

    await asyncio.gather(*map(check, SAYS))
    assert await left(collections) == (0, 0)
    assert await collections.documents.count_documents({"state": {"$ne": "deleted"}}) == 0


async def said_of(flow: Flow, name: str, data: bytes) -> list[tuple[int, str]]:
    """Send a file over every route, and return the status of each and what it says is wrong."""
    http, file = flow.http, {"file": (name, data)}
    alone = await http.post(f"/v1/documents?filename={name}", content=data)
    batch = (await http.post("/v1/batches", files={"files": (name, data)})).json()["documents"][0]
    assert (batch["state"], batch["problem"]["type"]) == (None, alone.json()["type"])
    stored = await http.put(f"/v1/files/{name}?filename={name}", content=data)
    if stored.status_code == 200:
        stored = await http.post(f"/v1/documents?file={name}")
        assert (await http.delete(f"/v1/files/{name}")).status_code == 204
    deepl = await http.post("/v2/document", data={"target_lang": "EN"}, files=file)
    libre = await http.post("/translate_file", data={"source": "de", "target": "en"}, files=file)
    return [
        (alone.status_code, alone.json()["detail"]),
        (alone.status_code, batch["problem"]["detail"]),
        (stored.status_code, stored.json()["detail"]),
        (deepl.status_code, deepl.json()["message"]),
        (libre.status_code, libre.json()["error"]),
    ]


async def test_kinds_that_are_not_translated_are_named(flow: Flow) -> None:
    answer = await flow.http.post("/v1/documents?filename=a.psd", content=b"text")
    assert (answer.status_code, answer.json()["type"]) == (415, "urn:satzstrom:problem:file-format")
    assert "files of the kind .psd are not translated; send .txt" in answer.json()["detail"]
    declared = await flow.http.post(
        "/v1/documents?filename=a.psd", content=b"text", headers={"Content-Type": "text/plain"}
    )
    assert declared.status_code == 202


async def test_other_dialects_give_files_back(flow: Flow) -> None:
    name = "01-runs.docx"
    data = (FOLDER / "docx" / name).read_bytes()
    asked = {"target_lang": "EN", "source_lang": "DE", "output_format": "docx"}
    handle = (await flow.http.post("/v2/document", data=asked, files={"file": (name, data)})).json()
    await flow.done(handle["document_id"])
    key = {"document_key": handle["document_key"]}
    assert (await flow.http.post(f"/v2/document/{handle['document_id']}/result", data=key)).content == data
    made = await flow.http.post("/translate_file", data={"source": "de", "target": "en"}, files={"file": (name, data)})
    assert (await flow.http.get(made.json()["translatedFileUrl"])).content == data
    assert ".docx" in (await flow.http.get("/frontend/settings")).json()["supportedFilesFormat"]
    await pdf_comes_back(flow)
    files = [("files", (name, data)), ("files", ("a.html", SMALL)), ("files", ("b.psd", b"x"))]
    batch = (await flow.http.post("/v1/batches?id=b", files=files)).json()
    assert batch["refused"] == 1
    await flow.done("b.0")
    assert (await flow.http.get("/v1/documents/b.0/file")).content == data


async def pdf_comes_back(flow: Flow) -> None:
    """Send a PDF as clients of other services do, and look at what it becomes."""
    data = (FOLDER / "pdf" / "02-two-columns.pdf").read_bytes()
    fields = {"target_lang": "EN", "source_lang": "DE"}

    async def by_deepl(name: str, wanted: dict[str, str], suffix: str) -> None:
        sent = await flow.http.post("/v2/document", data=fields | wanted, files={"file": (name, data)})
        handle = sent.json()
        await flow.done(handle["document_id"])
        key = {"document_key": handle["document_key"]}
        given = await flow.http.post(f"/v2/document/{handle['document_id']}/result", data=key)
        assert f'filename="bericht_en.{suffix}"' in given.headers["content-disposition"]
        assert "DerBrandvon1908" in characters(suffix, given.content)

    async def by_libretranslate(name: str) -> None:
        asked = {"source": "de", "target": "en"}
        made = await flow.http.post("/translate_file", data=asked, files={"file": (name, data)})
        assert made.json()["translatedFileUrl"].endswith(".bericht_en.docx")
        given = await flow.http.get(made.json()["translatedFileUrl"])
        assert "DerBrandvon1908" in characters("docx", given.content)

    await asyncio.gather(
        by_deepl("bericht.pdf", {"output_format": "html"}, "html"),
        by_deepl("bericht.pdf", {"output_format": "docx"}, "docx"),
        # Also where the name does not say what it is.
        by_deepl("bericht", {}, "docx"),
        by_libretranslate("bericht.pdf"),
        by_libretranslate("bericht"),
    )
    refused = await flow.http.post(
        "/v2/document", data=fields | {"output_format": "odt"}, files={"file": ("a.pdf", data)}
    )
    assert (refused.status_code, refused.json()) == (
        400,
        {"message": "a PDF is given back as docx or html, not as odt"},
    )


async def test_columns_of_a_table_are_chosen_on_every_way(flow: Flow) -> None:
    path = FOLDER / "csv" / "01-shop.csv"
    data, http = path.read_bytes(), flow.http
    file = (path.name, data)
    await send(flow, data, filename=path.name, id="query", columns="Farbe")
    answers = [
        await http.post("/v1/documents?id=both&filename=a.csv&columns=3&columns=Beschreibung", content=data),
        await http.post("/v1/documents?id=form", data={"columns": "3"}, files={"file": file}),
        await http.post("/v1/batches?id=batch", data={"columns": "Farbe"}, files={"files": file}),
    ]
    command = ("submit", str(path), "--id", "line", "--columns", "Farbe,Beschreibung")
    await on_command_line(flow, *command)
    assert [answer.status_code for answer in answers] == [202] * 3, [answer.text for answer in answers]
    colours, things = ["dunkles Rot", "helles Grün"], ["Ein Stuhl mit", "Kleiner Tisch"]
    for name, both in (("query", False), ("both", True), ("form", False), ("batch.0", False), ("line", True)):
        await flow.done(name)
        lines = (await http.get(f"/v1/documents/{name}/export?format=jsonl")).text
        assert all(one in lines for one in colours), name
        assert [one in lines for one in things] == [both, both], name
        assert (await http.get(f"/v1/documents/{name}/file")).content == data
    wrong = await http.post("/v1/documents?filename=a.csv&columns=Preise", content=data)
    assert wrong.status_code == 422
    assert "Preise" in wrong.json()["detail"]
