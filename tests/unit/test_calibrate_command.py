"""`satzstrom models calibrate`, with an engine that says how sure it is."""

import random
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from pipeline.errors import SetupError
from pipeline.events import OfferedModel
from tests.unit.engines import UpperEngine
from translator.engines import Decoding, Hypothesis, Tokens, loading
from translator.engines.pool import Served
from translator.models.commands import app
from translator.models.folder import Model, read


class Honest(UpperEngine):
    """A fake engine: the more words it gets wrong, the less sure it is."""

    limit = 100
    workers = 1
    spare = 0

    def __init__(self, model: OfferedModel) -> None:
        super().__init__()
        self.model = model

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        return [self._said([str(token) for token in tokens]) for tokens in batch]

    def _said(self, words: list[str]) -> Hypothesis:
        made = ["qqqqq" if word.startswith("schwer") else word.upper() for word in words]
        return Hypothesis(" ".join(made), score=-0.1 - made.count("qqqqq") / len(made))


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a model of one pair and one of two."""
    for name, pairs in (("one", [["de", "en"]]), ("two", [["de", "en"], ["de", "fr"]])):
        (tmp_path / name / "ct2").mkdir(parents=True)
        described = {"name": name, "revision": "1", "pairs": pairs, "max_tokens": 99, "ctranslate2": "ct2"}
        (tmp_path / name / "model.json").write_bytes(msgspec.json.encode(described))

    def serve(_: str, model: Model, threads: int) -> Served:
        del threads
        return Served(
            model.id,
            lambda: Honest(model.offered[0]),
            lambda _: tuple(Honest(offered) for offered in model.offered),
        )

    monkeypatch.setattr(loading, "serve", serve)
    return tmp_path


@pytest.fixture
def pairs(tmp_path: Path) -> str:
    """Sentences with translations."""
    chance = random.Random(1)
    rows = []
    for number in range(500):
        words = [chance.choice(("leicht", "schwer")) + chr(97 + number % 26) for _ in range(6)]
        rows.append(f"{' '.join(words)}\t{' '.join(words).upper()}\n")
    (tmp_path / "pairs.tsv").write_text("".join(rows), encoding="utf-8")
    return str(tmp_path / "pairs.tsv")


def test_it_writes_what_it_found_and_shows_how_good_it_is(models: Path, pairs: str) -> None:
    shown = CliRunner().invoke(app, ["calibrate", "one", pairs, "--models", str(models)])
    assert shown.exit_code == 0, shown.output
    assert "pairs.tsv" in shown.output
    calibration = read(models / "one" / "model.json").offered[0].calibration
    assert calibration is not None
    assert calibration.confidence(-0.1, 40) > 80
    assert calibration.confidence(-0.9, 40) < 40


def test_a_dry_run_writes_nothing(models: Path, pairs: str) -> None:
    before = (models / "one" / "model.json").read_bytes()
    shown = CliRunner().invoke(app, ["calibrate", "one", pairs, "--models", str(models), "--dry-run"])
    assert shown.exit_code == 0, shown.output
    assert (models / "one" / "model.json").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nobody"], "there is no model nobody"),
        (["two"], "say which one of them with --pair"),
        (["two", "--pair", "fr-de"], "say which one of them with --pair"),
        (["two", "--pair", "all"], "--pair"),
        (["one", "--engine", "transformers"], "has no form for the engine transformers"),
    ],
)
def test_what_cannot_be_calibrated_says_why(models: Path, pairs: str, arguments: list[str], reason: str) -> None:
    name, *options = arguments
    shown = CliRunner().invoke(app, ["calibrate", name, pairs, "--models", str(models), *options])
    assert isinstance(shown.exception, SetupError)
    assert reason in str(shown.exception)


def test_one_of_several_pairs_can_be_named(models: Path, pairs: str) -> None:
    shown = CliRunner().invoke(app, ["calibrate", "two", pairs, "--models", str(models), "--pair", "de-fr"])
    assert shown.exit_code == 0, shown.output
    assert all(one.calibration for one in read(models / "two" / "model.json").offered)
