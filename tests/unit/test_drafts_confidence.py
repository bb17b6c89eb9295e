"""How sure of a draft the engine was."""

from dataclasses import replace

from pipeline.confidence import HIGH, LOW, Calibration
from pipeline.events import OfferedModel
from tests.unit.drafting import scheduler
from tests.unit.engines import UpperEngine
from translator.drafts import Drafter
from translator.engines import Decoding, Hypothesis
from translator.scheduler import Scheduler

# Fixtures.
__all__ = ["scheduler"]


class SureEngine(UpperEngine):
    """A fake engine that is sure of long words and not of short ones."""

    def _one(self, words: list[str], decoding: Decoding) -> Hypothesis:
        if "unzahl" in words:
            return Hypothesis("UNZAHL", score=float("nan"))
        return replace(super()._one(words, decoding), score=-0.1 if len(words[0]) > 4 else -1.5)


async def test_confidence_follows_the_score_and_is_not_there_where_nothing_was_translated(scheduler: Scheduler) -> None:
    texts = ["sicher ist sicher", "gar nicht so sicher", "42", "https://example.org", "unzahl", "sicher 42"]
    drafts = await Drafter(SureEngine(), scheduler, urgent=True).translate(texts)
    sure, unsure, number, address, nothing, _ = (draft.confidence for draft in drafts)
    assert sure is not None
    assert unsure is not None
    assert unsure < LOW < HIGH <= sure
    assert (number, address, nothing) == (None, None, None)


async def test_a_text_in_pieces_is_as_sure_as_they_are_on_average(scheduler: Scheduler) -> None:
    both = "sicher ist sicher und alles gut, gar nicht ist das hier so gut"
    texts = [*both.split(", "), both]
    engine = SureEngine()
    # None is high, so that doubts of other kinds do not matter.
    engine.model = OfferedModel(
        id="upper@2", source="de", target="en", calibration=Calibration(((-2.0, 10.0), (0.0, 50.0)))
    )
    first, second, whole = await Drafter(engine, scheduler, urgent=True).translate(texts)
    assert whole.flags == ["split"]
    assert first.confidence is not None
    assert second.confidence is not None
    assert whole.confidence is not None
    assert second.confidence < whole.confidence < first.confidence


async def test_what_looks_wrong_is_not_of_high_confidence(scheduler: Scheduler) -> None:
    (draft,) = await Drafter(SureEngine(), scheduler, urgent=True).translate(["endlos, endlos weiter"])
    assert draft.suspect
    assert draft.confidence is None or draft.confidence < HIGH


async def test_a_model_with_a_calibration_of_its_own_goes_by_that(scheduler: Scheduler) -> None:
    engine = SureEngine()
    engine.model = OfferedModel(
        id="upper@2", source="de", target="en", calibration=Calibration(((-2.0, 11.0), (-1.0, 11.0)))
    )
    (draft,) = await Drafter(engine, scheduler, urgent=True).translate(["sicher ist sicher"])
    assert draft.confidence == 11


async def test_an_engine_that_does_not_tell_how_sure_it_was_gives_no_confidence(scheduler: Scheduler) -> None:
    (draft,) = await Drafter(UpperEngine(), scheduler, urgent=True).translate(["ein wort"])
    assert draft.confidence is None
