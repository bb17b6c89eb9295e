"""What the store refuses because it contradicts what is there, and what goes on beside that."""

import msgspec
import pytest

from pipeline.dead_letters import dead_letter
from pipeline.errors import ConflictError, InputError
from sink.handler import group
from store.collections import Collections
from store.dead_letters import DeadLetterQuery, DeadLetterStore
from store.documents.history import DocumentQuery
from store.documents.reading import DocumentReader
from store.ownership import EVERYBODY
from store.writing.writer import DocumentWriter
from tests.integration.storing import BOOK, entries, part, text, write
from tests.unit.records import FakeRecord


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


async def test_what_does_not_fit_holds_nothing_else_up(collections: Collections) -> None:
    await write(collections, part(0, "eins", document="taken"))
    others = [event for number in range(20) for event in part(0, "eins zwei", last=True, document=f"good{number}")]
    contradicting = part(1, "un", document="taken", target="fr")
    changed = part(0, "zwei", document="taken")
    written = await DocumentWriter(collections).write(group([*contradicting, *others, *changed]))
    assert [(one.update.part, type(one.error)) for one in written.refused] == [(1, ConflictError), (0, ConflictError)]
    assert {event.document for event in written.completed} == {f"good{number}" for number in range(20)}
    assert await text(collections, "taken") == "EINS"


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
