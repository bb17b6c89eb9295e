"""Which heads of a model tell its attention."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import MODELS
from translator.engines.heads import changed, main, read

MODEL = MODELS / "de-en/ctranslate2/model.bin"


def test_all_heads_of_the_bundled_model_count() -> None:
    assert read(MODEL.read_bytes()) == 0


def test_the_number_is_set_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = MODEL.read_bytes()
    assert changed(changed(model, 1), 0) == model
    assert sum(one != other for one, other in zip(model, changed(model, 1), strict=True)) == 1
    shutil.copy(MODEL, tmp_path)
    assert main([str(tmp_path), "2"]) == main([str(tmp_path)]) == 0
    assert read((tmp_path / "model.bin").read_bytes()) == 2
    assert main([str(tmp_path), "0"]) == 0
    assert capsys.readouterr().out.split() == ["2", "2", "all"]


def test_what_is_no_such_model_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model.bin").write_bytes(b"decoder/alignment_heads\0")
    assert main([str(tmp_path)]) == main([str(tmp_path / "none")]) == 1
    assert "does not say" in capsys.readouterr().err
    assert main([]) == main([str(tmp_path), "all"]) == 2
