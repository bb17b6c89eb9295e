"""Translators with different models side by side: each sentence gets to one that has its model."""

from collections.abc import AsyncIterator, Sequence

import pytest
from msgspec.structs import replace

from pipeline.cancellations import Cancellations
from pipeline.events import OfferedModel, Sentence, Translation, TranslatorStatus, decode, encode
from pipeline.publisher import Outgoing
from pipeline.records import Received
from pipeline.roster import Roster
from pipeline.topics import Topics
from tests.unit.engines import UpperEngine
from tests.unit.records import FakeRecord
from tests.unit.test_translator import sentence
from translator import handler as handling
from translator.engines import Engine
from translator.handing_over import FIRST_READ, HandOver
from translator.handler import Handler
from translator.in_use import InUse
from translator.scheduler import Scheduler

NOW = 1_790_000_000_000
MODEL_KEPT = 300.0
COMMON = "sentences.bulk"
GERMAN = "sentences.bulk.de-en"
FRENCH = "sentences.bulk.fr-en"


def engine(model: str, source: str = "de") -> Engine:
    """Return an engine with a model of this name."""
    made = UpperEngine()
    made.model = OfferedModel(id=model, source=source, target="en")
    return made


def status(name: str, model: str, source: str, topic: str, partitions: Sequence[int]) -> FakeRecord:
    """Return what a translator announces."""
    announced = TranslatorStatus(
        id=name,
        engine="ctranslate2",
        device="cpu",
        state="ready",
        models=[OfferedModel(id=model, source=source, target="en")],
        partitions={topic: list(partitions)},
        at=0,
    )
    return FakeRecord(encode(announced), key=name.encode(), timestamp=NOW)


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def roster(clock: list[float]) -> Roster:
    return Roster(MODEL_KEPT, lambda: clock[0])


@pytest.fixture
async def scheduler(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scheduler]:
    monkeypatch.setattr(handling, "_PAUSE", 0.0)
    running = Scheduler(1)
    running.start()
    yield running
    await running.stop()


async def handle(
    engines: Sequence[Engine], scheduler: Scheduler, roster: Roster, one: Sentence, topic: str, since: int = 0
) -> list[Outgoing]:
    """Give one sentence from this topic to a translator; it was read first so many seconds ago."""
    handler = Handler(
        InUse(engines), scheduler, Cancellations(), Topics(), HandOver(InUse(engines), roster, COMMON), urgent=False
    )
    headers = ((FIRST_READ, b"%d" % (NOW - since * 1000)), ("traceparent", b"t"))
    return await handler(
        [Received(one, FakeRecord(encode(one), topic=topic, timestamp=NOW, key=b"d", headers=headers))]
    )


async def test_a_sentence_of_another_pair_goes_to_the_topic_of_that_pair(scheduler: Scheduler, roster: Roster) -> None:
    roster.add(status("french", "fr-en@1", "fr", FRENCH, []))
    roster.add(status("german", "de-en@1", "de", GERMAN, [3]))
    one = sentence(source="fr", text="Bonjour.")
    (out,) = await handle([engine("de-en@1")], scheduler, roster, one, COMMON)
    assert (out.topic, out.value, out.key) == (FRENCH, encode(one), b"d")
    assert dict(out.headers)["traceparent"] == b"t"


async def test_a_sentence_of_a_pair_whose_only_translator_restarts_waits_in_its_topic(
    scheduler: Scheduler, roster: Roster, clock: list[float]
) -> None:
    roster.add(status("french", "fr-en@1", "fr", FRENCH, [0]))
    clock[0] += 60
    (out,) = await handle([engine("de-en@1")], scheduler, roster, sentence(source="fr"), COMMON)
    assert out.topic == FRENCH


async def test_a_sentence_that_asks_for_a_revision_reaches_a_translator_that_runs_it(
    scheduler: Scheduler, roster: Roster
) -> None:
    roster.add(status("old", "de-en@1", "de", GERMAN, [4, 9]))
    roster.add(status("new", "de-en@2", "de", GERMAN, [5, 6]))
    (out,) = await handle([engine("de-en@2")], scheduler, roster, sentence(model="de-en@1"), GERMAN)
    assert out.topic == GERMAN
    assert out.partition in (4, 9)
    (out,) = await handle([engine("de-en@2")], scheduler, roster, sentence(model="de-en"), GERMAN)
    assert decode(Translation, out.value).model == "de-en@2"


async def test_a_revision_that_is_just_away_is_waited_for(
    scheduler: Scheduler, roster: Roster, clock: list[float]
) -> None:
    roster.add(status("old", "de-en@1", "de", GERMAN, [4]))
    clock[0] += 60
    (out,) = await handle([engine("de-en@2")], scheduler, roster, sentence(model="de-en@1"), GERMAN)
    assert out.topic == GERMAN, "back to the end of the topic"
    assert out.partition is None
    assert dict(out.headers)[FIRST_READ] == b"%d" % NOW, "the time since it was read first is kept"


async def test_what_asks_for_a_model_that_nobody_runs_any_more_gets_its_newest_revision(
    scheduler: Scheduler, roster: Roster
) -> None:
    roster.add(status("this one", "de-en@10", "de", GERMAN, [1]))
    engines = [engine("de-en@rc1"), engine("de-en@9"), engine("de-en@10"), engine("other@3")]
    (out,) = await handle(engines, scheduler, roster, sentence(model="de-en@1"), GERMAN)
    made = decode(Translation, out.value)
    assert (made.model, made.flags, made.failed, made.text) == ("de-en@10", ["model"], False, "SATZ 0")


async def test_waiting_for_a_model_has_an_end(scheduler: Scheduler, roster: Roster, clock: list[float]) -> None:
    roster.add(status("old", "de-en@1", "de", GERMAN, [4]))
    clock[0] += 60
    asked = sentence(model="de-en@1")
    (out,) = await handle([engine("de-en@2")], scheduler, roster, asked, GERMAN, since=int(MODEL_KEPT))
    assert decode(Translation, out.value).model == "de-en@2"


async def test_a_model_whose_name_only_others_run_goes_to_them(scheduler: Scheduler, roster: Roster) -> None:
    roster.add(status("other", "big@2", "de", GERMAN, [7]))
    (out,) = await handle([engine("de-en@1")], scheduler, roster, sentence(model="big@1"), GERMAN)
    assert (out.topic, out.partition) == (GERMAN, 7)


async def test_a_pair_that_nobody_is_known_to_offer_waits_for_a_translator_that_starts(
    scheduler: Scheduler, roster: Roster
) -> None:
    asked = sentence(source="fr")
    (out,) = await handle([engine("de-en@1")], scheduler, roster, asked, COMMON, since=10)
    assert out.topic == COMMON
    failed, _ = await handle([engine("de-en@1")], scheduler, roster, asked, COMMON, since=int(MODEL_KEPT))
    assert decode(Translation, failed.value).failed


async def test_the_others_of_a_round_are_not_kept_waiting(scheduler: Scheduler, roster: Roster) -> None:
    roster.add(status("french", "fr-en@1", "fr", FRENCH, [0]))
    engines = [engine("de-en@1")]
    handler = Handler(
        InUse(engines), scheduler, Cancellations(), Topics(), HandOver(InUse(engines), roster, COMMON), urgent=False
    )
    mixed = [sentence(index, source="fr" if index % 2 else "de") for index in range(6)]
    out = await handler([Received(one, FakeRecord(encode(one), topic=COMMON, offset=one.index)) for one in mixed])
    assert [one.topic for one in out] == ["translations"] * 3 + [FRENCH] * 3
    assert not any(decode(Translation, one.value).failed for one in out[:3])


async def test_a_pinned_model_is_waited_for_while_it_may_come_back(
    scheduler: Scheduler, roster: Roster, clock: list[float]
) -> None:
    roster.add(status("old", "de-en@1", "de", GERMAN, []))
    (out,) = await handle([engine("de-en@2")], scheduler, roster, sentence(pinned="de-en@2"), GERMAN)
    assert decode(Translation, out.value).flags == []
    clock[0] = 20.0
    (out,) = await handle([engine("de-en@2")], scheduler, roster, sentence(pinned="de-en@1"), GERMAN)
    assert out.topic == GERMAN


async def test_a_pinned_model_whose_translators_have_ended_is_replaced_at_once(
    scheduler: Scheduler, roster: Roster
) -> None:
    ended = decode(TranslatorStatus, status("old", "de-en@1", "de", GERMAN, []).value)
    roster.add(FakeRecord(encode(replace(ended, state="stopping")), key=b"old", timestamp=NOW))
    (out,) = await handle([engine("de-en@2")], scheduler, roster, sentence(pinned="de-en@1"), GERMAN)
    made = decode(Translation, out.value)
    assert (made.model, made.flags) == ("de-en@2", ["model"])
    (out,) = await handle([engine("de-en@2")], scheduler, roster, sentence(model="de-en@1"), GERMAN)
    assert out.topic == GERMAN, "what is asked for by name is waited for"
