"""The client for programs, and the examples of its documentation."""

import asyncio
import contextlib
import io
import re
import socket
from collections.abc import AsyncIterator
from typing import Any, Self

import httpx
import pytest

from pipeline.settings import StoreSettings
from satzstrom import AsyncClient, Client, RefusedError, SatzstromError, UnavailableError
from satzstrom.results import EditedSentence
from satzstrom.streaming import EventReader
from tests.conftest import ROOT
from tests.integration.flow import Flow, run_flow
from tests.waiting import until

TEXT = "".join(f"Satz {number} steht hier.\n\n" for number in range(200))


@pytest.fixture
async def flow(settings: StoreSettings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Flow]:
    monkeypatch.setenv("SATZSTROM_IDENTITY_BATCH_SECONDS", "0.02")
    async with run_flow(settings) as running:
        yield running


async def test_the_documented_examples_run(flow: Flow) -> None:
    address = str(flow.http.base_url).rstrip("/")
    source = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", source, re.DOTALL)
    assert len(examples) == 3
    program = "\n".join(examples).replace("http://127.0.0.1:8000", address).replace("examples/", f"{ROOT}/examples/")
    printed = io.StringIO()

    def run() -> None:
        with contextlib.redirect_stdout(printed):
            exec(compile(program, "docs/python.md", "exec"), {"__name__": "example"})

    await asyncio.to_thread(run)
    lines = printed.getvalue().splitlines()
    assert lines[0] == "done 2"
    assert lines[1] == "Guten Morgen. Wie geht es Ihnen?"
    assert "Guten Abend. → Guten Abend." in lines
    assert any(line.startswith("0.0 ") for line in lines)


async def test_both_clients_see_the_same(flow: Flow) -> None:
    address = str(flow.http.base_url)

    def use() -> tuple[dict[str, str], list[str], bytes]:
        with Client(address) as client:
            document = client.submit(TEXT, document="sync")
            live = {one.position: one.translation for one in client.live(document)}
            assert client.wait(document).state == "done"
            return live, [one.source for one in client.sentences(document)], b"".join(client.text(document))

    live, sources, text = await asyncio.to_thread(use)
    assert text.decode() == TEXT
    assert [live[f"0.{index}"] for index in range(200)] == sources

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(TEXT), 1000):
            yield TEXT[start : start + 1000].encode()

    async with AsyncClient(address) as client:
        document = await client.submit(chunks(), document="async")
        assert {one.position: one.translation async for one in client.live(document)} == live
        assert (await client.wait(document)).sentences.translated == 200
        assert b"".join([chunk async for chunk in client.text(document)]).decode() == TEXT
        assert [one.source async for one in client.sentences(document)] == sources
        assert {one.id async for one in client.documents(state="done")} == {"sync", "async"}
        with pytest.raises(RefusedError, match="nothing left to cancel"):
            await client.cancel(document)
        await client.delete(document)
        with pytest.raises(RefusedError) as refused:
            await client.status(document)
        assert (refused.value.kind, refused.value.status) == ("not-found", 404)


CSV = "de;en\nBrücke;bridge\nBrücke;bridge\n;nothing\n".encode()


class _Waiting:
    """The client for asyncio, used as the other is."""

    def __init__(self, address: str) -> None:
        self._runner = asyncio.Runner()
        self._client = AsyncClient(address)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._client.__aexit__(None, None, None))
        self._runner.close()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)

        async def whole(found: Any) -> Any:
            return [one async for one in found] if hasattr(found, "__aiter__") else await found

        return lambda *args, **rest: self._runner.run(whole(method(*args, **rest)))


def _edit(client: Any, name: str) -> None:
    """Do with either client what people do with translations."""
    glossary = client.import_glossary(io.BytesIO(CSV), filename="Brücken.csv", lenient=True)
    assert (glossary.name, glossary.entries, glossary.repeated, glossary.left_out_count) == ("Brücken", 1, 1, 1)
    assert [one.line for one in glossary.left_out] == [4]
    with pytest.raises(RefusedError, match="line"):
        client.import_terms(glossary.id, io.BytesIO(CSV), filename="a.csv")
    added = client.import_terms(glossary.id, io.BytesIO(b"Haus\thouse\n"), filename="a.tsv", source="de", target="en")
    assert added.entries == 2
    assert [one.name for one in client.glossaries() if one.id == glossary.id] == ["Brücken"]
    assert b"Haus\thouse\n" in b"".join(client.glossary_file(glossary.id, "tsv", source="de", target="en"))
    order = {"title": "Über Brücken", "metadata": {"for": name}, "glossary": glossary.id, "terms": {"Fluss": "river"}}
    document = client.submit("Die Brücke ist alt. Der Fluss auch.", **order)
    assert client.wait(document).called == "Über Brücken"
    assert [one.id for one in client.documents(metadata={"for": name})] == [document]
    first, _ = client.sentences(document)
    assert (first.translation, first.version) == ("Die Brücke ist alt.", 0)
    made = client.correct(document, "0.0", "The bridge is old.", approved=True, version=0)
    assert (made.translation, made.machine, made.approved) == ("The bridge is old.", "Die Brücke ist alt.", True)
    with pytest.raises(RefusedError) as refused:
        client.correct(document, "0.0", "Another.", version=0)
    assert (refused.value.kind, refused.value.status) == ("changed", 412)
    assert client.correct(document, "0.1", comment="Which one?").comment == "Which one?"
    assert client.sentence(document, "0.0").history == []
    assert client.correct(document, "0.0", None).translation == "Die Brücke ist alt."
    assert [one.text for one in client.sentence(document, "0.0").history] == ["The bridge is old."]
    with pytest.raises(ValueError, match="write part and index"):
        client.correct(document, "first", "x")
    assert client.rename(document, "Brücken und Flüsse").called == "Brücken und Flüsse"
    assert client.status(document).edits == 3
    client.correct(document, "0.1", "The river, too.")
    memory = b"".join(client.memory(source="de", target="en"))
    assert b"The river, too." in memory
    assert b"The river, too." not in b"".join(client.memory(source="de", target="fr"))
    assert client.import_memory(io.BytesIO(memory)).imported == 0
    client.delete_glossary(glossary.id)
    assert glossary.id not in [one.id for one in client.glossaries()]
    assert list(client.dead_letters(document=document)) == []
    with pytest.raises(RefusedError, match="makes no callbacks"):
        client.callback_secrets()


def _send(client: Any, name: str) -> None:
    """Send several files with either client, and a text in parts."""
    made_of = client.create_glossary("Zwei", {"Ufer": "bank"})
    assert (made_of.entries, [(pair.source, pair.target) for pair in made_of.pairs]) == (1, [("de", "en")])
    files = [("a.txt", io.BytesIO("Grün.".encode("cp1252")), "cp1252"), ("b.html", io.BytesIO(b"<p>Ja.</p>"), None)]
    batch = client.submit_batch(files, batch=f"batch-{name}", glossary=made_of.id)
    assert [one.filename for one in batch.documents] == ["a.txt", "b.html"]
    for one in batch.documents:
        assert client.wait(one.id).state == "done"
    assert client.batch(batch.id).ended
    assert b"".join(client.text(batch.documents[0].id)).decode() == "Grün."
    client.put_part(f"parts-{name}", 0, "Ein Teil. ", last=False, length=21)
    client.put_part(f"parts-{name}", 1, "Noch einer.", last=True)
    assert client.wait(f"parts-{name}").characters == 21
    assert [one.part for page in client.parts(f"parts-{name}") for one in page.items] == [0, 1]


def _look(client: Any, name: str) -> None:
    """Ask with either client for what there is to be chosen and known."""
    glossary = client.create_glossary(f"Häuser {name}", {"Haus": "house", "Hof": "yard"})
    assert client.rename_glossary(glossary.id, "Höfe").name == "Höfe"
    assert client.edit_terms(glossary.id, {"Tor": "gate"}, remove=["Hof"]).entries == 2
    assert [(one.term, one.translation) for one in client.terms(glossary.id)] == [("Haus", "house"), ("Tor", "gate")]
    assert [one.term for one in client.terms(glossary.id, words="gat")] == ["Tor"]
    assert client.glossary(glossary.id).name == "Höfe"
    text = "# Das Haus\n\nDas Haus ist alt. Es steht am Fluss.\n"
    document = client.submit(
        text, glossary=glossary.id, alternatives=2, memory=False, priority="high", model="identity"
    )
    status = client.wait(document)
    assert (status.model, status.glossary.id, status.estimated) == ("identity@1", glossary.id, 3)
    assert status.summary.startswith("Done: 3 sentences")
    heading, first, second = client.sentences(document)
    assert (heading.layout.kind, first.layout.kind) == ("heading", "prose")
    assert [(one.source, one.target, one.kept) for one in first.terms] == [("Haus", "house", False)]
    assert [one.source for one in client.outline(document).items] == ["Das Haus"]
    assert [one.position for one in client.sentences(document, missed=True)] == [heading.position, first.position]
    assert [one.position for one in client.sentences(document, words="FLUSS")] == [second.position]
    client.correct(document, second.position, "It is at the river.", approved=True)
    for chosen in ({"approved": True}, {"corrected": True}, {"doubt": False, "words": "fluss"}):
        assert [one.position for one in client.sentences(document, **chosen)] == [second.position]
    assert list(client.sentences(document, reason="failed")) == []
    assert [one.translation for one in client.sentences(document, version="machine")][2] == "Es steht am Fluss."
    (unit,) = client.units("river")
    assert (unit.translation, unit.place.document, client.unit(unit.id)) == ("It is at the river.", document, unit)
    added = client.add_unit("Das Haus war alt.", "The house was old.")
    (match,) = client.matches(document, first.position)
    assert (match.unit.id, match.likeness > 75) == (added.id, True)
    assert {piece.change for piece in match.difference} == {"same", "added", "removed"}
    assert client.memory_counts().person == 2
    client.delete_unit(added.id)
    client.delete(document, memory=True)
    assert list(client.units("river")) == []
    assert client.clear_memory(source="de", target="en") == 0
    assert client.memory_counts().person == 0
    at_once = client.translate("Guten Tag. Wie geht es?", source="de", alternatives=1, memory=False)
    assert (at_once.text, len(at_once.sentences), at_once.model) == ("Guten Tag. Wie geht es?", 2, "identity@1")
    assert "docx" in [one.name for one in client.formats()]
    assert ("de", "en") in [(one.source, one.target) for one in client.pairs()]
    assert client.usage().documents.limit is None


@pytest.mark.parametrize("kind", [Client, _Waiting])
async def test_both_clients_can_ask_for_what_there_is(flow: Flow, kind: Any) -> None:
    def use() -> None:
        with kind(str(flow.http.base_url)) as client:
            _look(client, kind.__name__)

    await asyncio.to_thread(use)


PAGE = f"<p>Guten Tag.</p><!-- {'x' * (7 * 512 * 1024)} --><p>Gute Nacht.</p>".encode()


def _cut_off(address: str, upload: str, length: int) -> None:
    """Send a file of which only so many bytes go over the line."""
    url = httpx.URL(address)
    head = (
        f"PUT /v1/files/{upload}?filename=a.html HTTP/1.1\r\nHost: {url.host}\r\nContent-Type: application/octet-stream\r\n"
        f"Content-Range: bytes 0-{len(PAGE) - 1}/{len(PAGE)}\r\nContent-Length: {len(PAGE)}\r\n\r\n"
    )
    with socket.create_connection((url.host, url.port or 80)) as connection:
        connection.sendall(head.encode() + PAGE[:length])


def _there(client: Any, upload: str) -> int:
    try:
        return int(client.sent_file(upload).bytes)
    except RefusedError:
        return 0


@pytest.mark.parametrize("kind", [Client, _Waiting])
async def test_a_file_goes_on_where_it_broke_off(flow: Flow, kind: Any) -> None:
    address, name = str(flow.http.base_url), f"page-{kind.__name__}"

    def use() -> None:
        _cut_off(address, name, 5 * 512 * 1024)
        with kind(address) as client:
            until(lambda: _there(client, name) == 2 * 1024 * 1024, what="what was sent before the cut")
            content = io.BytesIO(PAGE)
            sent = client.send_file(name, content, filename="a.html")
            assert (sent.bytes, sent.complete) == (len(PAGE), True)
            with pytest.raises(SatzstromError, match="another file is there"):
                client.send_file(name, io.BytesIO(PAGE.replace(b"Tag", b"Rat")), filename="a.html")
            assert client.send_file(name, io.BytesIO(PAGE), filename="a.html") == sent
            documents = [client.submit_sent_file(name, document=f"{name}-{n}", title=f"Nummer {n}") for n in range(2)]
            client.delete_sent_file(name)
            for document in documents:
                assert client.wait(document).state == "done"
                assert b"".join(client.file(document)) == PAGE
            assert client.status(documents[1]).called == "Nummer 1"

    await asyncio.to_thread(use)


@pytest.mark.parametrize("kind", [Client, _Waiting])
async def test_both_clients_can_what_people_do_with_translations(flow: Flow, kind: Any) -> None:
    def use() -> None:
        with kind(str(flow.http.base_url)) as client:
            _edit(client, kind.__name__)
            _send(client, kind.__name__)

    await asyncio.to_thread(use)


async def test_changes_are_told_to_whoever_listens_also_of_what_is_not_translated(flow: Flow) -> None:
    async with AsyncClient(str(flow.http.base_url)) as client:
        document = await client.submit("Ein Satz. Noch einer.")
        await client.wait(document)
        await client.correct(document, "0.0", "A sentence.")
        async for edited in client.edits(document):
            assert (edited.position, edited.translation, edited.corrected) == ("0.0", "A sentence.", True)
            break
        await client.correct(document, "0.1", approved=True)
        found = await anext(aiter(client.edits(document, after=1)))
        assert (found.position, found.approved, found.translation) == ("0.1", True, "Noch einer.")
    reader = EventReader(kind=EditedSentence)
    untranslated = b'{"position":"0.2","translation":null,"flags":[],"suspect":[],"failed":false,"comment":"?"}'
    event = [reader.feed(line) for line in ("event: sentence", f"data: {untranslated.decode()}", "id: 3", "")][-1]
    assert isinstance(event, EditedSentence)
    assert (event.translation, event.comment, reader.last_id) == (None, "?", "3")


async def test_an_api_that_is_not_there_is_named() -> None:
    async with AsyncClient("http://127.0.0.1:1") as client:
        with pytest.raises(UnavailableError, match="is a pipeline running"):
            await client.status("d")
        with pytest.raises(UnavailableError, match="is a pipeline running"):
            _ = [sentence async for sentence in client.live("d")]
