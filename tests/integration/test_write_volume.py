"""How much MongoDB writes and replicates for a translation: what is new, not all that its part has already."""

from typing import Any

from bson import encode

from pipeline.events import Translation
from sink.handler import group
from store.collections import Collections
from store.writing.writer import DocumentWriter
from tests.integration.storing import part

_ROUNDS = 20
_ROUND_SIZE = 20


async def test_a_round_of_translations_is_replicated_as_what_is_new_in_it(collections: Collections) -> None:
    segmented, *translations = part(0, " ".join(f"Wort{number}" for number in range(_ROUNDS * _ROUND_SIZE)), last=True)
    writer = DocumentWriter(collections)
    await writer.write(group([segmented]))
    before = len([entry async for entry in _updates(collections)])
    for first in range(0, len(translations), _ROUND_SIZE):
        await writer.write(group(translations[first : first + _ROUND_SIZE]))
    sizes = [len(encode(entry)) async for entry in _updates(collections)][before:]
    assert len(sizes) == _ROUNDS
    # The first names model and time as well. With the whole part in each, the last would be twenty times as large.
    assert max(sizes) < 1.5 * sizes[0]


async def test_a_translation_that_could_be_made_after_all_replaces_its_place_alone(collections: Collections) -> None:
    segmented, *translations = part(0, " ".join(f"Wort{number}" for number in range(400)), last=True)
    failed = [_failed(one) if index == 7 else one for index, one in enumerate(translations)]  # type: ignore[arg-type]
    writer = DocumentWriter(collections)
    await writer.write(group([segmented, *failed]))
    await writer.write(group([translations[7]]))
    stored = await collections.parts.find_one({"_id": "d/0000000"})
    assert stored is not None
    assert (stored["failed"], stored["translations"]["7"]) == (0, {"text": "WORT7"})
    assert len(stored["translations"]) == 400


def _failed(translation: Translation) -> Translation:
    return Translation(
        document=translation.document,
        part=translation.part,
        index=translation.index,
        revision=translation.revision,
        text="Wort7",
        source="de",
        target="en",
        model="none",
        failed=True,
    )


def _updates(collections: Collections) -> Any:
    namespace = f"{collections.parts.database.name}.{collections.parts.name}"
    return collections.client.local["oplog.rs"].find({"op": "u", "ns": namespace}).sort("$natural", 1)
