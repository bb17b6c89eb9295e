"""Training for a limited time with three libraries, and a model of what it leaves."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.errors import SetupError
from tests.conftest import ROOT
from tests.training import toy
from tests.training.small import SMALL
from trainer import network, packing, vocabulary
from trainer.assembling import assemble
from trainer.job import read_scores
from trainer.testsets import parse
from translator.engines import USUAL
from translator.engines.loading import load
from translator.models.pulling import pull

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Give pairs, a test set, and a SentencePiece model."""
    folder = tmp_path_factory.mktemp("pairs")
    data, test = toy.write(folder)
    sources, targets = zip(*toy.pairs(), strict=True)
    vocabulary.make(sources, targets, 150, folder)
    return data, test, folder / "source.spm"


def timed(files: tuple[Path, Path, Path], out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.training.bare", "--data", str(files[0]), "--vocabulary", str(files[2])]
    command += ["--out", str(out), "--size", "tiny", "--seconds", "300", "--reserve", "5", "--threads", "1"]
    command += ["--batch", "512", "--rate", "0.005", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": ""}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=350, check=False)


@pytest.fixture(scope="module")
def brought(files: tuple[Path, Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give what a training from English to German left, on data whose columns are German and English."""
    out = tmp_path_factory.mktemp("brought")
    parts = out / "parts.tsv"
    parts.write_text("words\tCC0\t1.5\n", encoding="utf-8")
    turned = ("--source", "en", "--target", "de", "--turned", "--parts", str(parts))
    done = timed(files, out, *turned, "--steps", "500")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("weights written") == 3, done.stdout
    return out


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(network.SIZES, "tiny", SMALL)


@pytest.mark.usefixtures("small")
def test_what_it_leaves_becomes_a_model_that_translates(
    files: tuple[Path, Path, Path], brought: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    test = tmp_path / "test.tsv"
    test.write_text("de\ten\n" + "".join(f"{a}\t{b}\n" for a, b in toy.pairs()[:40]), encoding="utf-8")
    job = assemble(brought, files[2], tmp_path / "out", [parse(f"toy={test}")], 1, said.append)
    assert read_scores(job.model)["toy"].bleu > 60
    card = (job.model / "README.md").read_text(encoding="utf-8")
    assert "| CC0 |" in card
    assert "en to de" in card
    assert "taken as it was" in card
    model = pull(str(job.model), tmp_path / "models")
    assert model.id == "en-de@1"
    (engine,) = load("ctranslate2", tmp_path / "models", 1, isolated=False)
    made = engine.generate([engine.encode("The dog today sees the tree.")], USUAL)
    assert made[0].text == "Der Hund sieht den Baum heute."
    with pytest.raises(SetupError, match="there already"):
        assemble(brought, files[2], tmp_path / "out", [parse(f"toy={test}")], 1, said.append)


def test_files_that_are_missing_or_others_are_refused(
    files: tuple[Path, Path, Path], brought: Path, tmp_path: Path
) -> None:
    def assembling(folder: Path, model: Path = files[2]) -> None:
        assemble(folder, model, tmp_path / "out", [], 1, print)

    with pytest.raises(SetupError, match=r"report\.json is not there"):
        assembling(tmp_path)
    with pytest.raises(SetupError, match="another vocabulary"):
        assembling(brought, files[0])
    copy = tmp_path / "copy"
    shutil.copytree(brought, copy)
    (copy / "weights.00").write_bytes(b"half")
    with pytest.raises(SetupError, match="bring all of them again"):
        assembling(copy)
    report = json.loads((copy / "report.json").read_text())
    report["held_out"]["use_of_source"] = 0.001
    (copy / "report.json").write_text(json.dumps(report))
    with pytest.raises(SetupError, match="does not use its source"):
        assembling(copy)
    (copy / "report.json").write_text("{}")
    with pytest.raises(SetupError, match=r"report\.json"):
        assembling(copy)
    assert not (tmp_path / "out" / "model").exists()


def test_a_training_that_learned_nothing_leaves_no_weights(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    done = timed(files, tmp_path, "--steps", "3", "--check-every", "2")
    assert done.returncode == 1
    assert "no weights are written yet: the model does not use its source" in done.stdout
    assert done.stderr.startswith("python3 -m trainer.timed: the model does not use its source")
    assert not list(tmp_path.glob("weights.*"))


def test_too_little_time_is_said_before_training(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    done = timed(files, tmp_path, "--seconds", "5")
    assert done.returncode == 1
    assert "--seconds 5 is too little" in done.stderr


def test_packed_weights_are_those_that_were_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "LARGEST", 5000)
    torch.manual_seed(1)
    weights = {"a": torch.randn(100, 64).numpy(), "b": torch.randn(7).numpy(), "zero": np.zeros((1, 5), np.float32)}
    packing.write(tmp_path, weights, {"what": "else"})
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["what"] == "else"
    paths = sorted(tmp_path.glob("weights.*"))
    assert len(paths) > 1
    assert all(path.stat().st_size <= 5000 for path in paths)
    found = packing.read(tmp_path, report["sha256"])
    assert found.keys() == weights.keys()
    for name, value in weights.items():
        assert np.allclose(found[name], value, atol=np.abs(value).max() / 250)
    assert (found["b"] == weights["b"]).all()
