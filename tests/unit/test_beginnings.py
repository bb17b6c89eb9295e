"""Documents in several records, straight from Kafka, keep the models that they began with."""

import asyncio
from collections.abc import Sequence

import pytest

from pipeline.errors import UnavailableError
from pipeline.events import Control, DocumentPart, OfferedModel, TranslatorStatus, decode, encode
from pipeline.publisher import Outgoing
from pipeline.roster import Roster, now_ms
from pipeline.topics import Topics
from segmenter import beginnings
from segmenter.beginnings import KEPT_MS, Beginnings
from tests.unit.records import FakeRecord

NOW = now_ms()


class Topic:
    """The topic `control`, which some follow at once, and which takes more than one segmenter's words."""

    def __init__(self, *, slow: bool = False) -> None:
        self.slow = slow
        self.records: list[FakeRecord] = []
        self.followers: list[Beginnings] = []

    async def publish(self, records: Sequence[Outgoing]) -> None:
        for one in records:
            self.say(FakeRecord(one.value, topic=one.topic, timestamp=now_ms(), key=one.key))

    def say(self, record: FakeRecord) -> None:
        self.records.append(record)
        if not self.slow:
            for one in self.followers:
                one.add(record)


def roster(model: str) -> Roster:
    known = Roster(300.0)
    models = [OfferedModel(id=model, source="de", target="en", preferred=True)]
    status = TranslatorStatus(id="t", engine="e", device="cpu", state="ready", models=models, at=NOW)
    known.add(FakeRecord(encode(status), key=b"t", timestamp=NOW))
    return known


def segmenter(topic: Topic, model: str) -> Beginnings:
    made = Beginnings(roster(model), topic, Topics())  # type: ignore[arg-type]  # stands for a publisher
    topic.followers.append(made)
    return made


def part(number: int, *, last: bool = False, model: str | None = None) -> DocumentPart:
    return DocumentPart(text="Eins.", id="d", part=number, last=last, model=model)


def record() -> FakeRecord:
    return FakeRecord(b"{}", timestamp=NOW)


async def test_parts_before_and_after_a_change_have_the_same_model_at_any_segmenter() -> None:
    topic = Topic()
    before, after = segmenter(topic, "tiny@1"), segmenter(topic, "tiny@2")
    assert await before.pins(part(3), record()) == {"de": "tiny@1"}
    assert await after.pins(part(0), record()) == {"de": "tiny@1"}
    assert await after.pins(part(4, last=True), record()) == {"de": "tiny@1"}
    assert len(topic.records) == 1
    assert topic.records[0].key not in (None, b"d"), "in a compacted topic it must not displace a cancellation"


async def test_of_two_segmenters_that_begin_at_once_the_first_word_counts() -> None:
    topic = Topic(slow=True)
    one, other = segmenter(topic, "tiny@1"), segmenter(topic, "tiny@2")
    asked = [asyncio.create_task(mine.pins(part(0), record())) for mine in (other, one)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    for said in topic.records:
        one.add(said)
        other.add(said)
    first = decode(Control, topic.records[0].value).pins
    assert await asyncio.gather(*asked) == [first, first]


async def test_a_segmenter_that_starts_later_knows_it_too() -> None:
    topic = Topic()
    await segmenter(topic, "tiny@1").pins(part(0), record())
    late = segmenter(topic, "tiny@2")
    for said in topic.records:
        late.add(said)
    assert await late.pins(part(1), record()) == {"de": "tiny@1"}


async def test_a_document_in_one_record_and_what_the_api_took_need_no_word_on_it() -> None:
    topic = Topic()
    mine = segmenter(topic, "tiny@1")
    assert await mine.pins(part(0, last=True), record()) == {"de": "tiny@1"}
    assert await mine.pins(DocumentPart(text="", id="d", part=2, pins={"de": "tiny@0"}), record()) == {"de": "tiny@0"}
    assert await mine.pins(part(1, model="tiny@7"), record()) == {}
    assert topic.records == []


async def test_where_what_was_said_cannot_be_read_it_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beginnings, "_PATIENCE", 0.01)
    topic = Topic(slow=True)
    mine = segmenter(topic, "tiny@1")
    with pytest.raises(UnavailableError):
        await mine.pins(part(0), record())
    topic.slow = False
    assert await mine.pins(part(0), record()) == {"de": "tiny@1"}


def test_what_is_no_beginning_is_left_out_and_old_ones_are_forgotten() -> None:
    mine = segmenter(Topic(), "tiny@1")
    for value in (None, b"{", b'{"action":"begin"}', encode(Control(action="reload"))):
        mine.add(FakeRecord(value, topic="control"))
    begin = encode(Control(document="old", action="begin", pins={"de": "tiny@1"}))
    mine.add(FakeRecord(begin, topic="control", timestamp=NOW - KEPT_MS - 1000))
    assert mine._known == {}
