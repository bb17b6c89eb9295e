"""Sentences by what is in them and what speaks against them, and the chapters of a document, over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from pipeline.create_topics import create
from pipeline.events import DocumentPart, SegmentedPart, Translation
from pipeline.revisions import revision
from pipeline.topics import Topics
from store.collections import Collections, connect
from tests.integration.conftest import settings_of
from tests.integration.flow import Flow, run_flow
from tests.integration.servers import Servers
from tests.integration.storing import Stored, write
from tests.integration.test_api import problem
from tests.integration.test_confidence import listed

FIRST = ["ERSTES KAPITEL", "Die Straße\nwar leer.", "Der Käfer lief.", "Niemand sah ihn."]
SECOND = ["ZWEITES KAPITEL", "Ein Strassenkehrer kam."]


@pytest.fixture(scope="module")
async def flow(servers: Servers) -> AsyncIterator[Flow]:
    """One pipeline for all: each test has documents of its own."""
    await create(servers.clients, Topics("choosing."))
    async with run_flow(settings_of(servers, "choosing")) as running:
        yield running


@pytest.fixture
async def stored(servers: Servers) -> AsyncIterator[Collections]:
    opened = await connect(settings_of(servers, "choosing"))
    yield opened
    await opened.close()


def chapter(document: str, number: int, sentences: list[str], *, last: bool = False, **doubtful: Any) -> list[Stored]:
    """Return a part of a heading and a paragraph; `doubtful`: what the translation of its third sentence has."""
    text = f"{sentences[0]}\n\n{' '.join(sentences[1:])}\n\n"
    digest = revision(DocumentPart(text=text, id=document))
    places = [(text.index(one), text.index(one) + len(one)) for one in sentences]
    common = {"document": document, "part": number, "revision": digest, "source": "de", "target": "en"}
    spans = [place for span in places for place in span]
    segmented = msgspec.convert({**common, "last": last, "text": text, "spans": spans, "created": 1}, SegmentedPart)
    made = [
        msgspec.convert({**common, "index": index, "text": one.upper(), "model": "m@1"}, Translation)
        for index, one in enumerate(sentences)
    ]
    if doubtful:
        made[2] = msgspec.structs.replace(made[2], **doubtful)
    return [segmented, *made]


async def book(stored: Collections, document: str) -> None:
    await write(stored, chapter(document, 0, FIRST, suspect=["numbers", "short"]))
    await write(stored, chapter(document, 1, SECOND, last=True))


@pytest.mark.parametrize("limit", [1, 100])
async def test_words_are_found_whatever_their_case_accents_and_lines_are(
    flow: Flow, stored: Collections, limit: int
) -> None:
    document = f"words{limit}"
    await book(stored, document)
    for query, positions in {
        "strasse": ["0.1", "1.1"],
        "STRASSE WAR": ["0.1"],
        "kafer": ["0.2"],
        "kapitel": ["0.0", "1.0"],
        "straße war&doubt=true": [],
        "ihn. zweites": [],
    }.items():
        found = await listed(flow, document, f"q={query.replace(' ', '%20')}", limit)
        assert [one["position"] for one in found] == positions, query
    for query in ("q=", "q=%C2%AD", f"q={'x' * 201}"):
        kind = "input" if query == "q=%C2%AD" else "invalid"
        await problem(flow, "GET", f"/v1/documents/{document}/sentences?{query}", 422, kind)


async def test_doubtful_sentences_are_chosen_by_their_reasons(flow: Flow, stored: Collections) -> None:
    await book(stored, "doubts")
    for query, positions in {
        "doubt=true": ["0.2"],
        "reason=short": ["0.2"],
        "reason=numbers&doubt=true": ["0.2"],
        "reason=copy": [],
        "reason=failed": [],
        "doubt=false": ["0.0", "0.1", "0.3", "1.0", "1.1"],
    }.items():
        assert [one["position"] for one in await listed(flow, "doubts", query, 2)] == positions, query
    await problem(flow, "GET", "/v1/documents/doubts/sentences?reason=UNKNOWN", 422, "invalid")
    await problem(flow, "GET", "/v1/documents/doubts/sentences?doubt=true&order=confidence", 422, "input")


async def test_pages_may_end_with_paragraphs_and_say_how_the_text_is_laid_out(flow: Flow, stored: Collections) -> None:
    await book(stored, "laid")
    page = (await flow.http.get("/v1/documents/laid/sentences?limit=2&whole=true")).json()
    assert [one["position"] for one in page["items"]] == ["0.0", "0.1", "0.2", "0.3"]
    assert [(one["layout"]["paragraph"], one["layout"]["kind"]) for one in page["items"]] == [
        (0, "heading"), (1, "prose"), (1, "prose"), (1, "prose"),
    ]  # fmt: skip
    rest = (await flow.http.get(f"/v1/documents/laid/sentences?limit=9&after={page['next']}&whole=true")).json()
    assert ([one["position"] for one in rest["items"]], rest["next"]) == (["1.0", "1.1"], None)


async def test_chapters_are_told_with_their_places_while_a_document_grows(flow: Flow, stored: Collections) -> None:
    await write(stored, chapter("grows", 0, FIRST)[:1])
    first = {"position": "0.0", "sentence": 0, "level": 2, "source": "ERSTES KAPITEL", "translation": None}
    assert (await flow.http.get("/v1/documents/grows/outline")).json() == {"items": [first], "complete": True}
    await book(stored, "grows")
    made = (await flow.http.get("/v1/documents/grows/outline")).json()["items"]
    assert made == [
        {**first, "translation": "ERSTES KAPITEL"},
        {"position": "1.0", "sentence": 4, "level": 2, "source": "ZWEITES KAPITEL", "translation": "ZWEITES KAPITEL"},
    ]
    await problem(flow, "GET", "/v1/documents/nowhere/outline", 404, "not-found")


async def test_what_a_file_says_of_headings_counts_in_its_outline_and_at_its_sentences(
    flow: Flow, stored: Collections
) -> None:
    first, second = chapter("told", 0, FIRST), chapter("told", 1, SECOND, last=True)
    # Both chapters begin with what looks like a heading; the file says that the first is none, and the next two are.
    assert isinstance(first[0], SegmentedPart)
    text, places = first[0].text, first[0].spans
    await write(stored, [msgspec.structs.replace(first[0], headings=[places[2], 3]), *first[1:]])
    await write(stored, [msgspec.structs.replace(second[0], headings=[0, 1]), *second[1:]])
    made = (await flow.http.get("/v1/documents/told/outline")).json()["items"]
    whole = " ".join(text[places[2] : places[-1]].split())
    assert [(one["position"], one["level"], one["source"]) for one in made] == [
        ("0.1", 3, whole),
        ("1.0", 1, "ZWEITES KAPITEL"),
    ]
    shown = (await flow.http.get("/v1/documents/told/sentences")).json()["items"]
    assert [one["layout"]["level"] for one in shown] == [0, 3, 3, 3, 1, 0]


async def test_chapters_that_have_a_number_only_are_told_by_it(flow: Flow, stored: Collections) -> None:
    text = "1\n\nEr kam.\n\n2\n\nVORWORT\n\nSie ging.\n\n3\n\nEnde."
    sentences = ["Er kam.", "VORWORT", "Sie ging.", "Ende."]
    common = {"document": "counted", "part": 0, "source": "de", "target": "en"}
    common["revision"] = revision(DocumentPart(text=text, id="counted"))
    spans = [place for one in sentences for place in (text.index(one), text.index(one) + len(one))]
    segmented = msgspec.convert({**common, "last": True, "text": text, "spans": spans, "created": 1}, SegmentedPart)
    await write(stored, [segmented])
    made = (await flow.http.get("/v1/documents/counted/outline")).json()["items"]
    assert [(one["position"], one["level"], one["source"], one["translation"]) for one in made] == [
        ("0.0", 2, "1", "1"),
        ("0.1", 2, "2 · VORWORT", None),
        ("0.3", 2, "3", "3"),
    ]


async def test_what_lacks_a_term_of_the_glossary_is_counted_and_listed_until_a_person_settles_it(flow: Flow) -> None:
    sent = {"id": "terms", "text": "Das Gerät ist aus. Es ist kalt. Das Gerät ist an.", "terms": {"Gerät": "device"}}
    assert (await flow.http.post("/v1/documents", json=sent)).status_code == 202
    # The engine of these tests changes nothing, so no term is kept.
    assert (await flow.done("terms"))["sentences"]["missed"] == 2
    part = (await flow.http.get("/v1/documents/terms/parts")).json()["items"][0]
    assert part["sentences"]["missed"] == 2
    assert [one["position"] for one in await listed(flow, "terms", "missed=true", 1)] == ["0.0", "0.2"]
    # What is missed, and what is kept, is told of each sentence.
    missing = {"source": "Gerät", "target": "device", "kept": False}
    assert [one["terms"] for one in await listed(flow, "terms", "", 100)] == [[missing], [], [missing]]
    assert [one["position"] for one in await listed(flow, "terms", "missed=false", 100)] == ["0.1"]
    for index, change in ((0, {"approved": True}), (2, {"text": "The device is on."})):
        changed = await flow.http.patch(f"/v1/documents/terms/sentences/0/{index}", json=change)
        assert changed.status_code == 200, changed.text
    assert (await flow.done("terms"))["sentences"]["missed"] == 0
    assert await listed(flow, "terms", "missed=true", 100) == []
    assert [one["terms"] for one in await listed(flow, "terms", "", 100)] == [[missing], [], [missing | {"kept": True}]]
    # Without the terms nothing is missed.
    await flow.http.post("/v1/documents", json=sent | {"id": "without", "terms": {}})
    assert (await flow.done("without"))["sentences"]["missed"] == 0
