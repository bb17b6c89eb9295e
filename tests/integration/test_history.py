"""The list of documents with its filters and orders, and the search."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import msgspec
import pytest

from pipeline.errors import InputError
from pipeline.events import Translation
from pipeline.settings import StoreSettings
from satzstrom import Client
from sink.handler import group
from store.collections import Collections
from store.documents.history import DocumentQuery, Sort
from store.documents.lifecycle import DocumentLifecycle
from store.documents.reading import DocumentReader
from store.documents.searching import DocumentSearch, Hit
from store.ownership import EVERYBODY
from store.writing.backlog import Backlog
from store.writing.indexing import SearchIndex
from store.writing.writer import DocumentWriter
from tests.integration.flow import run_flow
from tests.integration.storing import delete, part, write
from tests.integration.test_api import problem
from tests.waiting import eventually

SORTS: tuple[Sort, ...] = get_args(Sort)


@pytest.fixture
def reader(collections: Collections) -> DocumentReader:
    return DocumentReader(collections)


async def index_all(collections: Collections) -> None:
    """Make everything searchable that is waiting for it."""
    index = Backlog(collections, SearchIndex(collections))
    while await index.add_next():
        pass


async def hits(collections: Collections, query: str, document: str | None = None, limit: int = 100) -> list[Hit]:
    """Return all hits, page by page."""
    search = DocumentSearch(collections)
    found: list[Hit] = []
    after = None
    while True:
        page = await search.find(EVERYBODY, query, document=document, limit=limit, after=after)
        found += page.items
        after = page.next
        if after is None:
            return found


def places(found: list[Hit]) -> list[tuple[str, int, int]]:
    return [(hit.document, hit.sentence.part, hit.sentence.index) for hit in found]


async def names(reader: DocumentReader, query: DocumentQuery, sort: Sort = "-created", limit: int = 2) -> list[str]:
    """Return the ids of all documents that a query lists, page by page."""
    found: list[str] = []
    after = None
    while True:
        page = await reader.page(EVERYBODY, query, sort=sort, limit=limit, after=after)
        found += [document.id for document in page.items]
        after = page.next
        if after is None:
            return found


async def several(collections: Collections) -> None:
    """Store five documents that are done and one that is not, each with another time and length."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(6):
        await write(collections, part(0, "wort " * (1 + number * 7 % 5), last=number < 5, document=f"d{number}"))
        times: dict[str, Any] = {"created": start + timedelta(days=number)}
        if number < 5:
            times["finished"] = start + timedelta(days=10 + number * 3 % 5)
        await collections.documents.update_one({"_id": f"d{number}"}, {"$set": times})


async def test_every_order_gives_every_document_once(collections: Collections, reader: DocumentReader) -> None:
    await several(collections)
    assert await names(reader, DocumentQuery(), "created") == ["d0", "d1", "d2", "d3", "d4", "d5"]
    assert await names(reader, DocumentQuery(), "finished") == ["d0", "d2", "d4", "d1", "d3"]
    assert await names(reader, DocumentQuery(), "characters") == ["d0", "d3", "d1", "d4", "d2"]
    for sort in ("created", "finished", "characters"):
        backwards = await names(reader, DocumentQuery(), f"-{sort}")  # type: ignore[arg-type]  # one of the literals
        assert backwards == (await names(reader, DocumentQuery(), sort))[::-1]


async def test_documents_of_the_same_length_have_an_order_too(collections: Collections, reader: DocumentReader) -> None:
    for number in range(7):
        await write(collections, part(0, "gleich", last=True, document=f"d{number}"))
    assert await names(reader, DocumentQuery(), "characters") == [f"d{number}" for number in range(7)]


@pytest.mark.parametrize("sort", SORTS)
async def test_a_cursor_of_another_order_is_refused(
    collections: Collections, reader: DocumentReader, sort: Sort
) -> None:
    await several(collections)
    cursor = (await reader.page(EVERYBODY, DocumentQuery(), sort=sort, limit=1, after=None)).next
    assert cursor is not None
    for other in set(SORTS) - {sort}:
        with pytest.raises(InputError, match="order"):
            await reader.page(EVERYBODY, DocumentQuery(), sort=other, limit=1, after=cursor)


@pytest.mark.parametrize("sort", SORTS)
async def test_an_index_serves_every_order(collections: Collections, sort: Sort) -> None:
    await several(collections)
    from store.documents.history import Order

    order = Order(sort)
    wanted = {"$and": [DocumentQuery().as_filter(), order.as_filter()]}
    found = collections.documents.find(wanted).sort([(order.field, order.sign), ("_id", order.sign)])
    plan = str((await found.explain())["queryPlanner"]["winningPlan"])
    assert "'stage': 'SORT'" not in plan
    assert "IXSCAN" in plan


async def test_filters(collections: Collections, reader: DocumentReader) -> None:
    await several(collections)
    await write(collections, part(0, "mot", last=True, document="french", target="fr"))
    day = datetime(2026, 1, 1, tzinfo=UTC)
    assert await names(reader, DocumentQuery(state="receiving")) == ["d5"]
    assert await names(reader, DocumentQuery(target="fr")) == ["french"]
    assert await names(reader, DocumentQuery(source="en")) == []
    assert await names(reader, DocumentQuery(ids=["d1", "d3", "gone"])) == ["d3", "d1"]
    until = DocumentQuery(created_after=day + timedelta(days=1), created_before=day + timedelta(days=3))
    assert await names(reader, until) == ["d2", "d1"]
    # Without a zone it is UTC.
    assert await names(reader, DocumentQuery(created_before=datetime(2026, 1, 2))) == ["d0"]  # noqa: DTZ001 (on purpose)
    both = DocumentQuery(state="done", created_after=day + timedelta(days=3), target="en")
    assert await names(reader, both, "finished") == ["d4", "d3"]


async def test_metadata_is_found_by_name_and_value(collections: Collections, reader: DocumentReader) -> None:
    lifecycle = DocumentLifecycle(collections)
    odd = {"a.b": 1, "$where": "1", "": "nothing", "list": ["x", {"y": 2}]}
    for name, metadata in (
        ("trial", {"author": "Kafka", "year": 1925, "print": {"city": "Berlin"}}),
        ("castle", {"author": "Kafka", "year": "1926", "draft": True}),
        ("odd", odd),
    ):
        await lifecycle.register(
            EVERYBODY, name, source="de", target="en", model=None, metadata=metadata, revision="0" * 16
        )
    assert await names(reader, DocumentQuery(metadata={"author": "Kafka"})) == ["castle", "trial"]
    assert await names(reader, DocumentQuery(metadata={"author": "Kafka", "year": "1925"})) == ["trial"]
    assert await names(reader, DocumentQuery(metadata={"year": "1926"})) == ["castle"]
    assert await names(reader, DocumentQuery(metadata={"draft": "true"})) == ["castle"]
    assert await names(reader, DocumentQuery(metadata={"print.city": "Berlin"})) == ["trial"]
    assert await names(reader, DocumentQuery(metadata={"list": "x"})) == ["odd"]
    found = await reader.get(EVERYBODY, "odd")
    assert found is not None
    assert found.metadata == odd


async def test_hits_of_both_sides_with_their_context(collections: Collections) -> None:
    await write(collections, [*part(0, "ein großer käfer lag\nauf dem rücken "), *part(1, "ende käfer", last=True)])
    assert await hits(collections, "käfer") == [], "nothing is searchable before it was taken up"
    await index_all(collections)
    found = await hits(collections, "KAFER")
    assert places(found) == [("d", 0, 2), ("d", 1, 1)]
    source, translation = found[0].contexts
    assert (source.side, translation.side) == ("source", "translation")
    assert source.text == "ein großer käfer lag\nauf dem rücken "
    assert [source.text[start:end] for start, end in source.matches] == ["käfer"]
    assert translation.text == "GROSSER KÄFER LAG"
    assert [translation.text[start:end] for start, end in translation.matches] == ["KÄFER"]
    assert await hits(collections, "käfer ende") == [], "both words are there, but not in one sentence"


async def test_each_side_is_found_alone(collections: Collections) -> None:
    events = part(0, "haus baum", last=True)
    changed = [
        msgspec.structs.replace(event, text="the house")
        if isinstance(event, Translation) and not event.index
        else event
        for event in events
    ]
    await write(collections, changed)
    await index_all(collections)
    assert [[context.side for context in hit.contexts] for hit in await hits(collections, "haus")] == [["source"]]
    # A word that other searches leave out, and one that stemming would change.
    for query in ("the", "house", '"the house"'):
        assert [[one.side for one in hit.contexts] for hit in await hits(collections, query)] == [["translation"]]
    assert await hits(collections, '"house the"') == []
    assert await hits(collections, "hous") == []


@pytest.mark.parametrize(
    "word", ["λόγος", "дом", "בית", "東京", "straße", "naïve", "über-setzen", "x" * 300, "ﬁn", "½"]
)
async def test_words_of_every_language_are_found(collections: Collections, word: str) -> None:
    await write(collections, part(0, f"davor {word} danach", last=True))
    await index_all(collections)
    assert places(await hits(collections, word)) == [("d", 0, 1)]
    assert places(await hits(collections, word, document="d")) == [("d", 0, 1)]


async def test_pages_of_hits_give_each_once_newest_documents_first(collections: Collections) -> None:
    for document, day in (("old", 1), ("new", 2)):
        await write(
            collections,
            [
                *part(0, "rot rot grün ", document=document),
                *part(1, "grün rot ", document=document),
                *part(2, "rot", document=document, last=True),
            ],
        )
        created = datetime(2026, 1, day, tzinfo=UTC)
        await collections.documents.update_one({"_id": document}, {"$set": {"created": created}})
    await index_all(collections)
    expected = [
        (document, part_, index) for document in ("new", "old") for part_, index in ((0, 0), (0, 1), (1, 1), (2, 0))
    ]
    for limit in (1, 2, 3, 8):
        assert places(await hits(collections, "rot", limit=limit)) == expected
    assert places(await hits(collections, "rot", document="old", limit=3)) == expected[4:]
    with pytest.raises(InputError, match="cursor"):
        await DocumentSearch(collections).find(EVERYBODY, "rot", document=None, limit=1, after="nonsense")


async def test_words_that_seldom_meet_leave_pages_that_are_empty_but_not_the_last(collections: Collections) -> None:
    # In every part both words stand, and in the last one they meet.
    events = [event for number in range(60) for event in part(number, "eins zwei ")]
    await write(collections, [*events, *part(60, "eins-zwei", last=True)])
    await index_all(collections)
    page = await DocumentSearch(collections).find(EVERYBODY, '"eins zwei"', document=None, limit=10, after=None)
    assert (page.items, page.next is None) == ([], False)
    assert places(await hits(collections, '"eins zwei"')) == [("d", 60, 0)]


async def test_what_is_deleted_is_not_found(collections: Collections) -> None:
    await write(collections, part(0, "geheim", last=True))
    await index_all(collections)
    assert await hits(collections, "geheim")
    await delete(collections, "d")
    assert await hits(collections, "geheim") == []
    assert await collections.search.count_documents({}) == 0


async def test_a_cancelled_document_is_found_by_what_there_is(collections: Collections) -> None:
    await write(collections, part(0, "angefangen"))
    await index_all(collections)
    assert await hits(collections, "angefangen") == []
    await DocumentLifecycle(collections).cancel(EVERYBODY, "d")
    await index_all(collections)
    assert places(await hits(collections, "angefangen")) == [("d", 0, 0)]


async def test_a_sentence_that_came_after_all_is_found(collections: Collections) -> None:
    segmented, translation = part(0, "eins", last=True)
    assert isinstance(translation, Translation)
    failed = msgspec.structs.replace(translation, text="eins", failed=True)
    await write(collections, [segmented, failed])
    await index_all(collections)
    assert await hits(collections, "one") == []
    await DocumentWriter(collections).write(group([msgspec.structs.replace(translation, text="one")]))
    await index_all(collections)
    assert places(await hits(collections, "one")) == [("d", 0, 0)]


async def test_several_at_once_make_everything_searchable(collections: Collections) -> None:
    for number in range(8):
        events = [*part(0, "alpha ", document=f"d{number}"), *part(1, "beta", document=f"d{number}", last=True)]
        await write(collections, events)
    await asyncio.gather(*(index_all(collections) for _ in range(4)))
    assert await collections.search.count_documents({}) == 16
    assert await collections.documents.count_documents({"unsearched": {"$exists": True}}) == 0


async def test_the_list_finds_documents_by_words_and_names(collections: Collections) -> None:
    await write(collections, part(0, "ein wort", last=True))
    await collections.documents.update_one({"_id": "d"}, {"$set": {"metadata.filename": "Urlaub in Rom.txt"}})
    await index_all(collections)
    search = DocumentSearch(collections)
    assert await search.documents(EVERYBODY, "wort ein") == ["d"]
    assert await search.documents(EVERYBODY, "urlaub rom") == ["d"]
    assert await search.documents(EVERYBODY, "wort paris") == []


@pytest.fixture
async def client_pages(settings: StoreSettings) -> AsyncIterator[Any]:
    async with run_flow(settings) as flow:
        yield flow


async def test_history_and_search_over_http(client_pages: Any) -> None:
    flow = client_pages
    kafka = {"author": "Franz Kafka", "year": 1915}
    await flow.http.post(
        "/v1/documents", json={"id": "samsa", "text": "Gregor erwachte. Es war ein Käfer.", "metadata": kafka}
    )
    await flow.http.post("/v1/documents", json={"id": "other", "text": "Kein Tier kam vor.", "target": "fr"})
    await flow.done("samsa")
    await flow.done("other")

    async def found() -> list[Any]:
        items: list[Any] = (await flow.http.get("/v1/search?q=kafer")).json()["items"]
        return items

    (hit,) = await eventually(found, what="the search knowing the document")
    assert (hit["document"], hit["sentence"]["position"], hit["matched"]) == ("samsa", "0.1", ["source", "translation"])
    context = hit["contexts"][0]
    assert [context["text"][start:end] for start, end in context["matches"]] == ["Käfer"]

    async def listed(query: str) -> list[str]:
        answer = await flow.http.get(f"/v1/documents?{query}")
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    await eventually(lambda: listed("q=tier"), what="the other document")
    assert await listed("q=gregor") == ["samsa"]
    assert await listed("metadata.author=Franz+Kafka&metadata.year=1915") == ["samsa"]
    assert await listed("target=fr") == ["other"]
    assert await listed("sort=characters") == ["other", "samsa"]
    assert await listed("created_before=2020-01-01T00:00:00Z") == []
    assert await listed("q=gregor&target=fr") == []
    first = (await flow.http.get("/v1/documents?limit=1")).json()["next"]
    refused = await problem(flow, "GET", f"/v1/documents?sort=finished&after={first}", 422, "input")
    assert "'-created'" in refused["detail"]
    for query in ("sort=size", "created_after=yesterday", "q=", "batch=a+b"):
        await problem(flow, "GET", f"/v1/documents?{query}", 422, "invalid")
    for query in ("q=!", "metadata.=x", "metadata.$where=1", "batch=nobody"):
        await problem(flow, "GET", f"/v1/documents?{query}", 422, "input")
    for query, kind in (("", "invalid"), ("q=%22%22", "input"), ("q=a&limit=0", "invalid"), ("q=a&after=x", "input")):
        await problem(flow, "GET", f"/v1/search?{query}", 422, kind)

    def typed() -> None:
        with Client(str(flow.http.base_url)) as client:
            assert [hit.sentence.source for hit in client.search("käfer")] == ["Es war ein Käfer."]
            assert [one.id for one in client.documents(metadata={"author": "Franz Kafka"}, sort="finished")] == [
                "samsa"
            ]
            assert [one.translation for one in client.sentences("other")] == ["Kein Tier kam vor."]

    await asyncio.to_thread(typed)


async def test_without_the_search_documents_are_listed_but_not_searched(settings: StoreSettings) -> None:
    async with run_flow(settings.model_copy(update={"search": False})) as flow:
        await flow.http.post("/v1/documents", json={"id": "d", "text": "Nicht zu finden."})
        await flow.done("d")
        assert len((await flow.http.get("/v1/documents")).json()["items"]) == 1
        await problem(flow, "GET", "/v1/search?q=finden", 501, "search-off")
        await problem(flow, "GET", "/v1/documents?q=finden", 501, "search-off")
