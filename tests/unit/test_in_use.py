"""Which engine takes a sentence."""

from types import SimpleNamespace
from typing import Any

import pytest

from pipeline import languages
from pipeline.events import OfferedModel
from tests.unit.engines import UpperEngine
from tests.unit.test_translator import sentence
from translator.engines import Engine
from translator.engines.identity import MarkingEngine
from translator.in_use import PROBATION, InUse
from translator.models.routes import Routes
from translator.pivoting import WithPivots


def engine(model: str, source: str = "de", target: str = "en") -> Engine:
    made = UpperEngine()
    made.model = OfferedModel(id=model, source=source, target=target)
    return made


def chosen(in_use: InUse, **more: Any) -> str | None:
    found = in_use.choose(sentence(**more))
    return found.model.id if found else None


def test_the_first_is_in_use_until_somebody_says_otherwise() -> None:
    in_use = InUse([engine("tiny@1"), engine("tiny@2"), engine("french@1", "fr")])
    assert chosen(in_use) == "tiny@1"
    in_use.use(Routes({("de", "en"): "tiny@2"}))
    assert chosen(in_use) == "tiny@2"
    assert chosen(in_use, source="fr") == "french@1"
    assert chosen(in_use, source="es") is None


def test_what_a_sentence_wants_goes_before_what_is_in_use() -> None:
    in_use = InUse([engine("tiny@1"), engine("tiny@2")], Routes({("de", "en"): "tiny@2"}))
    assert chosen(in_use, pinned="tiny@1") == "tiny@1"
    assert chosen(in_use, model="tiny@1") == "tiny@1"
    assert chosen(in_use, model="tiny", pinned="tiny@1") == "tiny@1"
    assert chosen(in_use, model="tiny") == "tiny@2"
    assert chosen(in_use, model="tiny@3") is None


def test_what_is_in_use_and_is_not_there_is_replaced_by_the_first() -> None:
    assert chosen(InUse([engine("tiny@1")], Routes({("de", "en"): "big@1"}))) == "tiny@1"


def test_a_variety_of_a_language_may_have_a_model_of_its_own() -> None:
    in_use = InUse(
        [engine("pt@1", "pt"), engine("brazil@1", "pt")],
        Routes({("pt-BR", "en"): "brazil@1"}),
    )
    assert chosen(in_use, source="pt-BR") == "brazil@1"
    assert chosen(in_use, source="pt-PT") == "pt@1"
    assert [(one.id, one.source, one.preferred) for one in in_use.offered()] == [
        ("pt@1", "pt", True),
        ("brazil@1", "pt", False),
        ("brazil@1", "pt-BR", True),
    ]


def test_a_model_of_several_pairs_is_in_use_for_each_by_itself() -> None:
    in_use = InUse([engine("a@1"), engine("many@1"), engine("many@1", "de", "fr")])
    assert in_use.uses() == {("de", "en"): "a@1", ("de", "fr"): "many@1"}
    in_use.use(Routes({("de", "en"): "many@1"}))
    assert in_use.uses() == {("de", "en"): "many@1", ("de", "fr"): "many@1"}
    assert chosen(in_use, target="fr") == "many@1"


def test_engines_that_come_later_are_found() -> None:
    engines = [engine("tiny@1")]
    in_use = InUse(lambda: tuple(engines))
    assert chosen(in_use, model="tiny@2") is None
    engines.append(engine("tiny@2"))
    assert chosen(in_use, model="tiny@2") == "tiny@2"


def test_an_engine_that_takes_every_pair_takes_it_in_its_revision() -> None:
    in_use = InUse([MarkingEngine(), MarkingEngine(revision="2")], Routes({("de", "en"): "marking@2"}))
    assert chosen(in_use) == "marking@2"
    assert chosen(in_use, pinned="marking@1") == "marking@1"
    assert chosen(in_use, source="fr", pinned="marking@2") == "marking@2"
    assert chosen(in_use, model="other@7") == "marking@2"


def test_it_is_known_how_long_nobody_has_asked_for_a_model() -> None:
    clock = [0.0]
    in_use = InUse([engine("tiny@1"), engine("tiny@2")], monotonic=lambda: clock[0])
    assert in_use.unasked_for("tiny@2") == pytest.approx(0.0)
    clock[0] = 100.0
    chosen(in_use, pinned="tiny@2")
    clock[0] = 130.0
    assert in_use.unasked_for("tiny@2") == pytest.approx(30.0)


def test_names_that_nobody_has_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("translator.in_use._REMEMBERED", 100)
    in_use = InUse([engine("tiny@1")])
    for number in range(1000):
        assert chosen(in_use, model=f"none@{number}") is None
    assert len(in_use._found._known) <= 100
    assert chosen(in_use) == "tiny@1"


def test_a_way_over_english_is_made_of_the_models_in_use() -> None:
    direct = [engine("de-en@1"), engine("de-en@2"), engine("en-fr@1", "en", "fr")]
    in_use = InUse(WithPivots(lambda: direct))
    assert chosen(in_use, target="fr") == "de-en@1+en-fr@1"
    in_use.use(Routes({("de", "en"): "de-en@2"}))
    assert chosen(in_use, target="fr") == "de-en@2+en-fr@1"
    assert chosen(in_use, target="fr", pinned="de-en@1+en-fr@1") == "de-en@1+en-fr@1"
    assert in_use.uses()["de", "fr"] == "de-en@2+en-fr@1"


def test_what_breaks_down_soon_after_it_was_put_into_use_makes_way() -> None:
    clock = [0.0]
    old, new = engine("tiny@1"), engine("tiny@2")
    in_use = InUse([old, new], Routes({("de", "en"): "tiny@2"}), lambda: clock[0])
    assert in_use.give_up(old, "it was not put into use") is None
    assert in_use.give_up(new, "no memory") is old
    assert in_use.give_up(new, "no memory") is old, "both lanes may meet it"
    assert (chosen(in_use), chosen(in_use, pinned="tiny@2"), dict(in_use.broken)) == (
        "tiny@1",
        None,
        {"tiny@2": "no memory"},
    )
    assert [one.id for one in in_use.offered()] == ["tiny@1"]
    in_use.use(Routes())
    assert not in_use.broken


def test_what_has_worked_for_long_or_is_alone_makes_no_way() -> None:
    clock = [0.0]
    old, new = engine("tiny@1"), engine("tiny@2")
    in_use = InUse([old, new], Routes({("de", "en"): "tiny@2"}), lambda: clock[0])
    clock[0] = PROBATION + 1
    assert in_use.give_up(new, "no memory") is None
    alone = InUse([new], Routes({("de", "en"): "tiny@2"}), lambda: clock[0])
    assert alone.give_up(new, "no memory") is None
    assert chosen(alone) == "tiny@2"


def test_hundreds_of_models_with_their_ways_over_english_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = [one + other for one in "abcdf" for other in "ghjkm"]
    direct = [engine(f"{code}-en@1", code) for code in codes] + [engine(f"en-{code}@1", "en", code) for code in codes]
    in_use, asked = InUse(WithPivots(lambda: direct)), []

    def counted(*pair: str) -> int | None:
        asked.append(pair)
        return languages.distance(*pair)

    monkeypatch.setattr("translator.in_use.languages", SimpleNamespace(distance=counted, primary=languages.primary))
    offered = in_use.offered()
    assert len(offered) == 2 * 25 + 25 * 24
    assert all(one.preferred for one in offered)
    assert len(asked) < 10 * len(offered)
