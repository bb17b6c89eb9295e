"""Texts through an engine: pieces, batches, checks and second tries."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import EngineError
from tests.unit.drafting import scheduler
from tests.unit.engines import UpperEngine
from translator import batches, pieces
from translator.drafts import Drafter
from translator.engines import Decoding, Engine, Hypothesis, Tokens
from translator.scheduler import Scheduler

# Fixtures.
__all__ = ["scheduler"]


async def test_alternatives_are_others_that_no_guard_doubts(scheduler: Scheduler) -> None:
    drafter = Drafter(UpperEngine(), scheduler, urgent=True)
    address = "wort mit a@b.de"
    long = "viele worte und noch mehr worte und noch viel mehr worte"
    texts = ["ein wort", address, "noch eins", long, "endlos", "42"]
    drafts = await drafter.translate(texts, alternatives=[2, 6, 0, 3, 3, 3])
    assert [draft.alternatives for draft in drafts] == [
        ["EIN WORT ZWEI", "EIN WORT DREI"],
        [f"{drafts[1].text} {word}" for word in ("ZWEI", "DREI", "VIER")],
        [],
        [],
        [],
        [],
    ]
    assert "a@b.de" in drafts[1].text
    assert drafts[3].flags == ["split"]


async def test_drafts_are_in_order(scheduler: Scheduler) -> None:
    engine: Engine = UpperEngine()
    texts = [f"satz {number} " + "wort " * (number % 7) for number in range(50)]
    drafts = await Drafter(engine, scheduler, urgent=False).translate([text.strip() for text in texts])
    assert [draft.text for draft in drafts] == [text.strip().upper() for text in texts]


async def test_long_sentences_are_split_and_joined(scheduler: Scheduler) -> None:
    engine = UpperEngine()
    text = "eins zwei drei vier, fünf sechs sieben acht; neun zehn elf zwölf"
    (draft,) = await Drafter(engine, scheduler, urgent=True).translate([text])
    assert draft.text == text.upper()
    assert draft.flags == ["split"]
    assert all(len(tokens) <= engine.limit for batch in engine.batches for tokens in batch)


async def test_what_goes_wrong_is_tried_again_and_else_marked(scheduler: Scheduler) -> None:
    engine = UpperEngine()
    texts = ["erst beim nächsten mal", "immer leer", "endlos weiter", "gut"]
    drafts = await Drafter(engine, scheduler, urgent=True).translate(texts)
    assert [draft.suspect for draft in drafts] == [[], ["empty"], ["capped", "repetition"], []]
    assert drafts[0].text == "ERST BEIM NÄCHSTEN MAL"


async def test_what_has_lost_something_is_made_again_in_pieces_cut_at_pauses_only(scheduler: Scheduler) -> None:
    class Forgetful(UpperEngine):
        limit = 100

        def _one(self, words: list[str], decoding: Decoding) -> Hypothesis:
            return Hypothesis(" ".join(words[:11]).upper())

    words = [f"Wort{letter}" for letter in "abcdefghijklmnopqrst"]
    without, with_pause = " ".join(words), " ".join([*words[:10], "und,", *words[10:]])
    marked, mended = await Drafter(Forgetful(), scheduler, urgent=True).translate([without, with_pause])
    assert mended.text == with_pause.upper()
    assert (mended.flags, mended.suspect, mended.repairs) == (["split"], [], ["split"])
    # Of a clause in pieces a model makes words that look right and mean nothing.
    assert (marked.flags, marked.suspect, marked.repairs) == ([], ["short"], [])


async def test_a_sentence_that_the_engine_fails_on_takes_no_other_with_it(scheduler: Scheduler) -> None:
    class Allergic(UpperEngine):
        def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
            if any("gift" in tokens for tokens in batch):
                raise RuntimeError("unknown poison")
            return super().generate(batch, decoding)

    texts = [f"satz {number}" for number in range(20)]
    texts[7] = "hier ist gift"
    drafts = await Drafter(Allergic(), scheduler, urgent=False).translate(texts)
    assert [draft.text for draft in drafts] == [
        text if number == 7 else text.upper() for number, text in enumerate(texts)
    ]
    assert [number for number, draft in enumerate(drafts) if draft.failure] == [7]
    assert drafts[7].failure == "RuntimeError: unknown poison"


async def test_an_engine_that_fails_on_everything_is_broken_and_no_sentence_to_blame(scheduler: Scheduler) -> None:
    class Broken(UpperEngine):
        def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
            raise RuntimeError("out of memory")

    with pytest.raises(EngineError, match="out of memory"):
        await Drafter(Broken(), scheduler, urgent=True).translate(["eins", "zwei"])


@given(st.lists(st.integers(1, 60), max_size=80), st.integers(1, 100))
def test_batches_hold_every_sentence_once(lengths: list[int], size: int) -> None:
    sentences = [["x"] * length for length in lengths]
    plan = batches.cut(sentences, size)
    assert sorted(place for batch in plan for place in batch) == list(range(len(lengths)))
    for batch in plan:
        assert len(batch) == 1 or max(lengths[place] for place in batch) * len(batch) <= size


@given(st.text("ab ,;-", min_size=0, max_size=200), st.integers(1, 20))
def test_pieces_lose_nothing(text: str, limit: int) -> None:
    parts = pieces.split(text, limit, lambda piece: len(piece.split()))
    assert "".join(part.text + part.joiner for part in parts).split() == text.split()
    assert all(len(part.text.split()) <= limit for part in parts)


def test_pieces_end_where_a_reader_pauses() -> None:
    text = "Er kam nach Hause, zog den Mantel aus; sie las, er schwieg"
    found = [part.text for part in pieces.split(text, 8, lambda piece: len(piece.split()))]
    assert found == ["Er kam nach Hause, zog den Mantel aus;", "sie las, er schwieg"]


async def test_what_is_cancelled_meanwhile_does_not_reach_the_engine() -> None:
    gone: set[int] = set()
    seen: list[str] = []

    class Counting(UpperEngine):
        batch_tokens = 4

        def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
            seen.extend(" ".join(tokens) for tokens in batch)
            # The first batch is under way when the others are cancelled.
            gone.update({1, 2})
            return super().generate(batch, decoding)

    # One batch after the other.
    scheduler = Scheduler(1)
    scheduler.start()
    drafter = Drafter(Counting(), scheduler, urgent=False)
    texts = ["eins zwei drei vier", "fünf sechs sieben", "acht neun zehn", "elf zwölf"]
    drafts = await drafter.translate(texts, cancelled=gone.__contains__)
    await scheduler.stop()
    assert (drafts[0].text, drafts[3].text) == ("EINS ZWEI DREI VIER", "ELF ZWÖLF")
    assert set(seen) == {texts[0], texts[3]}


async def test_a_sentence_that_is_a_term_is_its_translation(scheduler: Scheduler) -> None:
    drafter = Drafter(UpperEngine(), scheduler, urgent=True)
    drafts = await drafter.translate(["Haus", "Das Haus", "Haus"], [{"Haus": "villa"}, {"Haus": "villa"}, {}])
    assert [draft.text for draft in drafts] == ["villa", "DAS villa", "HAUS"]
