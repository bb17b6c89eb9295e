"""What the translator makes of inputs that are hard for a small model, and of ordinary sentences, with the bundled model."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.conftest import MODELS, ROOT
from tests.hard_translations import Judged, entries, judge, translate
from translator.engines import Engine, loading

ORDINARY = ROOT / "tests" / "data" / "ordinary_de.txt"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    loaded = loading.load("ctranslate2", MODELS, threads=2, isolated=False)[0]
    yield loaded
    loaded.stop()


@pytest.fixture(scope="module")
async def judged(engine: Engine) -> list[Judged]:
    return await judge(engine)


def test_the_set_is_large_and_of_many_kinds() -> None:
    kinds = Counter(entry.kind for entry in entries())
    assert kinds.total() >= 320
    assert len(kinds) >= 12
    assert min(kinds.values()) >= 15


def test_what_a_plain_translation_gets_wrong_is_repaired_or_flagged(judged: list[Judged]) -> None:
    wrong = [one for one in judged if one.faults_before]
    missed = [one for one in wrong if one.faults and not one.flagged]
    assert len(wrong) >= 250
    assert len(missed) <= 0.05 * len(wrong), [(one.entry.kind, one.entry.text, one.draft.text) for one in missed]


def test_more_is_repaired_than_flagged(judged: list[Judged]) -> None:
    wrong = [one for one in judged if one.faults_before]
    assert sum(not one.faults for one in wrong) > sum(bool(one.faults) and one.flagged for one in wrong)


def test_nothing_is_cut_short_without_a_word(judged: list[Judged]) -> None:
    cut = [one for one in judged if {"truncated", "empty"}.intersection(one.faults) and not one.flagged]
    assert [(one.entry.text, one.draft.text) for one in cut] == []


def test_no_address_placeholder_tag_or_code_is_changed_without_a_word(judged: list[Judged]) -> None:
    changed = [one for one in judged if "kept" in one.faults and not one.flagged]
    assert [(one.entry.text, one.draft.text) for one in changed] == []


def test_what_has_nothing_to_translate_passes_unchanged(judged: list[Judged]) -> None:
    changed = [one for one in judged if one.entry.verbatim and (one.draft.text != one.entry.text or one.flagged)]
    assert [(one.entry.text, one.draft.text, one.draft.suspect) for one in changed] == []


def test_names_are_no_copies(judged: list[Judged]) -> None:
    assert [one.entry.text for one in judged if one.entry.clean and "copy" in one.draft.suspect] == []


def test_what_was_right_stays_right(judged: list[Judged]) -> None:
    spoiled = [one for one in judged if not one.faults_before and one.faults and not one.flagged]
    assert len(spoiled) <= 0.01 * len(judged), [(one.entry.text, one.draft.text) for one in spoiled]


async def test_ordinary_sentences_are_seldom_flagged(engine: Engine) -> None:
    sentences = ORDINARY.read_text(encoding="utf-8").splitlines()
    drafts = await translate(engine, sentences)
    flagged = [(draft.text, draft.suspect) for draft in drafts if draft.suspect or draft.failure]
    assert len(sentences) >= 200
    assert len(flagged) <= 0.02 * len(sentences), flagged
