"""What the sink makes of updates that are refused: dead letters of those records alone, without a second call."""

from collections.abc import Collection, Sequence

from pipeline.errors import ConflictError
from pipeline.events import Control, DocumentCompleted, SegmentedPart, Translation
from pipeline.records import Received
from pipeline.step import Refused
from pipeline.topics import Topics
from sink.handler import Handler
from store.ownership import Ownership
from store.writing.filling import PartUpdate
from store.writing.writer import RefusedUpdate, Written
from tests.unit.records import FakeRecord

REVISION = "0" * 16
Stored = SegmentedPart | Translation | Control


class PickyWriter:
    """Refuses every other document."""

    def __init__(self) -> None:
        self.calls = 0

    async def write(self, updates: Sequence[PartUpdate]) -> Written:
        self.calls += 1
        odd = [update for update in updates if int(update.document.removeprefix("d")) % 2]
        return Written([], [RefusedUpdate(update, ConflictError("taken")) for update in odd])

    async def cancel_early(self, ownership: Ownership, documents: Collection[str]) -> list[DocumentCompleted]:
        raise AssertionError("nothing is cancelled here")


def segmented(number: int) -> SegmentedPart:
    return SegmentedPart(
        document=f"d{number}", part=0, last=True, revision=REVISION, text="a", spans=[0, 1], source="de", target="en"
    )


def translation(number: int) -> Translation:
    return Translation(
        document=f"d{number}", part=0, index=0, revision=REVISION, text="a", source="de", target="en", model="m@1"
    )


async def refused_of(events: Sequence[Stored]) -> tuple[list[int], int]:
    writer = PickyWriter()
    received = [Received(event, FakeRecord(b"", offset=offset)) for offset, event in enumerate(events)]
    found = await Handler(writer, writer, Topics())(received)
    return [one.record.offset for one in found if isinstance(one, Refused)], writer.calls


async def test_a_thousand_parts_that_do_not_fit_cost_one_call() -> None:
    refused, calls = await refused_of([segmented(number) for number in range(2000)])
    assert (refused, calls) == (list(range(1, 2000, 2)), 1)


async def test_the_translations_of_a_refused_part_are_not_to_blame() -> None:
    assert await refused_of([segmented(1), translation(1), segmented(2), translation(2)]) == ([0], 1)


async def test_translations_that_cannot_be_stored_are_dead_letters_themselves() -> None:
    assert await refused_of([translation(1), translation(2), translation(1)]) == ([0, 2], 1)
