"""Documents in MongoDB: any order, any repetition, the same entries."""

import asyncio
import random
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from pipeline.errors import InputError
from pipeline.events import SegmentedPart, Translation
from sink.handler import group
from store.collections import Collections
from store.documents.history import DocumentQuery
from store.documents.reading import DocumentReader
from store.ownership import EVERYBODY
from store.writing.writer import DocumentWriter
from tests.integration.storing import BOOK, TRANSLATED, Stored, entries, part, text, write


async def test_a_document_is_rebuilt(collections: Collections) -> None:
    await write(collections, BOOK)
    found = await DocumentReader(collections).get(EVERYBODY, "d")
    assert found is not None
    assert (found.state, found.counts.total, found.counts.translated, found.model) == ("done", 8, 8, "m@1")
    assert found.counts.characters == len("".join(e.text for e in BOOK if isinstance(e, SegmentedPart)))
    assert await text(collections) == TRANSLATED


@pytest.mark.parametrize("seed", range(12))
async def test_any_order_and_any_repetition_give_the_same_document(collections: Collections, seed: int) -> None:
    await write(collections, BOOK)
    expected = await entries(collections)
    await collections.documents.delete_many({})
    await collections.parts.delete_many({})
    chance = random.Random(seed)
    events = [*BOOK, *chance.choices(BOOK, k=len(BOOK))]
    chance.shuffle(events)
    await write(collections, events, rounds=chance.randint(1, len(events)))
    assert await entries(collections) == expected
    await write(collections, BOOK)
    assert await entries(collections) == expected


@pytest.mark.parametrize("seed", range(4))
async def test_a_part_that_is_written_in_few_words_is_as_one_that_is_merged(
    collections: Collections, seed: int
) -> None:
    chance = random.Random(seed)
    writer = DocumentWriter(collections)
    for number in range(10):
        events = part(0, " ".join(["wort"] * chance.randint(1, 6)), last=True, document=f"quick-{number}")
        events[1:] = [_varied(one, chance) for one in events[1:]]
        merged = [msgspec.structs.replace(one, document=f"merged-{number}") for one in events]
        # Text and translations in rounds of their own, and together.
        for one in (events[:1], events[1:], merged):
            written = await writer.write(group(one))
            assert not written.refused
        assert [event.document for event in written.completed] == [f"merged-{number}"]
    found: dict[str, list[Any]] = {"quick": [], "merged": []}
    for entry in await entries(collections):
        name = entry.get("document", entry["_id"])
        own = {key: value for key, value in entry.items() if key not in ("_id", "document")}
        found[name.partition("-")[0]].append((name.partition("-")[2], own))
    assert found["quick"] == found["merged"]
    assert len(found["quick"]) == 20


def _varied(event: Stored, chance: random.Random) -> Translation:
    assert isinstance(event, Translation)
    varied: dict[str, Any] = {
        "confidence": chance.choice([None, 0, 1, 49, 50, 51, 79, 80, 99, 100]),
        "suspect": chance.choice([[], ["numbers"]]),
        "memory": chance.choice([None, "machine", "person"]),
        "missed": chance.choice([0, 0, 2]),
        "failed": chance.random() < 0.2,
        "model": chance.choice(["m@1", "none", "memory"]),
    }
    return msgspec.structs.replace(event, **varied)


async def test_several_writers_at_once_give_the_same_document(collections: Collections) -> None:
    chance = random.Random(1)
    shuffled = [chance.sample(BOOK, len(BOOK)) for _ in range(6)]
    await asyncio.gather(*(write(collections, events, rounds=5) for events in shuffled))
    found = await DocumentReader(collections).get(EVERYBODY, "d")
    assert found is not None
    assert (found.state, found.counts.translated) == ("done", 8)
    assert await text(collections) == TRANSLATED


async def test_the_first_translation_of_a_sentence_stays(collections: Collections) -> None:
    await write(collections, BOOK)
    again = [
        Translation(**{name: getattr(event, name) for name in event.__struct_fields__} | {"text": "ANDERS"})
        for event in BOOK
        if isinstance(event, Translation)
    ]
    await write(collections, again)
    assert await text(collections) == TRANSLATED


async def test_a_translation_replaces_one_that_could_not_be_made(collections: Collections) -> None:
    segmented, first, second = part(0, "eins zwei", last=True)
    assert isinstance(second, Translation)
    failed = msgspec.structs.replace(second, text="zwei", failed=True)
    await write(collections, [segmented, first, failed])
    reader = DocumentReader(collections)
    document = await reader.get(EVERYBODY, "d")
    assert document is not None
    assert (document.state, document.counts.translated, document.counts.failed) == ("done", 2, 1)
    assert await text(collections) == "EINS zwei"
    await write(collections, [second])
    document = await reader.get(EVERYBODY, "d")
    assert document is not None
    assert (document.state, document.counts.translated, document.counts.failed) == ("done", 2, 0)
    # Not the other way round, in whatever order they come.
    await write(collections, [failed, failed])
    assert await text(collections) == "EINS ZWEI"


async def test_a_document_is_done_only_when_all_its_parts_are(collections: Collections) -> None:
    reader = DocumentReader(collections)
    states = []
    for events in (part(2, "ende", last=True), part(0, "anfang"), part(1, "mitte")):
        await write(collections, events)
        found = await reader.get(EVERYBODY, "d")
        assert found is not None
        states.append(found.state)
    assert states == ["translating", "translating", "done"]


async def test_what_is_there_can_be_read_before_the_end(collections: Collections) -> None:
    first, second, *_ = part(0, "eins zwei drei ")
    await write(collections, [first, second])
    assert await text(collections) == "EINS zwei drei "
    assert await text(collections, missing="skip") == "EINS   "
    found = await DocumentReader(collections).get(EVERYBODY, "d")
    assert found is not None
    assert (found.state, found.counts.total, found.counts.translated) == ("receiving", 3, 1)


async def test_empty_documents(collections: Collections) -> None:
    await write(collections, part(0, "", last=True))
    found = await DocumentReader(collections).get(EVERYBODY, "d")
    assert found is not None
    assert (found.state, found.counts.total) == ("done", 0)
    assert await text(collections) == ""


async def test_counting_reads_no_text(collections: Collections) -> None:
    for number in range(20):
        await write(collections, part(number, "wort " * 50))
    pipeline = [
        {"$match": {"document": {"$in": ["d"]}}},
        {"$group": {"_id": "$document", "total": {"$sum": "$total"}, "model": {"$max": "$model"}}},
    ]
    explained = await collections.client[collections.parts.database.name].command(
        "explain",
        {"aggregate": "parts", "pipeline": pipeline, "cursor": {}},
        verbosity="executionStats",
    )
    stages = str(explained)
    assert "'stage': 'FETCH'" not in stages
    assert "IXSCAN" in stages


async def test_pages(collections: Collections) -> None:
    reader = DocumentReader(collections)
    for number in range(7):
        await write(collections, part(0, "x", last=number % 2 == 0, document=f"d{number}"))
    names: list[str] = []
    after = None
    while True:
        page = await reader.page(EVERYBODY, DocumentQuery(), limit=3, after=after)
        names += [document.id for document in page.items]
        after = page.next
        if after is None:
            break
    # All were made in the same millisecond; then the ids decide.
    assert names == [f"d{number}" for number in reversed(range(7))]
    done = await reader.page(EVERYBODY, DocumentQuery(state="done"), sort="created", limit=10, after=None)
    assert [document.id for document in done.items] == ["d0", "d2", "d4", "d6"]
    with pytest.raises(InputError, match="cursor"):
        await reader.page(EVERYBODY, DocumentQuery(), sort="created", limit=3, after="nonsense")


async def test_sentences_come_in_pages_with_places_in_the_whole_text(collections: Collections) -> None:
    await write(collections, BOOK)
    source = "".join(event.text for event in BOOK if isinstance(event, SegmentedPart))
    reader = DocumentReader(collections)
    found = []
    after = None
    while page := await reader.sentences(EVERYBODY, "d", after=after, limit=2):
        found += page
        after = (page[-1].part, page[-1].index)
    assert [sentence.translation for sentence in found] == TRANSLATED.split()
    assert len(found) == 8
    for sentence in found:
        start, end = sentence.span
        assert source[start:end] == sentence.source


async def test_a_part_of_very_many_sentences(collections: Collections) -> None:
    await write(collections, part(0, "a\n" * 32_000, last=True))
    found = await DocumentReader(collections).get(EVERYBODY, "d")
    assert found is not None
    assert (found.state, found.counts.translated) == ("done", 32_000)
    assert found.created < datetime.now(UTC)
