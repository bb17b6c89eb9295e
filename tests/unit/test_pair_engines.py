"""A model of several languages as seen by each of its pairs."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.cancellations import Cancellations
from pipeline.events import OfferedModel, Translation, decode
from pipeline.topics import Topics
from tests.unit.engines import UpperEngine
from tests.unit.test_translator import hand_over, received, sentence
from translator.engines import USUAL, Decoding, Hypothesis, Tokens
from translator.engines.pairs import of_pairs
from translator.handler import Handler
from translator.in_use import InUse
from translator.models.folder import Description, Model, Prompt
from translator.scheduler import Scheduler

PAIRS = [("de", "fr"), ("de", "es"), ("en", "de")]


class ToldEngine(UpperEngine):
    """Writes before each sentence what it is told, and counts how often it is stopped."""

    def __init__(self) -> None:
        super().__init__()
        self.stopped = 0

    def stop(self) -> None:
        self.stopped += 1

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        told = f"{decoding.before} {decoding.prefix} "
        return [Hypothesis(told + " ".join(map(str, tokens))) for tokens in batch]


def model(prompt: Prompt | None, pairs: Sequence[tuple[str, str]] = PAIRS) -> Model:
    described = Description(name="many", revision="2", pairs=list(pairs), max_tokens=100, prompt=prompt)
    offered = tuple(OfferedModel(id="many@2", source=source, target=target) for source, target in pairs)
    return Model(Path(), described, offered, {})


NAMED = Prompt(
    source=["__{source}__"], target=["to", "{target}"], languages={"de": "deu", "fr": "fra", "es": "spa", "en": "eng"}
)


def test_each_pair_tells_its_languages_whatever_is_searched() -> None:
    views = of_pairs(ToldEngine(), model(NAMED))
    for decoding in (USUAL, Decoding(beam_size=2, no_repeat_ngram=3)):
        assert [view.generate([view.encode("Ein Satz.")], decoding)[0].text for view in views] == [
            "('__deu__',) ('to', 'fra') Ein Satz",
            "('__deu__',) ('to', 'spa') Ein Satz",
            "('__eng__',) ('to', 'deu') Ein Satz",
        ]


def test_without_a_prompt_nothing_is_told() -> None:
    (view,) = of_pairs(ToldEngine(), model(None, [("de", "en")]))
    assert view.generate([["Satz"]], USUAL)[0].text == "() () Satz"


def test_a_language_without_a_name_goes_by_its_code() -> None:
    (view,) = of_pairs(ToldEngine(), model(Prompt(target=["<{target}>"], languages={"de": "x"}), [("de-CH", "fr")]))
    assert view.generate([["Satz"]], USUAL)[0].text == "() ('<fr>',) Satz"
    assert model(NAMED, [("de-CH", "fr")]).prompt_for(OfferedModel(id="a@1", source="de-CH", target="fr"))[0] == (
        "__deu__",
    )


def test_the_engine_stops_with_the_last_of_its_pairs() -> None:
    engine = ToldEngine()
    first, second, third = of_pairs(engine, model(NAMED))
    for view in (first, second, first, first):
        view.stop()
    assert engine.stopped == 0
    third.stop()
    assert engine.stopped == 1


async def test_sentences_of_one_model_go_to_the_engine_of_their_pair(scheduler: Scheduler) -> None:
    views = of_pairs(ToldEngine(), model(NAMED))
    handler = Handler(InUse(views), scheduler, Cancellations(), Topics(), hand_over(*views), urgent=False)
    asked = [sentence(number, source=source, target=target) for number, (source, target) in enumerate(PAIRS)]
    asked.append(sentence(3, source="de", target="es", model="many@2"))
    made = {one.index: one for one in (decode(Translation, one.value) for one in await handler(received(*asked)))}
    assert {one.model for one in made.values()} == {"many@2"}
    assert ["fra" in made[0].text, "spa" in made[1].text, "__eng__" in made[2].text, "spa" in made[3].text] == [
        True
    ] * 4
