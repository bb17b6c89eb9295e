"""Sentences that come again are translated once."""

from collections.abc import Callable, Mapping, Sequence

from pipeline.cancellations import Cancellations
from pipeline.events import Control, Translation, decode, encode
from pipeline.roster import now_ms
from pipeline.topics import Topics
from tests.unit.engines import UpperEngine
from tests.unit.records import FakeRecord
from tests.unit.test_translator import hand_over, received, sentence
from translator.drafts import Draft
from translator.handler import Handler
from translator.in_use import InUse
from translator.repeats import LastDrafts, OnceDrafter
from translator.scheduler import Scheduler
from translator.surroundings import Place


class Counting:
    """A drafter that notes what it was asked for; it fails on some texts."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def translate(
        self,
        texts: Sequence[str],
        terms: Sequence[Mapping[str, str]] = (),
        cancelled: Callable[[int], bool] = lambda _: False,
        alternatives: Sequence[int] = (),
        align: Sequence[bool] = (),
        places: Sequence[Place] = (),
    ) -> list[Draft]:
        assert len(texts) == len(terms) == len(alternatives) == len(align) == len(places)
        wanted = [text for place, text in enumerate(texts) if not cancelled(place)]
        self.asked += wanted
        return [
            Draft(text, failure="no")
            if "fails" in text
            else Draft(f"{text.upper()}{dict(term)}{count}")
            if text in wanted
            else Draft("")
            for text, term, count in zip(texts, terms, alternatives, strict=True)
        ]


async def translate(
    drafter: OnceDrafter,
    *texts: str,
    terms: Mapping[str, str] | None = None,
    alternatives: int = 0,
    cancelled: Callable[[int], bool] = lambda _: False,
) -> list[str]:
    many = len(texts)
    places = [Place("d", number) for number in range(many)]
    found = await drafter.translate(
        texts, [terms or {}] * many, cancelled, [alternatives] * many, [False] * many, places
    )
    return [one.text for one in found]


async def test_a_text_is_translated_once_for_each_wish() -> None:
    counting = Counting()
    drafter = OnceDrafter(counting, LastDrafts())
    assert await translate(drafter, "a", "b", "a") == ["A{}0", "B{}0", "A{}0"]
    assert await translate(drafter, "c", "a") == ["C{}0", "A{}0"]
    assert counting.asked == ["a", "b", "c"]
    assert await translate(drafter, "a", terms={"a": "x"}) == ["A{'a': 'x'}0"]
    assert await translate(drafter, "a", alternatives=2) == ["A{}2"]
    assert counting.asked == ["a", "b", "c", "a", "a"]
    # Another drafter is another model.
    other = Counting()
    await translate(OnceDrafter(other, drafter._last), "a")
    assert other.asked == ["a"]


async def test_what_failed_or_was_cancelled_is_translated_anew() -> None:
    counting = Counting()
    drafter = OnceDrafter(counting, LastDrafts())
    await translate(drafter, "fails", "fails")
    await translate(drafter, "fails")
    assert counting.asked == ["fails", "fails"]
    # Of equal texts one is wanted still.
    assert await translate(drafter, "a", "a", cancelled=lambda place: place == 0) == ["A{}0", "A{}0"]
    await translate(drafter, "b", "b", cancelled=lambda _: True)
    assert await translate(drafter, "b") == ["B{}0"]


async def test_memory_is_bounded_by_number_and_length() -> None:
    counting = Counting()
    drafter = OnceDrafter(counting, LastDrafts(2))
    await translate(drafter, "a", "b")
    await translate(drafter, "a", "c")
    await translate(drafter, "a", "b", "x" * 1000, "x" * 1000)
    await translate(drafter, "x" * 1000)
    assert counting.asked == ["a", "b", "c", "b", "x" * 1000, "x" * 1000]


async def test_each_place_of_a_sentence_gets_its_translation(scheduler: Scheduler) -> None:
    engine, cancelled = UpperEngine(), Cancellations()
    handler = Handler(InUse([engine]), scheduler, cancelled, Topics(), hand_over(), urgent=True, last=LastDrafts())
    rows = [sentence(index, text="ja", document=document) for document in "de" for index in range(3)]
    cancelled.add(FakeRecord(encode(Control(document="e", action="cancel")), timestamp=now_ms()))
    made = [decode(Translation, one.value) for one in await handler(received(*rows))]
    assert [(one.document, one.index, one.text) for one in made] == [("d", index, "JA") for index in range(3)]
