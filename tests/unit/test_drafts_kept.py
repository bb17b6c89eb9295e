"""Texts through an engine that is careless with what has to be kept."""

import asyncio
import itertools
import re
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.drafting import scheduler
from tests.unit.engines import UpperEngine
from translator.attention import from_pieces
from translator.drafts import Draft, Drafter
from translator.engines import SECOND_TRY, Decoding, Engine, Hypothesis
from translator.kept.masks import mask
from translator.scheduler import Scheduler

# Fixtures.
__all__ = ["scheduler"]


async def test_a_quotation_mark_that_the_model_loses_goes_where_its_words_are(scheduler: Scheduler) -> None:
    class Markless(UpperEngine):
        limit = 100

        def _one(self, words: list[str], decoding: Decoding) -> Hypothesis:
            bare = " ".join(words).upper().replace('"', "")
            seen = [[float(place == other) for other in range(len(words))] for place in range(len(words))]
            pieces = [f" {word}" for word in words], [f" {word}" for word in bare.split()]
            return Hypothesis(bare, attention=from_pieces(*pieces, seen) if decoding.attention else None)

    (draft,) = await Drafter(Markless(), scheduler, urgent=True).translate(["Wir sagen „guten Tag“ zu ihr"])
    assert (draft.text, draft.suspect, draft.repairs) == ("WIR SAGEN “GUTEN TAG” ZU IHR", [], ["placed"])


async def test_a_name_that_the_model_loses_is_put_between_the_pieces(scheduler: Scheduler) -> None:
    class Nameless(UpperEngine):
        def _one(self, words: list[str], decoding: Decoding) -> Hypothesis:
            return Hypothesis(" ".join(word for word in words if not word.startswith("X")).upper())

    (draft,) = await Drafter(Nameless(), scheduler, urgent=True).translate(["siehe {name}, dann {ort} und weiter"])
    assert draft.text == "SIEHE {name}, DANN {ort} UND WEITER"
    assert draft.repairs == ["split"]


async def test_addresses_and_placeholders_come_through_unchanged(scheduler: Scheduler) -> None:
    texts = ["siehe https://example.org/a_b?c=d und {name}", "https://example.org/nur"]
    drafts = await Drafter(UpperEngine(), scheduler, urgent=True).translate(texts)
    assert [draft.text for draft in drafts] == [
        "SIEHE https://example.org/a_b?c=d UND {name}",
        "https://example.org/nur",
    ]


class Careless(UpperEngine):
    """A fake engine that changes, drops, doubles and invents names, in turn."""

    limit = 30

    def __init__(self, habits: Sequence[int]) -> None:
        super().__init__()
        self._habits = itertools.cycle(habits or [0])

    def _one(self, words: list[str], decoding: Decoding) -> Hypothesis:
        return Hypothesis(" ".join(filter(None, map(self._spoil, words))))

    def _spoil(self, word: str) -> str:
        habit = next(self._habits)
        return [
            word.upper(),
            word.lower(),
            "",
            f"{word} {word}",
            f"{word}{word[-1]}",
            f"{word[:-1]} {word[-1]}",
            f"{word} X1",
            f"X9{word}s",
            "QX1 ",
        ][habit]


async def drafts_of(engine: Engine, texts: list[str]) -> list[Draft]:
    scheduler = Scheduler(1)
    scheduler.start()
    try:
        return await Drafter(engine, scheduler, urgent=True).translate(texts)
    finally:
        await scheduler.stop()


_KEPT = ["{a}", "{b}", "%s", "`rm -r`", "a@b.de"]
_PAIRED = ["**wort**", "[das wort](a.md)", "wort<br/>wort"]
_MESSAGES = ["{n, plural, one {# wort} other {# **worte** {a}}}"]


@given(
    words=st.lists(
        st.sampled_from([*_KEPT, *_PAIRED, *_MESSAGES, "X5", "BMW X1", "wort", "und", "QX1,", "xx 3"]),
        min_size=1,
        max_size=12,
    ),
    habits=st.lists(st.integers(0, 8), max_size=20),
)
def test_whatever_a_model_does_to_names_none_comes_out_and_all_that_is_kept_does(
    words: list[str], habits: list[int]
) -> None:
    text = " ".join(words)
    found = asyncio.run(drafts_of(Careless(habits), [text]))[0]
    family = mask(text).names.prefix
    # "X5" and "QX1" are the text's own; the model may spoil these, too, but then a reader is told.
    if f"{family}1" not in " ".join(words) and mask(text).kept:
        assert not re.search(rf"(?<![A-Z]){family}\d", found.text)
    for kept in (*_KEPT, "**", "](a.md)", "<br/>", "{n, plural, one {", "} other {"):
        assert found.text.count(kept) == text.count(kept)
    assert not re.search("[\U000f0000-\U000ffffd]", found.text)


@given(text=st.text(alphabet="=*_~<>b/[]()|`{}#-1,.€ ", max_size=16))
@example(text="=========")
@example(text="**1.250,00 €**")
def test_of_nothing_but_marks_no_inner_character_comes_out(text: str) -> None:
    found = asyncio.run(drafts_of(Careless([]), [text]))[0]
    assert not re.search("[\U000f0000-\U000ffffd]", found.text)


async def test_a_translation_that_has_what_is_kept_is_chosen_over_one_that_looks_better(scheduler: Scheduler) -> None:
    class Loses(UpperEngine):
        """Loses the name at first, then keeps it, but goes round."""

        def _one(self, words: list[str], decoding: Decoding) -> Hypothesis:
            if "X1" not in words:
                return Hypothesis("", capped=True)
            return Hypothesis("SIEHE X1 X1 X1 X1" if decoding == SECOND_TRY else "SIEHE")

    (draft,) = await Drafter(Loses(), scheduler, urgent=True).translate(["siehe {name} dort"])
    assert "{name}" in draft.text
    assert draft.suspect


@pytest.mark.parametrize("spoilt", ["x1", "X 1", "X11", "X-1", "X7"])
async def test_a_name_that_the_model_changes_a_little_is_found_again(scheduler: Scheduler, spoilt: str) -> None:
    class Changes(UpperEngine):
        def _one(self, words: list[str], decoding: Decoding) -> Hypothesis:
            return Hypothesis(" ".join(spoilt if word == "X1" else word for word in words))

    (draft,) = await Drafter(Changes(), scheduler, urgent=True).translate(["siehe {name} dort"])
    assert (draft.text, draft.suspect, draft.repairs) == ("siehe {name} dort", [], [])
