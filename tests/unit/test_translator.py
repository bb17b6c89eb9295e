"""Sentences into translations."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline import monitoring
from pipeline.cancellations import Cancellations
from pipeline.errors import EngineError, SetupError
from pipeline.events import Control, OfferedModel, Sentence, Translation, decode, encode
from pipeline.records import Received
from pipeline.roster import Roster, now_ms
from pipeline.topics import Topics
from tests.conftest import MODELS
from tests.unit.engines import UpperEngine
from tests.unit.records import FakeRecord
from translator.engines import Decoding, Engine, Hypothesis, Tokens
from translator.engines.identity import IdentityEngine
from translator.engines.loading import load
from translator.handing_over import FIRST_READ, HandOver
from translator.handler import Handler
from translator.in_use import InUse
from translator.models.folder import find_models
from translator.models.routes import Routes
from translator.scheduler import Scheduler


def received(*sentences: Sentence) -> list[Received[Sentence]]:
    return [Received(sentence, FakeRecord(None, topic=Topics().sentences_bulk)) for sentence in sentences]


def hand_over(*engines: Engine, roster: Roster | None = None) -> HandOver:
    return HandOver(InUse(engines), roster or Roster(300.0), Topics().sentences_bulk)


def sentence(index: int = 0, **fields: object) -> Sentence:
    base: dict[str, object] = {
        "document": "d",
        "part": 2,
        "index": index,
        "revision": "0" * 16,
        "text": f"satz {index}",
        "source": "de",
        "target": "en",
    }
    return Sentence(**base | fields)  # type: ignore[arg-type]


async def test_each_sentence_gets_a_translation_with_its_place(scheduler: Scheduler) -> None:
    handler = Handler(InUse([UpperEngine()]), scheduler, Cancellations(), Topics(), hand_over(), urgent=True)
    out = await handler(received(*(sentence(index) for index in range(5))))
    made = [decode(Translation, one.value) for one in out]
    assert [(one.part, one.index, one.text, one.model) for one in made] == [
        (2, index, f"SATZ {index}", "upper@1") for index in range(5)
    ]
    assert {one.topic for one in out} == {"translations"}
    assert {one.key for one in out} == {b"d"}


async def test_the_first_sentences_of_documents_come_before_all_others(scheduler: Scheduler) -> None:
    handler = Handler(InUse([UpperEngine()]), scheduler, Cancellations(), Topics(), hand_over(), urgent=True)

    async def chunks(handler: Handler, *sentences: Sentence) -> list[list[tuple[str, int]]]:
        found = []
        async for out in handler.in_chunks(received(*sentences)):
            made = [decode(Translation, one.value) for one in out]
            found.append([(one.document, one.index) for one in made])
        return found

    page = [sentence(index, part=0) for index in range(9)]
    note = [sentence(index, part=0, document="note") for index in range(2)]
    others = [sentence(index) for index in range(2)]
    assert await chunks(handler, *page, *note) == [
        [*(("d", index) for index in range(4)), ("note", 0), ("note", 1)],
        [("d", index) for index in range(4, 9)],
    ]
    # One chunk, with all that its batches can have.
    assert await chunks(handler, *note, *page[:4]) == [
        [*(("d", index) for index in range(4)), ("note", 0), ("note", 1)]
    ]
    assert await chunks(handler, *others) == [[("d", 0), ("d", 1)]]
    bulk = Handler(InUse([UpperEngine()]), scheduler, Cancellations(), Topics(), hand_over(), urgent=False)
    assert [len(chunk) for chunk in await chunks(bulk, *page, *note)] == [11]


async def test_what_fails_behind_the_first_sentences_fails_the_round(scheduler: Scheduler) -> None:
    class Broken(UpperEngine):
        def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
            if done:
                raise OSError("gone")
            return super().generate(batch, decoding)

    done: list[int] = []
    handler = Handler(InUse([Broken()]), scheduler, Cancellations(), Topics(), hand_over(), urgent=True)
    with pytest.raises(EngineError, match="gone"):
        async for out in handler.in_chunks(received(*(sentence(index, part=0) for index in range(9)))):
            done.append(len(out))
            await asyncio.sleep(0)
    assert done == [4]


async def test_sentences_are_grouped_by_pair_and_model(scheduler: Scheduler) -> None:
    class French(UpperEngine):
        model = OfferedModel(id="french@2", source="fr", target="en")

    handler = Handler(InUse([UpperEngine(), French()]), scheduler, Cancellations(), Topics(), hand_over(), urgent=False)
    out = await handler(
        received(
            sentence(0), sentence(1, source="fr"), sentence(2, source="de-CH"), sentence(3, source="fr", model="french")
        )
    )
    made = {one.index: one.model for one in (decode(Translation, one.value) for one in out)}
    assert made == {0: "upper@1", 1: "french@2", 2: "upper@1", 3: "french@2"}


async def test_what_nobody_offers_for_minutes_keeps_its_source_and_is_a_dead_letter(scheduler: Scheduler) -> None:
    refused = sentence(source="fr")
    engine = UpperEngine()
    handler = Handler(InUse([engine]), scheduler, Cancellations(), Topics(), hand_over(engine), urgent=False)
    first = FakeRecord(None).timestamp - 300_000
    record = FakeRecord(encode(refused), topic="sentences.bulk", headers=((FIRST_READ, b"%d" % first),))
    failed, letter, other = await handler([Received(refused, record), *received(sentence(1))])
    made = decode(Translation, failed.value)
    assert (made.text, made.failed, made.index) == (refused.text, True, 0)
    assert letter.topic == Topics().dead_letters
    assert "available: de→en".encode() in (dict(letter.headers)["__connect.errors.exception.message"] or b"")
    assert not decode(Translation, other.value).failed


async def test_the_identity_engine_changes_nothing(scheduler: Scheduler) -> None:
    handler = Handler(InUse([IdentityEngine()]), scheduler, Cancellations(), Topics(), hand_over(), urgent=False)
    text = "hart\r\n   umbrochen\u00ad  und\tmehr\0"
    out = await handler(received(sentence(text=text, source="xx", target="yy", model="any")))
    made = decode(Translation, out[0].value)
    assert (made.text, made.model) == (text, "identity@1")


def test_bundled_models() -> None:
    (model,) = find_models(MODELS, "ctranslate2")
    assert (model.offered[0].source, model.offered[0].target) == ("de", "en")
    assert find_models(MODELS, "transformers")[0].offered == model.offered


@pytest.mark.parametrize(
    ("description", "reason"),
    [
        ("{", "truncated"),
        ('{"name": "x"}', "missing required field"),
        (
            '{"name":"x","revision":"1","source":"de","target":"zz","max_tokens":100,"ctranslate2":"c"}',
            "unknown language",
        ),
        ('{"name":"x","revision":"1","source":"de","target":"en","max_tokens":1,"ctranslate2":"c"}', "max_tokens"),
        ('{"name":"x","revision":"1","source":"de","target":"en","max_tokens":100,"ctranslate2":"c"}', "no folder"),
        ('{"name":"x","revision":"1","source":"de","target":"en","max_tokens":100}', "no model for the ctranslate2"),
    ],
)
def test_models_that_cannot_be_used_are_named(description: str, reason: str, tmp_path: Path) -> None:
    folder = tmp_path / "m"
    folder.mkdir()
    (folder / "model.json").write_text(description)
    with pytest.raises(SetupError, match=reason):
        find_models(tmp_path, "ctranslate2")


def test_a_broken_model_is_a_setup_error(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    (folder / "ct2").mkdir(parents=True)
    (folder / "model.json").write_text(
        '{"name":"x","revision":"1","source":"de","target":"en","max_tokens":100,"ctranslate2":"ct2"}'
    )
    with pytest.raises(SetupError, match="has no SentencePiece model"):
        load("ctranslate2", tmp_path, threads=1)


async def test_sentences_of_a_cancelled_document_are_left_out(scheduler: Scheduler) -> None:
    cancelled = Cancellations()
    value = encode(Control(document="gone", action="cancel"))
    cancelled.add(FakeRecord(value, topic="control", timestamp=now_ms()))
    handler = Handler(InUse([UpperEngine()]), scheduler, cancelled, Topics(), hand_over(), urgent=False)
    out = await handler(received(sentence(0, document="gone"), sentence(1), sentence(2, document="gone", source="fr")))
    assert [decode(Translation, one.value).index for one in out] == [1]


async def test_a_detected_language_that_no_engine_takes_is_left_and_marked(scheduler: Scheduler) -> None:
    handler = Handler(InUse([UpperEngine()]), scheduler, Cancellations(), Topics(), hand_over(), urgent=False)
    left, other = await handler(received(sentence(0, source="fr", detected=True), sentence(1, detected=True)))
    made = decode(Translation, left.value)
    assert (made.text, made.suspect, made.failed) == (sentence(0).text, ["language"], False)
    assert decode(Translation, other.value).suspect == []


async def test_a_slow_engine_that_gets_on_is_never_taken_for_dead(scheduler: Scheduler) -> None:
    liveness = monitoring.LIVENESS
    moved = set()

    class SlowEngine(UpperEngine):
        batch_tokens = 1

        def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
            time.sleep(0.01)
            moved.add(liveness.last_moved)
            return super().generate(batch, decoding)

    handler = Handler(InUse([SlowEngine()]), scheduler, Cancellations(), Topics(), hand_over(), urgent=True)
    with liveness.work():
        await handler(received(*(sentence(index) for index in range(20))))
    # Each batch is progress, so the limit may be far below the time of the round.
    assert len(moved) == 20


async def test_a_new_model_that_breaks_down_makes_way_for_the_one_before(scheduler: Scheduler) -> None:
    class Broken(UpperEngine):
        model = OfferedModel(id="upper@2", source="de", target="en")

        def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
            raise RuntimeError("no memory")

    in_use = InUse([UpperEngine(), Broken()], Routes({("de", "en"): "upper@2"}))
    handler = Handler(in_use, scheduler, Cancellations(), Topics(), hand_over(), urgent=False)
    out = await handler(received(*(sentence(index) for index in range(5))))
    made = [decode(Translation, one.value) for one in out]
    assert [(one.model, one.flags, one.failed) for one in made] == [("upper@1", ["model"], False)] * 5
    with pytest.raises(EngineError):
        await Handler(InUse([Broken()]), scheduler, Cancellations(), Topics(), hand_over(), urgent=False)(
            received(sentence())
        )
