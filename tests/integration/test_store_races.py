"""Several writers of the store at once. What only a moment decides is tried at many moments."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import msgspec
import pytest

from pipeline.errors import ConflictError
from pipeline.events import SegmentedPart, Translation
from sink.handler import group
from store.collections import Collections
from store.documents.reading import DocumentReader
from store.ownership import EVERYBODY
from store.writing.writer import DocumentWriter
from tests.integration.storing import delete, part, write


async def _later(milliseconds: float, work: Awaitable[object]) -> None:
    await asyncio.sleep(milliseconds / 1000)
    await work


async def test_a_document_is_not_done_when_parts_come_while_another_is_closed(collections: Collections) -> None:
    done = []
    for number in range(300):
        name = f"d{number}"
        parts = [part(place, "eins zwei", last=place == 3, document=name) for place in range(4)]
        texts = [event for place in (0, 2, 3) for event in parts[place] if isinstance(event, SegmentedPart)]
        await asyncio.gather(write(collections, parts[1]), _later(number % 30 / 5, write(collections, texts)))
        if await DocumentReader(collections).state(EVERYBODY, name) == "done":
            done.append(name)
    assert not done, "of three of their four parts nothing was translated"


async def test_a_document_is_done_where_one_part_is_completed_while_another_is_written(
    collections: Collections, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first, *of_first), (second, *of_second) = part(0, "eins"), part(1, "zwei", last=True)
    await write(collections, of_second)
    writer = DocumentWriter(collections)
    write_once = writer._write_once

    async def between(*args: Any, **options: Any) -> Any:
        """The first part is new here and completed elsewhere, before what was there of the second one is found."""
        result = await write_once(*args, **options)
        if args[0] and options.get("quick"):
            await write(collections, of_first)
        return result

    monkeypatch.setattr(writer, "_write_once", between)
    written = await writer.write(group([first, second]))
    assert [one.document for one in written.completed] == ["d"]
    assert await DocumentReader(collections).state(EVERYBODY, "d") == "done"


async def test_all_that_is_made_after_all_is_counted(collections: Collections) -> None:
    counts = set()
    for number in range(150):
        segmented, *made = part(0, "eins zwei drei vier fünf sechs sieben acht", last=True, document=f"d{number}")
        failed = [msgspec.structs.replace(one, failed=True) for one in made if isinstance(one, Translation)]
        await write(collections, [segmented, *failed])
        await asyncio.gather(
            *(_later(number % 10 / 10 * place, write(collections, [one])) for place, one in enumerate(made))
        )
        document = await DocumentReader(collections).get(EVERYBODY, f"d{number}")
        assert document is not None
        counts.add((document.state, document.counts.translated, document.counts.failed))
    assert counts == {("done", 8, 0)}


async def test_of_parts_that_contradict_each_other_one_is_refused(collections: Collections) -> None:
    for number in range(60):
        name = f"d{number}"
        contradictions = [
            part(1, "eins", last=True, document=name),
            part(3 + number % 2, "zwei", last=number % 2 == 0, document=name),
        ]
        if number % 3 == 0:
            contradictions = [part(0, "eins", document=name), part(1, "zwei", document=name, target="fr")]
        results = await asyncio.gather(
            write(collections, contradictions[0]),
            _later(number % 10 / 5, write(collections, contradictions[1])),
            return_exceptions=True,
        )
        assert [type(result) for result in results if result is not None] == [ConflictError], name


async def test_parts_of_one_round_are_held_against_each_other(collections: Collections) -> None:
    with pytest.raises(ConflictError, match="was submitted as de→en"):
        await write(collections, [*part(0, "eins"), *part(1, "zwei", target="fr", last=True)])


async def test_nothing_stays_of_a_document_that_is_deleted_while_it_is_written(collections: Collections) -> None:
    for number in range(100):
        name = f"d{number}"
        await write(collections, part(0, "eins zwei", document=name))
        last = part(1, "drei vier", last=True, document=name)
        await asyncio.gather(write(collections, last), _later(number % 10 / 2, delete(collections, name)))
    assert await collections.parts.distinct("document") == []
    fields = {field for trace in await collections.documents.find().to_list(None) for field in trace}
    assert fields <= {"_id", "owner", "state", "cleared", "expires"}


async def test_what_a_writer_left_of_a_deleted_document_goes_when_it_comes_again(collections: Collections) -> None:
    events = part(0, "eins zwei", last=True)
    await write(collections, events)
    # As if it was deleted while somebody wrote who died before looking again.
    await collections.documents.replace_one({"_id": "d"}, {"state": "deleted"})
    await write(collections, events)
    assert await collections.parts.count_documents({}) == 0
