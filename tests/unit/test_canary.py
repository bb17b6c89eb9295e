"""A model is tried before it is used."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pipeline.errors import SetupError
from pipeline.events import OfferedModel
from tests.unit.engines import UpperEngine
from translator.canary.likeness import likeness
from translator.canary.texts import trials_for
from translator.canary.trying import try_out
from translator.engines import Decoding, Hypothesis, Tokens
from translator.engines.identity import IdentityEngine

GENERAL = {one.text: one.expected or "" for one in trials_for("de", "en").trials}


class Speaking(UpperEngine):
    """Says what it is told to for each sentence."""

    def __init__(self, say: Callable[[str], str], source: str = "de", target: str = "en") -> None:
        self.model = OfferedModel(id="tried@1", source=source, target=target)
        self._say = say

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        return [Hypothesis(self._say(" ".join(tokens))) for tokens in batch]


def good(text: str) -> str:
    """Translate as people do, whether the full stop is there or not."""
    return next((made for one, made in GENERAL.items() if text and one.startswith(text[:20])), text)


def test_a_model_that_translates_may_be_used() -> None:
    assert try_out(Speaking(good), None, None) is None
    assert try_out(Speaking(good), Speaking(good), None) is None


@pytest.mark.parametrize(
    ("say", "reason"),
    [
        (lambda _: "", "gives nothing"),
        (lambda text: text, "as they were|look wrong|like the expected"),
        (lambda _: "zu zu zu zu zu zu zu zu zu zu zu zu", "look wrong|like the expected"),
        (lambda text: text[::-1], "look wrong|like the expected"),
        (lambda _: "A quiet evening by the sea with friends.", "look wrong|like the expected"),
    ],
    ids=["nothing", "source", "round", "backwards", "something else"],
)
def test_a_model_that_does_not_is_refused(say: Callable[[str], str], reason: str) -> None:
    for old in (None, Speaking(good)):
        found = try_out(Speaking(say), old, None)
        assert found is not None
        assert any(part in found for part in reason.split("|")), found


def test_a_model_that_raises_is_refused_with_the_reason() -> None:
    def fail(_: str) -> str:
        raise ValueError("no weights")

    assert "no weights" in (try_out(Speaking(fail), None, None) or "")


def test_a_model_that_does_not_come_to_an_end_is_refused() -> None:
    class Endless(Speaking):
        def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
            return [Hypothesis(good(" ".join(tokens)), capped=True) for tokens in batch]

    assert "come to an end" in (try_out(Endless(good), None, None) or "")


def test_a_model_that_is_far_slower_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from translator.canary import trying

    def slow(text: str) -> str:
        time.sleep(0.01)
        return good(text)

    monkeypatch.setattr(trying, "_SECONDS", 0.0)
    monkeypatch.setattr(trying, "_SLOWER", 0.5)
    assert "takes" in (try_out(Speaking(slow), Speaking(slow), None) or "")


def test_a_model_is_tried_on_its_own_sentences(tmp_path: Path) -> None:
    (tmp_path / "canary.tsv").write_text("# ours\nEins zwei drei vier.\tOne two three four.\n\nFünf sechs.\n")
    trials = trials_for("de", "en", tmp_path).trials
    assert trials == [("Eins zwei drei vier.", "One two three four."), ("Fünf sechs.", None)]
    assert try_out(Speaking(lambda _: "Xyz abc!"), None, tmp_path) is not None
    (tmp_path / "canary.de-fr.tsv").write_text("Sieben acht.\n")
    assert len(trials_for("de", "fr", tmp_path).trials) == 1
    assert len(trials_for("de", "en", tmp_path).trials) == 2


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"\xff\xfe"])
def test_sentences_of_its_own_that_cannot_be_read_are_a_reason(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "canary.tsv").write_bytes(content)
    assert "canary.tsv" in (try_out(Speaking(good), None, tmp_path) or "")
    with pytest.raises(SetupError):
        trials_for("de", "en", tmp_path)


def test_any_two_languages_of_the_general_sentences_can_be_compared() -> None:
    codes = ("de", "en", "fr", "es", "it", "nl", "pt", "pl", "sv", "ru")
    for source in codes:
        for target in codes:
            trials = trials_for(source, target).trials
            assert len(trials) == 10
            assert all(one.expected for one in trials)
    assert trials_for("de-AT", "en-GB").trials == trials_for("de", "en").trials


def test_a_model_of_other_languages_has_to_bring_something_out() -> None:
    assert not trials_for("fi", "en").sentences
    assert trials_for("en", "fi").trials[0].expected is None
    assert try_out(Speaking(lambda text: text, "fi"), None, None) is None


def test_an_engine_of_the_tests_passes() -> None:
    assert try_out(IdentityEngine(), IdentityEngine(), None) is None


@pytest.mark.parametrize(
    ("made", "expected", "least", "most"),
    [
        ("The house is old.", "The house is old.", 100, 100),
        ("The house is very old.", "The house is old.", 60, 99),
        ("xyz", "The house is old.", 0, 1),
        ("", "The house is old.", 0, 0),
        ("", "", 0, 0),
    ],
)
def test_likeness(made: str, expected: str, least: float, most: float) -> None:
    assert least <= likeness([(made, expected)]) <= most
