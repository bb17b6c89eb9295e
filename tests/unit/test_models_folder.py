"""The description of a model on disk."""

import shutil
from pathlib import Path

import msgspec
import pytest

from pipeline.errors import SetupError
from tests.conftest import MODELS
from translator.models.folder import Description, FileSum, find_models, read


def copied(to: Path, **changes: object) -> Path:
    """Copy the bundled model, with the sizes of its files in its description."""
    folder = to / "de-en"
    shutil.copytree(MODELS / "de-en", folder, ignore=shutil.ignore_patterns("hf"))
    described = msgspec.json.decode((folder / "model.json").read_bytes())
    del described["transformers"]
    listed = list(folder.glob("ctranslate2/*"))
    described["files"] = {
        path.relative_to(folder).as_posix(): FileSum(size=path.stat().st_size, sha256="0" * 64) for path in listed
    }
    (folder / "model.json").write_bytes(msgspec.json.encode(described | changes))
    return folder


def test_a_complete_model_is_read(tmp_path: Path) -> None:
    model = read(copied(tmp_path) / "model.json")
    assert "ctranslate2/model.bin" in model.description.files
    assert isinstance(model.description, Description)


@pytest.mark.parametrize("name", ["model.bin", "shared_vocabulary.json", "source.spm"])
def test_a_missing_file_is_found_before_anything_is_loaded(tmp_path: Path, name: str) -> None:
    (copied(tmp_path) / "ctranslate2" / name).unlink()
    with pytest.raises(SetupError, match=rf"damaged: ctranslate2/{name} is missing; get it again"):
        find_models(tmp_path, "ctranslate2")


def test_a_shortened_file_is_found_and_the_way_to_mend_it_is_said(tmp_path: Path) -> None:
    origin = {"source": "hf:somebody/opus-mt-de-en", "revision": "1" * 40}
    file = copied(tmp_path, origin=origin) / "ctranslate2" / "model.bin"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(
        SetupError,
        match=r"model.bin is \d+ bytes long, not \d+; get it again: .*pull 'hf:somebody/opus-mt-de-en@1{40}'$",
    ):
        find_models(tmp_path, "ctranslate2")


def test_a_folder_that_is_being_pulled_is_not_found(tmp_path: Path) -> None:
    copied(tmp_path).rename(tmp_path / ".de-en.partial")
    with pytest.raises(SetupError, match="no model for the ctranslate2 engine"):
        find_models(tmp_path, "ctranslate2")
