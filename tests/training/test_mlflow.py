"""From a training over a real MLflow server to a translator."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import SetupError
from tests.conftest import ROOT
from tests.training import toy
from tests.training.conftest import Mlflow
from trainer import data as stored
from trainer.journal import Check, read
from trainer.registry import Registry
from translator.engines import USUAL
from translator.engines.loading import load
from translator.models.mlflow import MlflowSource
from translator.models.pulling import pull

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return toy.write(tmp_path_factory.mktemp("pairs"))


@pytest.fixture(autouse=True)
def _settings(mlflow: Mlflow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow.address)


def train(files: tuple[Path, Path], out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    steps = ("--steps", "300", "--check-every", "50", "--average", "2")
    return toy.train(files[0], out, *steps, "--test", f"toy={files[1]}", "--licence", "CC0", *options)


def command(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "trainer", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout + done.stderr


def translation(models: Path) -> str:
    (engine,) = load("ctranslate2", models, 1, isolated=False)
    return engine.generate([engine.encode("Der Hund sieht den Baum heute.")], USUAL)[0].text


def test_a_training_is_registered_pointed_to_pulled_and_translates(
    mlflow: Mlflow, files: tuple[Path, Path], tmp_path: Path
) -> None:
    done = train(files, tmp_path / "one", "--promote", "champion")
    assert done.returncode == 0, done.stderr
    assert f"registered on {mlflow.address} as mlflow:/toy/1" in done.stderr
    assert "toy@champion is version 1 now (before: none)" in done.stderr

    model = pull("mlflow:/toy@champion", tmp_path / "models")
    assert model.id == "toy@1"
    assert translation(tmp_path / "models") == "The dog today sees the tree."

    # What the server knows of it.
    client = Registry(mlflow.address)._client
    version = client.get_model_version("toy", "1")
    run = client.get_run(version.run_id)
    report = stored.read_report(tmp_path / "one")
    assert run.data.params["data.sha256"] == version.tags["data.sha256"] == report.checksum
    assert run.data.params["data.licences"] == f'{{"words":"CC0 ({report.pairs} pairs)"}}'
    assert run.info.status == "FINISHED"
    assert run.data.metrics["toy.bleu"] == pytest.approx(float(version.tags["toy.bleu"]))
    assert "chars" in version.tags["toy.chrf.signature"] or "nc:6" in version.tags["toy.chrf.signature"]
    assert version.description.startswith("# toy@1")
    told = [(metric.step, metric.value) for metric in client.get_metric_history(version.run_id, "held_out_loss")]
    checks = [entry for entry in read(tmp_path / "one") if isinstance(entry, Check)]
    assert told == [(check.step, pytest.approx(check.held_out_loss)) for check in checks]

    # The same command once more neither trains nor registers again.
    again = train(files, tmp_path / "one", "--promote", "champion")
    assert "toy@champion is version 1 already" in again.stderr
    assert len(client.search_model_versions("name='toy'")) == 1

    # After a restart with its folder all of it is there.
    mlflow.stop()
    mlflow.start()
    pull("mlflow:/toy@champion", tmp_path / "after")
    assert translation(tmp_path / "after") == "The dog today sees the tree."


def test_an_alias_moves_by_hand_or_for_a_better_model_only(
    mlflow: Mlflow, files: tuple[Path, Path], tmp_path: Path
) -> None:
    done = train(files, tmp_path / "two", "--seed", "2", "--promote", "champion", "--margin", "50")
    assert done.returncode == 0, done.stderr
    assert "toy@champion stays version 1: version 2 has " in done.stderr
    assert MlflowSource("mlflow:/toy@champion").resolve().revision == "1"
    assert "toy@champion is version 2 now (before: 1)" in command("promote", "toy", "2", "--alias", "champion")
    assert MlflowSource("mlflow:/toy@champion").resolve().revision == "2"
    assert pull("mlflow:/toy@champion", tmp_path / "models").id == "toy@2"
    # It is 0.00 better than itself, seen from the other side: enough for a margin of -100.
    assert "is version 1 now: " in command("promote", "toy", "1", "--alias", "champion", "--margin", "-100")
    assert "satzstrom: MLflow at" in command("promote", "toy", "77", "--alias", "champion")
    assert "satzstrom: MLflow at" in command("promote", "none", "1", "--alias", "champion")


def test_what_is_not_there_is_said(mlflow: Mlflow) -> None:
    for spec, message in (
        ("mlflow:/nobody@champion", "nobody"),
        ("mlflow:/toy@nobody", "alias nobody not found"),
        ("mlflow:/toy/99", "version=99"),
    ):
        with pytest.raises(SetupError, match=message) as caught:
            MlflowSource(spec).resolve()
        assert mlflow.address in str(caught.value)


def test_a_version_without_a_translation_model_is_refused(mlflow: Mlflow, tmp_path: Path) -> None:
    (tmp_path / "MLmodel").write_text("flavors: {}")
    registry = Registry(mlflow.address)
    run = registry.begin("other", {}, {})
    registry.finish(run, tmp_path, {})
    version = registry.register(run, "other", {}, "")
    with pytest.raises(SetupError, match=r"version 1 of other .* has no translation model"):
        MlflowSource(f"mlflow:/other/{version}").resolve()


def test_a_server_that_goes_away_costs_no_training(mlflow: Mlflow, files: tuple[Path, Path], tmp_path: Path) -> None:
    options = ("--steps", "300", "--check-every", "100", "--revision", "away")
    killed = toy.train(files[0], tmp_path, *options, KILL_AT="130")
    assert killed.returncode == -9, killed.stderr
    mlflow.stop()
    try:
        away = toy.train(files[0], tmp_path, *options)
    finally:
        mlflow.start()
    assert away.returncode == 1
    assert "MLflow at" in away.stderr
    assert "the training goes on" in away.stderr
    assert "the same command registers it" in away.stderr
    assert "Traceback" not in away.stderr
    assert (tmp_path / "model" / "model.json").exists()
    back = toy.train(files[0], tmp_path, *options)
    assert back.returncode == 0, back.stderr
    version = back.stderr.strip().rpartition("/")[2]
    client = Registry(mlflow.address)._client
    history = client.get_metric_history(client.get_model_version("toy", version).run_id, "held_out_loss")
    assert [metric.step for metric in history] == [100, 200, 300], "what it missed was sent"
