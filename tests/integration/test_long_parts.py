"""A part with as many sentences as it can have: what is shown of it holds nobody up."""

from api.exports.lines import write_lines
from store.collections import Collections
from store.documents.choosing import Choice
from store.documents.correcting import CorrectionStore
from store.documents.reading import DocumentReader
from store.memory.units import Place
from store.ownership import EVERYBODY
from tests.integration.storing import part, write
from tests.lag import AT_MOST, least_lag


async def test_a_part_of_ten_thousand_sentences_holds_nobody_up(collections: Collections) -> None:
    text = "Kurz.\n" * 10_000
    made = part(0, text, last=True)
    await write(collections, made, rounds=4)
    reader, corrections = DocumentReader(collections), CorrectionStore(collections)
    await corrections.change(EVERYBODY, Place("d", 0, 9_999), {"text": "Short."}, by=None)

    async def lines() -> int:
        return sum([piece.count("\n") async for piece in write_lines(reader.all_sentences(EVERYBODY, "d"))])

    assert await lines() == 10_000
    assert await least_lag(lines) < AT_MOST

    async def changed() -> None:
        assert [one.index for one in await corrections.since(EVERYBODY, "d", 0)] == [9_999]

    assert await least_lag(changed) < AT_MOST

    async def last() -> None:
        found = await reader.sentences(EVERYBODY, "d", after=(0, 9_998), limit=10)
        assert [one.translation for one in found] == ["Short."]

    assert await least_lag(last) < AT_MOST
    assert await least_lag(lambda: reader.outline(EVERYBODY, "d")) < AT_MOST
    assert await least_lag(lambda: reader.chosen(EVERYBODY, "d", Choice(corrected=True), after=None, limit=2)) < AT_MOST
