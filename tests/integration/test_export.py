"""Documents in other forms."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import docx
import msgspec
import pytest

from pipeline.create_topics import create
from pipeline.events import Translation
from pipeline.topics import Topics
from satzstrom import Client
from store.collections import Collections, connect
from tests.integration.conftest import settings_of
from tests.integration.flow import Flow, run_flow
from tests.integration.servers import Servers
from tests.integration.storing import part, write
from tests.integration.test_api import problem
from tests.texts import CORNER_CASES

FORMS = ("text", "html", "docx", "xliff", "tmx", "jsonl")
XLIFF = "{urn:oasis:names:tc:xliff:document:2.0}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# The content of each element, and the attributes that it must have, as TMX 1.4b's document type says.
TMX_CHILDREN = {"tmx": ["header", "body"], "header": ["note", "prop", "ude"], "body": ["tu"], "tu": ["note", "prop", "tuv"],
                "tuv": ["note", "prop", "seg"], "seg": [], "prop": []}  # fmt: skip
TMX_REQUIRED = {"tmx": {"version"}, "tuv": {LANGUAGE}, "prop": {"type"}, "header": {
    "creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"}}  # fmt: skip


@pytest.fixture(scope="module")
async def flow(servers: Servers) -> AsyncIterator[Flow]:
    """One pipeline for all: each test has documents of its own."""
    await create(servers.clients, Topics("exports."))
    async with run_flow(settings_of(servers, "exports")) as running:
        yield running


@pytest.fixture
async def stored(servers: Servers) -> AsyncIterator[Collections]:
    """The store of that pipeline."""
    opened = await connect(settings_of(servers, "exports"))
    yield opened
    await opened.close()


async def export(flow: Flow, document: str, form: str, query: str = "") -> Any:
    answer = await flow.http.get(f"/v1/documents/{document}/export?format={form}{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    return answer


async def submit(flow: Flow, name: str, text: str, **metadata: str) -> None:
    answer = await flow.http.post("/v1/documents", json={"id": name, "text": text, "metadata": metadata})
    assert answer.status_code == 202, answer.text
    await flow.done(name)


def check_tmx(element: Any) -> None:
    """Check an element and what is in it against the document type."""
    children = [child.tag for child in element]
    allowed = TMX_CHILDREN[element.tag]
    assert set(children) <= set(allowed), element.tag
    # Notes and properties stand before the rest.
    assert [allowed.index(tag) > 1 for tag in children] == sorted(allowed.index(tag) > 1 for tag in children)
    assert set(element.attrib) >= TMX_REQUIRED.get(element.tag, set())
    if element.tag in {"tmx", "tuv"}:
        assert children.count(allowed[-1]) == 1
    if element.tag == "tu":
        assert children.count("tuv") == 2
    for child in element:
        check_tmx(child)


class Page(HTMLParser):
    """Collects the elements of a page, and the text of its cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "td":
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data


@pytest.mark.parametrize("name", [name for name in CORNER_CASES if len(CORNER_CASES[name]) < 20_000])
async def test_every_form_holds_every_text(flow: Flow, name: str) -> None:
    document = name.replace(" ", "-")
    await submit(flow, document, CORNER_CASES[name])
    sentences = (await flow.http.get(f"/v1/documents/{document}/sentences?limit=1000")).json()
    assert (await export(flow, document, "text")).text == CORNER_CASES[name]
    lines = [json.loads(line) for line in (await export(flow, document, "jsonl")).content.splitlines()]
    assert lines[: len(sentences["items"])] == sentences["items"]
    root = ElementTree.fromstring((await export(flow, document, "tmx")).content)
    check_tmx(root)
    segments = ["".join(segment.itertext()) for segment in root.iter("seg")]
    held = [_as_xml(line[side]) for line in lines for side in ("source", "translation")]
    assert segments == held
    units = list(ElementTree.fromstring((await export(flow, document, "xliff")).content).iter(f"{XLIFF}unit"))
    assert [unit.get("id") for unit in units] == ([line["position"] for line in lines] or ["empty"])
    page = Page((await export(flow, document, "html")).text)
    assert [found["id"] for _, found in page.tags if "id" in found] == [f"s{line['position']}" for line in lines]
    for side in (0, 1):
        cells = page.cells[side::2] if not any(line["layout"]["above"] for line in lines) else page.cells
        shown = "".join("".join(cells).split())
        assert all("".join(line["source"].replace("\0", "\ufffd").split()) in shown for line in lines)
    opened = docx.Document(io.BytesIO((await export(flow, document, "docx")).content))
    assert sum(len(table._tbl.tr_lst) - 1 for table in opened.tables) == len(lines)


def _as_xml(text: str) -> str:
    allowed = "\t\n\r"
    return "".join(
        c if c in allowed or (" " <= c <= "\ufffd" and not "\ud800" <= c <= "\udfff") or c > "\uffff" else "\ufffd"
        for c in text
    )


async def test_names_of_files_are_safe(flow: Flow) -> None:
    await submit(flow, "named", "Text.", filename='Grüße; "x"/\r\n.txt')
    header = (await export(flow, "named", "tmx")).headers["content-disposition"]
    assert header == "attachment; filename=\"Gr__e_ x.en.tmx\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe_%20x.en.tmx" or (
        "filename*=UTF-8''Gr%C3%BC%C3%9Fe" in header and not set(header) & set("\r\n/")
    )
    await submit(flow, "a:b", "Text.")
    assert 'filename="Text.en.html"' in (await export(flow, "a:b", "html")).headers["content-disposition"]


async def test_a_page_runs_nothing_and_shows_markup_as_text(flow: Flow) -> None:
    bad = 'Auch <script>alert(1)</script> & "<img src=x onerror=alert(2)>" sind kein Markup.'
    await submit(flow, "markup", bad, filename="<b>fett</b>.txt")
    answer = await export(flow, "markup", "html")
    page = Page(answer.text)
    allowed = "html head meta title style body main h1 table thead tbody tr th td span sup small br"
    assert {tag for tag, _ in page.tags} <= set(allowed.split())
    assert all(name[:2] != "on" and name not in {"style", "src", "href"} for _, found in page.tags for name in found)
    assert bad in page.cells[0]
    meta = next(found["content"] for tag, found in page.tags if found.get("http-equiv") == "Content-Security-Policy")
    assert meta is not None
    assert meta.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in meta
    assert answer.headers["content-security-policy"] == f"{meta}; frame-ancestors 'none'; sandbox"


async def test_doubts_and_failures_are_marked(flow: Flow, stored: Collections) -> None:
    segmented, good, doubtful, failed = part(0, "gut fraglich misslungen", last=True, document="doubts")
    assert isinstance(doubtful, Translation)
    assert isinstance(failed, Translation)
    events = [
        msgspec.structs.replace(doubtful, suspect=["length", "numbers"], flags=["split"]),
        msgspec.structs.replace(failed, failed=True),
    ]
    await write(stored, [segmented, good, *events])
    page = Page((await export(flow, "doubts", "html")).text)
    marked = [found for tag, found in page.tags if tag == "span" and found.get("class") == "suspect"]
    assert len(marked) == 2
    assert page.cells[0] == "gut fraglich misslungen"
    assert "1: doubtful: it is much shorter or longer than its source; a number" in page.cells[1]
    assert "2: doubtful: no translation could be made" in page.cells[1]
    root = ElementTree.fromstring((await export(flow, "doubts", "tmx")).content)
    check_tmx(root)
    units = list(root.iter("tu"))
    # What has no translation is none for a memory.
    assert [unit.get("tuid") for unit in units] == ["0.0", "0.1"]
    properties = [(one.get("type"), one.text) for one in units[1].iter("prop")]
    assert properties == [("x-suspect", "length"), ("x-suspect", "numbers"), ("x-flag", "split")]


async def test_what_is_missing_is_refused_or_left_open(flow: Flow, stored: Collections) -> None:
    await write(stored, part(0, "eins zwei", document="open")[:2])
    for form in FORMS:
        await problem(flow, "GET", f"/v1/documents/open/export?format={form}", 409, "not-finished")
    assert (await export(flow, "open", "text", "&partial=source")).text == "EINS zwei"
    lines = [json.loads(line) for line in (await export(flow, "open", "jsonl", "&partial=skip")).text.splitlines()]
    assert [line["translation"] for line in lines] == ["EINS", None]
    root = ElementTree.fromstring((await export(flow, "open", "tmx", "&partial=skip")).content)
    assert len(list(root.iter("tu"))) == 1
    assert "not translated yet" in (await export(flow, "open", "html", "&partial=source")).text
    await problem(flow, "GET", "/v1/documents/nobody/export", 404, "not-found")
    await problem(flow, "GET", "/v1/documents/open/export?format=pdf", 422, "invalid")


async def test_places_count_over_all_parts(flow: Flow) -> None:
    text = "".join(f"Dies ist der Absatz mit der Nummer {number} 😀.\n\n" for number in range(3000))
    await submit(flow, "long", text)
    lines = [json.loads(line) for line in (await export(flow, "long", "jsonl")).content.splitlines()]
    assert len({line["position"].partition(".")[0] for line in lines}) > 1
    assert all(text[line["span"][0] : line["span"][1]] == line["source"] for line in lines)

    def typed() -> bytes:
        with Client(str(flow.http.base_url)) as client:
            return b"".join(client.export("long", "tmx"))

    root = ElementTree.fromstring(await asyncio.to_thread(typed))
    assert len(list(root.iter("tu"))) == len(lines)
