"""Documents in MongoDB: any order, any repetition, the same entries."""

import asyncio
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from pipeline.dead_letters import dead_letter
from pipeline.errors import ConflictError, InputError
from pipeline.events import DocumentPart, SegmentedPart, Translation
from pipeline.revisions import revision
from sink.handler import group
from store.collections import Collections
from store.dead_letters import DeadLetterQuery, DeadLetterStore
from store.documents.deleting import DocumentDeletion
from store.documents.history import DocumentQuery
from store.documents.lifecycle import DocumentLifecycle
from store.documents.reading import DocumentReader
from store.ownership import EVERYBODY
from store.writing.writer import DocumentWriter
from tests.unit.records import FakeRecord

Stored = SegmentedPart | Translation


def part(number: int, text: str, *, last: bool = False, document: str = "d", target: str = "en") -> list[Stored]:
    """Return the events of one part: each word is a sentence, its translation is the word in capitals."""
    digest = revision(DocumentPart(text=text, id=document, target=target))
    spans: list[int] = []
    place = 0
    for word in text.split():
        place = text.index(word, place)
        spans += (place, place + len(word))
        place += len(word)
    segmented = SegmentedPart(
        document=document,
        part=number,
        last=last,
        revision=digest,
        text=text,
        spans=spans,
        source="de",
        target=target,
        created=1_790_000_000_000 + number,
    )
    return [
        segmented,
        *(
            Translation(
                document=document,
                part=number,
                index=index,
                revision=digest,
                text=word.upper(),
                source="de",
                target=target,
                model="m@1",
            )
            for index, word in enumerate(text.split())
        ),
    ]


BOOK = [*part(0, "  ein $wort und\n\0noch eins "), *part(1, "zweiter teil\n"), *part(2, "ende", last=True)]
TRANSLATED = "  EIN $WORT UND\n\0NOCH EINS ZWEITER TEIL\nENDE"


async def write(collections: Collections, events: Sequence[Stored], rounds: int = 1) -> None:
    writer = DocumentWriter(collections)
    size = -(-len(events) // rounds)
    for start in range(0, len(events), size):
        written = await writer.write(group(events[start : start + size]))
        for one in written.refused:
            raise one.error


async def text(collections: Collections, document: str = "d", missing: Any = "source") -> str:
    return "".join([piece async for piece in DocumentReader(collections).text(EVERYBODY, document, missing)])


async def delete(collections: Collections, document: str) -> None:
    """Delete a document that is there."""
    deletion = DocumentDeletion(collections)
    begun = await deletion.delete(EVERYBODY, document)
    assert begun is not None
    await deletion.complete(begun)


async def entries(collections: Collections) -> list[dict[str, Any]]:
    """Return everything stored, without the times of writing."""
    found = [entry async for entry in collections.documents.find().sort("_id", 1)]
    found += [entry async for entry in collections.parts.find().sort("_id", 1)]
    for entry in found:
        for name in ("finished", "started"):
            entry.pop(name, None)
        entry.get("counts", {}).pop("started", None)
        entry["translations"] = dict(sorted(entry.get("translations", {}).items()))
    return found


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


async def test_another_text_under_the_same_number_is_refused(collections: Collections) -> None:
    await write(collections, BOOK)
    expected = await entries(collections)
    segmented, *translations = part(1, "ganz anderer teil\n")
    with pytest.raises(ConflictError, match="part 1 of document d is already there with another text"):
        await write(collections, [segmented])
    await write(collections, translations)
    assert await entries(collections) == expected, "and its translations change nothing"


async def test_translations_of_a_text_that_nobody_sent_keep_no_part_out(collections: Collections) -> None:
    strays = part(0, "falsch auch falsch", last=True)[1:]
    await write(collections, strays)
    await write(collections, [*strays, *part(0, "das ende", last=True)])
    assert await text(collections) == "DAS ENDE"
    await write(collections, strays)
    assert await text(collections) == "DAS ENDE"
    (document,) = (await DocumentReader(collections).page(EVERYBODY, DocumentQuery(), limit=9, after=None)).items
    assert (document.state, document.counts.total, document.counts.translated) == ("done", 2, 2)


async def test_another_language_under_the_same_id_is_refused(collections: Collections) -> None:
    await write(collections, part(0, "eins"))
    with pytest.raises(ConflictError, match="was submitted as de→en"):
        await write(collections, part(1, "zwei", target="fr"))


async def test_deleted_documents_stay_deleted(collections: Collections) -> None:
    lifecycle, reader = DocumentLifecycle(collections), DocumentReader(collections)
    await write(collections, BOOK)
    await delete(collections, "d")
    assert await DocumentDeletion(collections).delete(EVERYBODY, "d") is None
    await write(collections, BOOK)
    assert await reader.get(EVERYBODY, "d") is None
    assert await collections.parts.count_documents({}) == 0
    with pytest.raises(ConflictError, match="was deleted"):
        await lifecycle.register(EVERYBODY, "d", source="de", target="en", model=None, metadata={}, revision="0" * 16)


async def test_registering_twice_is_registering_once(collections: Collections) -> None:
    lifecycle = DocumentLifecycle(collections)
    first, again = [
        await lifecycle.register(
            EVERYBODY,
            "d",
            source="de",
            target="en",
            model=None,
            metadata={"a": 1},
            revision="0" * 16,
            pins={"de": used},
        )
        for used in ("tiny@1", "tiny@2")
    ]
    assert (first.new, again.new) == (True, False)
    assert first.pins == again.pins == {"de": "tiny@1"}, "it keeps the model that it began with"
    with pytest.raises(ConflictError, match="exists as de→en"):
        await lifecycle.register(EVERYBODY, "d", source="de", target="fr", model=None, metadata={}, revision="0" * 16)
    await write(collections, BOOK)
    found = await DocumentReader(collections).get(EVERYBODY, "d")
    assert found is not None
    assert (found.state, found.metadata) == ("done", {"a": 1})


async def test_an_upload_that_broke_off_can_be_completed(collections: Collections) -> None:
    lifecycle, reader = DocumentLifecycle(collections), DocumentReader(collections)
    await lifecycle.register(EVERYBODY, "d", source="de", target="en", model=None, metadata={}, revision="0" * 16)
    await write(collections, part(0, "  ein $wort und\n\0noch eins "))
    await lifecycle.interrupted(EVERYBODY, "d", "the connection broke off")
    assert (await reader.get(EVERYBODY, "d")).state == "incomplete"  # type: ignore[union-attr]
    await write(collections, BOOK)
    assert (await reader.get(EVERYBODY, "d")).state == "done"  # type: ignore[union-attr]


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


async def test_what_mongodb_can_never_hold_is_the_senders_problem(collections: Collections) -> None:
    _, translation = part(0, "eins", last=True)
    # An entry of MongoDB has 16 MiB at most.
    huge = msgspec.structs.replace(translation, text="x" * 17 * 1024 * 1024)
    with pytest.raises(InputError, match="cannot store"):
        await write(collections, [huge])


async def test_parts_that_contradict_the_end_of_a_document_are_refused(collections: Collections) -> None:
    await write(collections, part(0, "eins"))
    await write(collections, part(2, "drei"))
    with pytest.raises(ConflictError, match="part 1, as the last one, does not fit document d, which has a part 2"):
        await write(collections, part(1, "zwei", last=True))
    await write(collections, part(3, "vier", last=True))
    with pytest.raises(ConflictError, match="part 7 does not fit document d, which ends with part 3"):
        await write(collections, part(7, "acht"))
    with pytest.raises(ConflictError, match="part 1, as the last one, does not fit document d, which ends with part 3"):
        await write(collections, part(1, "zwei", last=True))
    found = await DocumentReader(collections).get(EVERYBODY, "d")
    assert found is not None
    assert (found.state, found.parts) == ("translating", 4), "one part is missing still, however many others came"
    await write(collections, part(1, "zwei"))
    found = await DocumentReader(collections).get(EVERYBODY, "d")
    assert found is not None
    assert (found.state, found.counts.parts) == ("done", 4)


async def test_a_translation_of_a_part_that_never_comes_does_not_keep_a_document_open(collections: Collections) -> None:
    _, stray = part(9, "verirrt")
    await write(collections, [stray])
    await write(collections, part(0, "eins zwei", last=True))
    found = await DocumentReader(collections).get(EVERYBODY, "d")
    assert found is not None
    assert (found.state, found.counts.translated) == ("done", 2)


async def test_a_part_of_very_many_sentences(collections: Collections) -> None:
    await write(collections, part(0, "a\n" * 32_000, last=True))
    found = await DocumentReader(collections).get(EVERYBODY, "d")
    assert found is not None
    assert (found.state, found.counts.translated) == ("done", 32_000)
    assert found.created < datetime.now(UTC)


async def test_uploads_that_nobody_continues_are_given_up_and_can_still_be_completed(collections: Collections) -> None:
    lifecycle = DocumentLifecycle(collections)
    first, last = part(0, "eins zwei"), part(1, "drei", last=True)
    for name in ("d", "empty", "waiting"):
        await lifecycle.register(EVERYBODY, name, source="de", target="en", model=None, metadata={}, revision="0" * 16)
    # All of it was sent; that nothing of it is stored yet is the pipeline's doing.
    await lifecycle.received(EVERYBODY, "waiting")
    await write(collections, first)
    await collections.documents.update_one({"_id": "d"}, {"$set": {"touched": datetime.now(UTC)}})
    assert await lifecycle.give_up_uploads(timedelta(minutes=1)) == 0
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    await collections.documents.update_many({}, {"$set": {"created": long_ago}})
    # A long upload that goes on is none that broke off.
    assert await lifecycle.give_up_uploads(timedelta(minutes=1)) == 1
    await collections.documents.update_many({}, {"$set": {"touched": long_ago}})
    assert await lifecycle.give_up_uploads(timedelta(minutes=1)) == 1
    reader = DocumentReader(collections)
    document = await reader.get(EVERYBODY, "d")
    assert document is not None
    assert (document.state, document.counts.translated) == ("incomplete", 2)
    assert await text(collections) == "EINS ZWEI"
    await write(collections, last)
    document = await reader.get(EVERYBODY, "d")
    assert document is not None
    assert document.state == "done"


async def test_documents_whose_time_is_over(collections: Collections) -> None:
    await write(collections, part(0, "alt", last=True, document="old"))
    await write(collections, part(0, "neu", last=True, document="new"))
    await write(collections, part(0, "halb", document="half"))
    long_ago = datetime.now(UTC) - timedelta(days=3)
    await collections.documents.update_one({"_id": "old"}, {"$set": {"finished": long_ago}})
    await collections.documents.update_one({"_id": "half"}, {"$set": {"created": long_ago}})
    # Not what is still under way.
    assert await DocumentDeletion(collections).older(timedelta(days=2)) == ["old"]


async def test_what_nobody_came_back_for(collections: Collections) -> None:
    await write(collections, part(0, "gewartet", last=True, document="waited"))
    await write(collections, part(0, "gerade", last=True, document="recent"))
    await write(collections, part(0, "bleibt", last=True, document="kept"))
    long_ago = datetime.now(UTC) - timedelta(hours=2)
    waited_for = {"synchronous": True, "dialect": "deepl"}
    for name, field in (("waited", "internal"), ("recent", "internal"), ("kept", "metadata")):
        # What a sender calls its metadata means nothing.
        await collections.documents.update_one({"_id": name}, {"$set": {field: waited_for}})
    for name, created in (("waited", long_ago), ("recent", datetime.now(UTC)), ("kept", long_ago)):
        await collections.documents.update_one({"_id": name}, {"$set": {"created": created}})
    assert await DocumentDeletion(collections).unread(timedelta(hours=1)) == ["waited"]


async def test_what_does_not_fit_holds_nothing_else_up(collections: Collections) -> None:
    await write(collections, part(0, "eins", document="taken"))
    others = [event for number in range(20) for event in part(0, "eins zwei", last=True, document=f"good{number}")]
    contradicting = part(1, "un", document="taken", target="fr")
    changed = part(0, "zwei", document="taken")
    written = await DocumentWriter(collections).write(group([*contradicting, *others, *changed]))
    assert [(one.update.part, type(one.error)) for one in written.refused] == [(1, ConflictError), (0, ConflictError)]
    assert {event.document for event in written.completed} == {f"good{number}" for number in range(20)}
    assert await text(collections, "taken") == "EINS"


async def test_a_callback_is_due_when_its_document_ends_and_not_before(collections: Collections) -> None:
    lifecycle = DocumentLifecycle(collections)
    for name in ("done", "cancelled", "open"):
        await lifecycle.register(
            EVERYBODY, name, source="de", target="en", model=None, metadata={}, revision="0" * 16,
            callback="https://example.org/",
        )  # fmt: skip
    assert await collections.documents.count_documents({"callback.due": {"$exists": True}}) == 0
    await write(collections, part(0, "eins", last=True, document="done"))
    await write(collections, part(0, "eins", last=True, document="without"))
    await lifecycle.cancel(EVERYBODY, "cancelled")
    due = {
        entry["_id"]: entry["callback"] async for entry in collections.documents.find({"callback.due": {"$type": 9}})
    }
    assert set(due) == {"done", "cancelled"}
    assert all(callback["attempts"] == 0 and callback["url"] for callback in due.values())
    without = await collections.documents.find_one({"_id": "without"})
    assert without is not None
    assert "callback" not in without


async def test_a_dead_letter_of_a_kafka_that_was_set_up_anew_takes_no_older_ones_place(
    collections: Collections,
) -> None:
    store = DeadLetterStore(collections)
    for time in (1_790_000_000_000, 1_790_000_000_001):
        bad = FakeRecord(b"no json", timestamp=time)
        made = dead_letter("dead-letters", bad, service="sink", stage="decode", error=InputError("bad"))
        letter = FakeRecord(made.value, topic="dead-letters", headers=tuple(made.headers))
        for _ in range(2):
            await store.add([letter])
    found = await store.page(DeadLetterQuery(), limit=10, after=None)
    assert {one.id for one in found} == {"documents-3-42-1a0c4506c00", "documents-3-42-1a0c4506c01"}
