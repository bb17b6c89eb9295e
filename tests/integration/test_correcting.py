"""What people make of sentences, in the store: it is kept, counts once, and is what every reader gives."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

import pytest

from pipeline.alignment import Link, pack
from pipeline.errors import InputError
from pipeline.events import SegmentedPart, Translation
from store.collections import Collections
from store.documents.correcting import ChangedMeanwhileError, CorrectionStore
from store.documents.deleting import DocumentDeletion
from store.documents.lifecycle import DocumentLifecycle
from store.documents.reading import DocumentReader
from store.documents.searching import DocumentSearch
from store.memory.finding import MemoryFinder, Wanted
from store.memory.units import Place
from store.ownership import EVERYBODY
from store.parts import StoredSentence
from store.writing.backlog import Backlog
from store.writing.indexing import SearchIndex
from tests.integration.storing import part, write

BOOK = [*part(0, "eins zwei\ndrei "), *part(1, "vier fünf", last=True)]
DREI = Place("d", 0, 2)


async def change(
    collections: Collections,
    place: Place,
    expected: Collection[int] | None = None,
    by: str | None = None,
    **fields: Any,
) -> StoredSentence:
    made = await CorrectionStore(collections).change(EVERYBODY, place, fields, by=by, expected=expected)
    assert made is not None
    return made


async def text(collections: Collections, **how: Any) -> str:
    return "".join([piece async for piece in DocumentReader(collections).text(EVERYBODY, "d", "source", **how)])


async def remembered(collections: Collections, sentence: str) -> Mapping[str, str]:
    (hit,) = await MemoryFinder(collections).find(EVERYBODY, ("de", "en"), [Wanted(sentence)])
    return {hit.kind: hit.translation} if hit else {}


async def counts(collections: Collections) -> tuple[int, int, int, int]:
    document = await DocumentReader(collections).get(EVERYBODY, "d")
    assert document is not None
    found = document.counts
    return found.corrected, found.approved, found.suspect, found.failed


async def test_a_correction_is_what_every_reader_gives_and_the_machine_version_is_kept(
    collections: Collections,
) -> None:
    await write(collections, BOOK)
    made = await change(collections, DREI, text="three", by="Ada")
    assert (made.translation, made.machine, made.span) == ("three", "DREI", (10, 14))
    assert made.change is not None
    assert (made.change.by, made.change.version, made.change.approved) == ("Ada", 1, False)
    assert await text(collections) == "EINS ZWEI\nthree VIER FÜNF"
    assert await text(collections, version="machine") == "EINS ZWEI\nDREI VIER FÜNF"
    assert await counts(collections) == (1, 0, 0, 0)
    assert await remembered(collections, "drei") == {"exact": "three"}
    back = await change(collections, DREI, text=None)
    assert (back.translation, back.machine) == ("DREI", None)
    assert await text(collections) == await text(collections, version="machine")
    assert await remembered(collections, "drei") == {}
    found = await CorrectionStore(collections).get(EVERYBODY, DREI)
    assert found is not None
    assert [(one.text, one.by) for one in found.earlier] == [("three", "Ada")]


async def test_the_text_of_the_machine_given_by_a_person_is_no_correction(collections: Collections) -> None:
    await write(collections, BOOK)
    made = await change(collections, DREI, text="DREI", approved=True)
    assert (made.machine, made.change and made.change.approved) == (None, True)
    assert await counts(collections) == (0, 1, 0, 0)
    assert await remembered(collections, "drei") == {"exact": "DREI"}


async def test_another_text_has_to_be_approved_anew(collections: Collections) -> None:
    await write(collections, BOOK)
    await change(collections, DREI, text="three", approved=True)
    assert await counts(collections) == (1, 1, 0, 0)
    await change(collections, DREI, text="drei!")
    assert await counts(collections) == (1, 0, 0, 0)


async def test_what_was_changed_meanwhile_is_refused_and_a_change_that_was_made_is_not_made_again(
    collections: Collections,
) -> None:
    await write(collections, BOOK)
    await change(collections, DREI, [0], by="Ada", text="three")
    # Her answer was lost; she asks again.
    again = await change(collections, DREI, [0], by="Ada", text="three")
    assert again.change is not None
    assert again.change.version == 1
    with pytest.raises(ChangedMeanwhileError) as caught:
        await change(collections, DREI, [0], by="Bo", text="III")
    assert caught.value.sentence.translation == "three"
    await change(collections, DREI, [1], by="Bo", text="III")
    # Hers was made, but it is not what is there.
    with pytest.raises(ChangedMeanwhileError):
        await change(collections, DREI, [0], by="Ada", text="three")
    # Approved was what she saw, and that it is not any more.
    await change(collections, DREI, [2], by="Bo", approved=True)
    with pytest.raises(ChangedMeanwhileError):
        await change(collections, DREI, [1], by="Ada", approved=True)
    document = await DocumentReader(collections).get(EVERYBODY, "d")
    assert document is not None
    assert document.edits == 3


async def test_of_many_at_once_each_counts_once(collections: Collections) -> None:
    await write(collections, BOOK)
    places = [Place("d", 0, 0), Place("d", 0, 1), DREI, Place("d", 1, 0), Place("d", 1, 1)]
    stores = [CorrectionStore(collections) for _ in range(4)]
    await asyncio.gather(
        *(
            store.change(EVERYBODY, place, {"text": f"{place.part}.{place.index}"}, by=None)
            for store in stores
            for place in places
        )
    )
    assert await text(collections) == "0.0 0.1\n0.2 1.0 1.1"
    document = await DocumentReader(collections).get(EVERYBODY, "d")
    assert document is not None
    assert (document.edits, document.counts.corrected) == (5, 5)
    # Only one of those that begin at the same version gets past.
    answers = await asyncio.gather(
        *(change(collections, DREI, [1], by=str(number), text=str(number)) for number in range(6)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, StoredSentence) for answer in answers) == 1
    assert all(isinstance(answer, StoredSentence | ChangedMeanwhileError) for answer in answers)


async def test_a_translation_that_comes_after_its_correction_changes_nothing(collections: Collections) -> None:
    segmented, *translations = BOOK[:4]
    await write(collections, [segmented])
    with pytest.raises(InputError, match="no translation yet"):
        await change(collections, DREI, approved=True)
    made = await change(collections, DREI, text="three")
    assert (made.translation, made.machine) == ("three", None)
    await write(collections, [*translations, *BOOK[4:]])
    assert await text(collections) == "EINS ZWEI\nthree VIER FÜNF"
    document = await DocumentReader(collections).get(EVERYBODY, "d")
    assert document is not None
    assert (document.state, document.counts.corrected, document.counts.translated) == ("done", 1, 5)


async def test_a_person_settles_what_is_doubtful_or_failed(collections: Collections) -> None:
    book = [
        Translation(
            document="d", part=0, index=one.index, revision=one.revision, text="drei", source="de", target="en",
            model="m@1", failed=one.index == 2, suspect=["copy"] if one.index == 1 else [], confidence=20,
        ) if isinstance(one, Translation) and one.part == 0 and one.index else one
        for one in BOOK
    ]  # fmt: skip
    await write(collections, book)
    assert await counts(collections) == (0, 0, 1, 1)
    await change(collections, Place("d", 0, 1), approved=True)
    # The source is right: it stays, whatever a machine may say later.
    failed = await change(collections, DREI, approved=True)
    assert (failed.failed, failed.translation) == (False, "drei")
    assert await counts(collections) == (1, 2, 0, 0)
    await write(collections, BOOK)
    assert await text(collections) == "EINS drei\ndrei VIER FÜNF"
    sentences = await DocumentReader(collections).sentences(EVERYBODY, "d", after=None, limit=9)
    assert [one.confidence for one in sentences[:3]] == [None, None, None]
    assert not any(one.suspect or one.failed for one in sentences)
    machine = await DocumentReader(collections).sentences(EVERYBODY, "d", after=None, limit=9, version="machine")
    assert [one.suspect for one in machine][:2] == [[], ["copy"]]


async def test_links_go_over_to_the_corrected_text(collections: Collections) -> None:
    segmented, *rest = BOOK[:4]
    assert isinstance(segmented, SegmentedPart)
    links = [Link((0, 4), (0, 3), 1.0), Link((0, 4), (4, 9), 1.0)]
    rest[0] = Translation(
        document="d", part=0, index=0, revision=segmented.revision, text="the goods", source="de", target="en",
        model="m@1", alignment=pack(links),
    )  # fmt: skip
    await write(collections, [segmented, *rest])
    await change(collections, Place("d", 0, 0), text="Deliver all the fine goods")
    (found,) = [one async for one in DocumentReader(collections).translated(EVERYBODY, "d")]
    assert found.alignments[1] == pack([Link((0, 4), (12, 15), 1.0), Link((0, 4), (21, 26), 1.0)])


async def test_a_corrected_text_is_found_by_the_search(collections: Collections) -> None:
    await write(collections, BOOK)
    index = Backlog(collections, SearchIndex(collections))

    async def found(word: str) -> int:
        while await index.add_next():
            """Until all is taken up."""
        return len((await DocumentSearch(collections).find(EVERYBODY, word, document=None, limit=9, after=None)).items)

    assert (await found("trois"), await found("drei")) == (0, 1)
    await change(collections, DREI, text="trois")
    await change(collections, Place("d", 1, 0), text="quatre")
    assert (await found("trois"), await found("quatre"), await found("fünf")) == (1, 1, 1)
    await change(collections, DREI, text=None)
    assert (await found("trois"), await found("quatre")) == (0, 1)


async def test_what_is_deleted_cannot_be_corrected_and_leaves_nothing_but_the_memory(collections: Collections) -> None:
    await write(collections, BOOK)
    await change(collections, DREI, text="three")
    await DocumentDeletion(collections).delete(EVERYBODY, "d")
    store = CorrectionStore(collections)
    assert await store.change(EVERYBODY, DREI, {"text": "x"}, by=None) is None
    assert await store.get(EVERYBODY, DREI) is None
    assert await collections.parts.count_documents({}) == 0
    assert await remembered(collections, "drei") == {"exact": "three"}


async def test_what_was_cancelled_can_be_corrected(collections: Collections) -> None:
    await write(collections, BOOK[:3])
    assert await DocumentLifecycle(collections).cancel(EVERYBODY, "d") == "cancelled"
    await change(collections, Place("d", 0, 1), text="two")
    assert await text(collections) == "EINS two\ndrei "


async def test_history_is_bounded_and_so_is_what_a_part_may_hold(
    collections: Collections, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(collections, BOOK)
    for number in range(25):
        await change(collections, DREI, text=str(number))
    found = await CorrectionStore(collections).get(EVERYBODY, DREI)
    assert found is not None
    assert [one.version for one in found.earlier] == list(range(5, 25))
    monkeypatch.setattr("store.documents.correcting._MOST_BYTES", 5000)
    with pytest.raises(InputError, match="shorter"):
        await change(collections, DREI, text="x" * 5000)
    assert await text(collections) == "EINS ZWEI\n24 VIER FÜNF"


async def test_what_changed_after_an_edit_is_told(collections: Collections) -> None:
    await write(collections, BOOK)
    await change(collections, DREI, text="three")
    await change(collections, Place("d", 1, 1), comment="Which one?")
    store = CorrectionStore(collections)
    assert [(one.part, one.index) for one in await store.since(EVERYBODY, "d", 0)] == [(0, 2), (1, 1)]
    assert [one.change and one.change.comment for one in await store.since(EVERYBODY, "d", 1)] == ["Which one?"]
    assert await store.since(EVERYBODY, "d", 2) == []


@pytest.mark.parametrize("place", [Place("d", 0, 3), Place("d", 2, 0), Place("e", 0, 0)])
async def test_where_no_sentence_is_nothing_is_changed(collections: Collections, place: Place) -> None:
    await write(collections, BOOK)
    assert await CorrectionStore(collections).change(EVERYBODY, place, {"text": "x"}, by=None) is None
