"""A hub on this machine that has the bundled model, and what looks like it."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import MODELS
from tests.hub import Hub, Repository, serving
from translator.engines import USUAL
from translator.engines.loading import load
from translator.models.folder import Model

BUNDLED = MODELS / "de-en" / "ctranslate2"
NAME = "somebody/opus-mt-de-en-ct2"
REAL = "somebody/opus-mt-de-en"
WEIGHTS = bytes(range(256)) * 300
"""As large as what a hub keeps as a large file; no model."""


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


SPM = (BUNDLED / "source.spm").read_bytes()


def small() -> dict[str, bytes]:
    """What looks like the bundled model until it is loaded."""
    return {"model.bin": WEIGHTS, "config.json": b"{}", "shared_vocabulary.json": b"[]", "source.spm": SPM}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    with serving() as running:
        others = {"README.md": b"# A model\n", "onnx/model.onnx": b"not wanted", "tf_model.h5": b"nor this"}
        running.repositories |= {NAME: Repository(small() | others), REAL: Repository(files_of(BUNDLED))}
        monkeypatch.setenv("HF_ENDPOINT", running.address)
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
        yield running


@pytest.fixture(autouse=True)
def without_trial(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only tests of the trial start a process that loads the model, which takes a second."""
    if "trial" not in request.keywords:
        monkeypatch.setattr("translator.models.pulling.try_out", lambda _: None)
    monkeypatch.setattr("translator.models.pulling._PAUSE", 0.0)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


def translated(model: Model) -> str:
    engines = load("ctranslate2", model.folder.parent, 1, isolated=False)
    engine = next(engine for engine in engines if engine.model.id == model.id)
    return engine.generate([engine.encode("Guten Morgen!")], USUAL)[0].text


def package(inner: dict[str, bytes], *, quick: bool = True, **changes: object) -> bytes:
    """Make an .argosmodel: the bundled model, with other files in place of its own."""
    told = {"package_version": "1.9", "argos_version": "1.9", "from_code": "de", "to_code": "en"} | changes
    weights = small() if quick else files_of(BUNDLED)
    files = {
        "metadata.json": json.dumps(told).encode(),
        "sentencepiece.model": weights.pop("source.spm"),
        "stanza/de/tokenize.pt": b"not wanted",
        "README.md": b"# An Argos package",
        **{f"model/{name}": data for name, data in weights.items()},
        **inner,
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"translate-de_en-1_9/{name}", data)
    return made.getvalue()


def large_file(name: str, hub: Hub) -> str:
    import hashlib

    return f"/lfs/{hashlib.sha256(hub.repositories[NAME].files[name]).hexdigest()}"
