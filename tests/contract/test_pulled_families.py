"""Models of each family from a hub or a zip, as people find them there, to translations of all of their pairs."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.errors import SetupError
from tests import models
from tests.contract.pulling import files_of
from tests.hub import Hub, Repository, serving
from tests.models import SENTENCES
from translator.engines import USUAL
from translator.engines.loading import load
from translator.models.checksums import damaged
from translator.models.folder import Model
from translator.models.places import incomplete
from translator.models.pulling import Wish, pull

FAMILIES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "marian": (models.marian, "de-en"),
    "marian-mul": (lambda folder: models.marian(folder, languages=["fra", "spa", "ita"]), "de-fr+de-es+de-it"),
    "nllb": (models.nllb, "de-fr+de-es+en-de"),
    "m2m100": (models.m2m100, "de-fr+de-es+en-de"),
    "mbart": (models.mbart, "de-fr+de-en+en-de"),
    "t5": (models.t5, "en-de+en-fr"),
    "madlad": (lambda folder: models.t5(folder, languages=["de", "fr", "en"], gated=True), "de-fr+de-en+en-de"),
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serving() as running:
        monkeypatch.setenv("HF_ENDPOINT", running.address)
        yield running


def translations(folder: Path, model: Model) -> dict[str, list[str]]:
    """Return what a model makes of some sentences, by pair."""
    engines = [one for one in load("ctranslate2", folder, 1, isolated=False) if one.model.id == model.id]
    return {
        f"{one.model.source}-{one.model.target}": [
            made.text for made in one.generate([one.encode(sentence) for sentence in SENTENCES], USUAL)
        ]
        for one in engines
    }


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_comes_from_a_hub_as_it_is_and_as_a_model_of_ctranslate2(
    hub: Hub, tmp_path: Path, family: str
) -> None:
    make, pairs = FAMILIES[family]
    hub.repositories[f"a/{family}"] = Repository(files_of(make(tmp_path / "made")))
    converted = pull(f"hf:a/{family}#{pairs}", tmp_path / "models")
    assert damaged(converted) == []
    found = translations(tmp_path / "models", converted)
    assert list(found) == pairs.split("+")
    # A token of its own tells each language: the same sentences become something else.
    assert len({tuple(made) for made in found.values()}) == len(found)

    if family == "t5":
        # Nothing in CTranslate2's form tells that it was trained with instructions.
        return
    hub.repositories[f"a/{family}-ct2"] = Repository(files_of(converted.folder / "ctranslate2"))
    taken = pull(f"hf:a/{family}-ct2#{pairs}", tmp_path / "models")
    assert translations(tmp_path / "models", taken) == found


def test_an_opus_mt_zip_is_converted(hub: Hub, tmp_path: Path) -> None:
    folder = models.store(models.marian(tmp_path / "made"), "an npz of Marian")
    with zipfile.ZipFile(tmp_path / "opus-2020-02-26.zip", "w") as archive:
        for name, data in (files_of(folder) | {"README.md": b"# opus", "preprocess.sh": b"#!/bin/sh"}).items():
            archive.writestr(name, data)
    model = pull(f"{tmp_path}/opus-2020-02-26.zip#de-en", tmp_path / "models")
    assert "README.md" in model.description.files
    assert len(translations(tmp_path / "models", model)["de-en"]) == len(SENTENCES)


def test_pairs_that_a_model_does_not_know_are_refused_with_those_that_it_knows(hub: Hub, tmp_path: Path) -> None:
    hub.repositories["a/nllb"] = Repository(files_of(models.nllb(tmp_path / "made")))
    with pytest.raises(SetupError, match="does not know the language pl; it knows de, en, es, fr"):
        pull("a/nllb", tmp_path / "models", Wish(pairs=(("de", "pl"),)))
    assert incomplete(tmp_path / "models") == []
    with pytest.raises(SetupError, match="does not say which languages it translates; add them"):
        pull("a/nllb", tmp_path / "models")


@pytest.mark.parametrize("form", ["bfloat16", "in parts", "a pickle"])
def test_weights_come_in_whatever_form_they_are(hub: Hub, tmp_path: Path, form: str) -> None:
    hub.repositories["a/opus-mt-de-en"] = Repository(files_of(models.store(models.marian(tmp_path / "made"), form)))
    model = pull("a/opus-mt-de-en", tmp_path / "models")
    assert len(translations(tmp_path / "models", model)["de-en"]) == len(SENTENCES)
