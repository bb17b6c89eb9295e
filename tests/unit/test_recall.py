"""Sentences of a part in the memory: what is asked for, what becomes of it, and when nobody answers."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from pipeline.cancellations import Cancellations
from pipeline.errors import UnavailableError
from pipeline.events import DocumentPart, SegmentedPart, Sentence, Translation, decode, encode
from pipeline.lanes import Lanes
from pipeline.records import Received
from pipeline.topics import Topics
from segmenter import recall
from segmenter.chunks import in_chunks
from segmenter.handler import Handler
from segmenter.recall import MemoryRecall
from store.memory.finding import Hit, HitKind, Wanted
from store.memory.units import StoredUnit
from store.ownership import Ownership
from tests.unit.records import FakeRecord
from tests.unit.test_segmenter import DETECTOR, roster
from tests.unit.test_splitter import SPLITTER

TOPICS = Topics()


def hit(text: str, translation: str, kind: HitKind = "exact", **more: Any) -> Hit:
    machine = kind == "repeat"
    fields: dict[str, Any] = {
        "id": "u", "source": "de", "target": "en", "text": text, "translation": translation,
        "origin": "machine" if machine else "person", "place": None, "by": None, "at": datetime.now(UTC),
        "model": "de-en@1" if machine else None, "confidence": 70 if machine else None, "alignment": [],
        "flags": [], "suspect": [], "alternatives": [], "before": None, "after": None,
    }  # fmt: skip
    return Hit(kind, translation, StoredUnit(**fields | more))


class Memory:
    """Has some sentences; notes who asked for what. It may be away, or silent."""

    def __init__(
        self, *hits: Hit, error: Exception | None = None, seconds: float = 0, empty: Sequence[str | None] = ()
    ) -> None:
        self._hits = {one.unit.text: one for one in hits}
        self._error, self._seconds = error, seconds
        self.empty = list(empty)
        self.asked: list[tuple[Ownership, tuple[str, str], Sequence[Wanted], str | None]] = []
        self.asked_whether_empty: list[str | None] = []

    async def is_empty(self, ownership: Ownership) -> bool:
        self.asked_whether_empty.append(ownership.owner)
        return ownership.owner in self.empty

    async def find(
        self,
        ownership: Ownership,
        languages: tuple[str, str],
        sentences: Sequence[Wanted],
        *,
        model: str | None = None,
    ) -> list[Hit | None]:
        self.asked.append((ownership, languages, sentences, model))
        await asyncio.sleep(self._seconds)
        if self._error:
            raise self._error
        return [self._hits.get(" ".join(one.text.split())) for one in sentences]


async def run(memory: Memory, *events: DocumentPart, machine: bool = True) -> tuple[list[Translation], list[Sentence]]:
    """Segment parts as the segmenter does, and return what was remembered and what is to be translated."""
    known = roster(("de", "en"))
    split = Handler(SPLITTER, DETECTOR, known, Cancellations(), TOPICS, Lanes(TOPICS, known))
    handle = in_chunks(split, recall=MemoryRecall(memory, machine=machine))
    out: list[Any] = []
    for event in events:
        async for chunk in handle([Received(event, FakeRecord(encode(event)))]):
            out += chunk
    parts = [one for one in out if getattr(one, "topic", "") == TOPICS.parts]
    assert [decode(SegmentedPart, one.value).part for one in parts] == [event.part for event in events]
    made = [decode(Translation, one.value) for one in out if one.topic == TOPICS.translations]
    topics = (TOPICS.parts, TOPICS.translations)
    return made, [decode(Sentence, one.value) for one in out if one.topic not in topics]


TEXT = "Guten Tag. Wie geht es? Auf Wiedersehen."
PINS = {"de": "de-en@1"}


async def test_each_sentence_is_remembered_or_sent_and_none_is_both() -> None:
    memory = Memory(hit("Guten Tag.", "Hello."), hit("Auf Wiedersehen.", "Goodbye.", "repeat"))
    event = DocumentPart(text=TEXT, id="d", pins=PINS, memory="alice")
    made, sent = await run(memory, event)
    assert [(one.index, one.text, one.model, one.memory, one.confidence) for one in made] == [
        (0, "Hello.", "memory", "exact", None),
        (2, "Goodbye.", "de-en@1", "repeat", 70),
    ]
    assert [(one.index, one.text) for one in sent] == [(1, "Wie geht es?")]
    assert {one.revision for one in made} == {sent[0].revision}
    ((ownership, languages, wanted, model),) = memory.asked
    assert (ownership, languages, model) == (Ownership("alice", everything=False), ("de", "en"), "de-en@1")
    assert [(one.before, one.text, one.after) for one in wanted] == [
        ("", "Guten Tag.", "Wie geht es?"),
        ("Guten Tag.", "Wie geht es?", "Auf Wiedersehen."),
        ("Wie geht es?", "Auf Wiedersehen.", ""),
    ]


async def test_in_the_middle_of_a_document_what_is_beyond_a_part_is_not_known() -> None:
    memory = Memory()
    await run(memory, DocumentPart(text="Guten Tag.", id="d", part=3, last=False, pins=PINS))
    ((ownership, _, (wanted,), _),) = memory.asked
    assert (ownership.owner, wanted.before, wanted.after) == (None, None, None)


@pytest.mark.parametrize(
    ("machine", "event", "model"),
    [
        (False, DocumentPart(text=TEXT, id="d", pins=PINS), None),
        (True, DocumentPart(text=TEXT, id="d"), None),
        (True, DocumentPart(text=TEXT, id="d", model="de-en"), None),
        (True, DocumentPart(text=TEXT, id="d", model="de-en@1"), "de-en@1"),
    ],
    ids=["only people's", "no model known", "no revision", "one that was asked for"],
)
async def test_what_a_model_made_counts_for_that_revision_alone(
    machine: bool, event: DocumentPart, model: str | None
) -> None:
    memory = Memory()
    await run(memory, event, machine=machine)
    assert [one[3] for one in memory.asked] == [model]


async def test_nothing_is_asked_where_it_is_not_wanted_or_nothing_is_there_to_ask_for() -> None:
    memory = Memory(hit("Guten Tag.", "Hello."))
    made, sent = await run(memory, DocumentPart(text=TEXT, id="d", memory="-"), DocumentPart(text="  ", id="e", part=1))
    assert (made, len(sent), memory.asked) == ([], 3, [])


async def test_what_a_sender_wants_besides_has_to_be_there() -> None:
    plain = hit("Guten Tag.", "Hello.", "repeat")
    full = hit("Guten Tag.", "Hello.", "repeat", alignment=[0, 5, 0, 5, 90], alternatives=["Hi.", "Good day."])
    aligned = DocumentPart(text="Guten Tag.", id="d", pins=PINS, align=True)
    several = DocumentPart(text="Guten Tag.", id="d", pins=PINS, alternatives=1)
    for event in (aligned, several):
        assert (await run(Memory(plain), event))[0] == []
    ((made,), _), ((other,), _) = await run(Memory(full), aligned), await run(Memory(full), several)
    assert (made.alignment, other.alternatives) == ([0, 5, 0, 5, 90], ["Hi."])
    # A person's has no links; it is better than any model's nevertheless.
    ((person,), _) = await run(Memory(hit("Guten Tag.", "Hello.")), aligned)
    assert person.flags == ["unaligned"]


async def test_line_breaks_are_those_of_the_text_that_is_asked_for() -> None:
    wrapped, event = "Wie geht\nes?", DocumentPart(text="Wie geht es?", id="d", pins=PINS)
    assert (await run(Memory(hit("Wie geht es?", "How are\nyou?")), event))[0][0].text == "How are you?"
    # A model's translation is as its source was wrapped.
    other = DocumentPart(text=wrapped, id="d", pins=PINS, splitting="none")
    assert (await run(Memory(hit("Wie geht es?", "How are you?", "repeat")), other))[0] == []


@pytest.mark.parametrize(
    "memory", [Memory(error=UnavailableError("MongoDB", "here", "gone")), Memory(seconds=60)], ids=["away", "silent"]
)
async def test_without_an_answer_all_is_translated_and_nobody_waits_twice(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recall, "PATIENCE", 0.05)
    parts = [DocumentPart(text=TEXT, id="d", part=number, last=number == 2) for number in range(3)]
    made, sent = await run(memory, *parts)
    assert (made, len(sent), len(memory.asked)) == ([], 9, 1)


def part_of(number: int, created: int) -> SegmentedPart:
    return SegmentedPart(
        document="d", part=number, last=True, revision="0" * 16, text="Guten Tag.", spans=[0, 10], source="de",
        target="en", created=created,
    )  # fmt: skip


async def test_of_an_empty_memory_nothing_is_asked_for_documents_that_were_sent_before_it_was_known_to_be_empty() -> (
    None
):
    memory = Memory(hit("Guten Tag.", "Hello."), empty=["alice"])
    ask = MemoryRecall(memory, machine=True)
    sent = 1_000 * int(time.time()) - 60_000
    for number, created in ((0, sent), (0, sent + 1), (1, sent), (2, 2 * sent)):
        assert await ask([(part_of(number, created), "alice")]) == [()]
    assert memory.asked_whether_empty == ["alice"]
    # Its sender may have corrected something since.
    memory.empty = []
    ((made,),) = await ask([(part_of(0, 2 * sent), "alice")])
    assert made.text == "Hello."
    assert memory.asked_whether_empty == ["alice", "alice"]
    ((made,),) = await ask([(part_of(0, sent), "alice")])
    assert made.text == "Hello."
    # Where there was something it is looked for at once.
    assert memory.asked_whether_empty == ["alice", "alice"]


async def test_an_empty_memory_says_nothing_of_another_owners() -> None:
    memory = Memory(hit("Guten Tag.", "Hello."), empty=["alice"])
    ask = MemoryRecall(memory, machine=True)
    for owner, known in (("alice", 0), ("bob", 1), (None, 1), ("alice", 0)):
        assert [len(made) for made in await ask([(part_of(0, 1), owner)])] == [known]
    assert memory.asked_whether_empty == ["alice", "bob", None]


async def test_later_parts_ask_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recall, "_EMPTY_FOR", 0)
    memory = Memory(empty=[None])
    ask = MemoryRecall(memory, machine=True)
    for number in range(3):
        await ask([(part_of(number, 2_000 * int(time.time())), None)])
    assert memory.asked_whether_empty == [None] * 3


async def test_many_small_documents_are_one_question_of_each_owner() -> None:
    memory = Memory(hit("Guten Tag.", "Hello."), hit("Wie geht es?", "How are you?"))
    ask = MemoryRecall(memory, machine=True)
    owners = ("alice", "bob", "-", None)
    parts = [
        (replace(part_of(0, 1), document=f"d{number}", text=text, spans=[0, len(text)]), owners[number % 4])
        for number, text in enumerate(["Guten Tag.", "Wie geht es?", "Auf Wiedersehen."] * 40)
    ]
    found = await ask(parts)
    english = {"Guten Tag.": ["Hello."], "Wie geht es?": ["How are you?"]}
    assert [[made.text for made in mine] for mine in found] == [
        english.get(part.text, []) if owner != "-" else [] for part, owner in parts
    ]
    assert {made.document for mine in found for made in mine} <= {part.document for part, _ in parts}
    assert sorted((asked[0].owner or "", len(asked[2])) for asked in memory.asked) == [
        ("", 30),
        ("alice", 30),
        ("bob", 30),
    ]


async def test_what_one_owners_memory_answered_counts_though_anothers_does_not_answer() -> None:
    class Half(Memory):
        async def is_empty(self, ownership: Ownership) -> bool:
            if ownership.owner == "bob":
                raise UnavailableError("MongoDB", "here", "gone")
            return await super().is_empty(ownership)

    ask = MemoryRecall(Half(hit("Guten Tag.", "Hello.")), machine=True)
    first, second = await ask([(part_of(0, 1), "alice"), (part_of(0, 1), "bob")])
    assert ([one.text for one in first], list(second)) == (["Hello."], [])
