"""Bringing models from packages, folders and addresses."""

import shutil
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import SetupError
from tests.conftest import MODELS
from tests.contract.pulling import BUNDLED, NAME, files_of, hub, models, package, translated, without_trial
from tests.hub import Hub, Repository, Trouble
from translator.models.checksums import damaged
from translator.models.downloads import DownloadSource
from translator.models.folder import find_models, read
from translator.models.places import incomplete
from translator.models.pulling import Wish, pull
from translator.models.sources import parse_spec

# Fixtures.
__all__ = ["hub", "models", "without_trial"]


def test_an_argos_package_in_a_file_and_behind_an_address(hub: Hub, models: Path, tmp_path: Path) -> None:
    data = package({}, quick=False)
    file = tmp_path / "translate-de_en-1_9.argosmodel"
    file.write_bytes(data)
    hub.files["translate-de_en-1_9.argosmodel"] = data
    for spec in (str(file), f"{hub.address}/files/translate-de_en-1_9.argosmodel"):
        model = pull(spec, models)
        assert model.description.name == "translate-de_en-1_9"
        assert model.description.all_pairs() == [("de", "en")]
        assert "ctranslate2/sentencepiece.model" in model.description.files
        assert not any("stanza" in name for name in model.description.files)
        assert damaged(model) == []
    assert len(find_models(models, "ctranslate2")) == 2


def test_a_package_behind_a_bad_line_comes_in_pieces(hub: Hub, models: Path) -> None:
    hub.files["de_en.argosmodel"] = package({})
    hub.troubles = [Trouble("de_en.argosmodel", cut=30_000, times=1)]
    pull(f"{hub.address}/files/de_en.argosmodel", models)
    assert hub.fetched("de_en.argosmodel") == [None, "bytes=30000-"]


def test_packages_that_cannot_be_used(hub: Hub, models: Path, tmp_path: Path) -> None:
    address = f"{hub.address}/files"
    good = package({})
    hub.files |= {
        "half.argosmodel": good[: len(good) // 2],
        "good.argosmodel": good,
        "odd.argosmodel": package({}, from_code="klingon"),
        "page.argosmodel": b"<html>not found</html>",
    }
    (tmp_path / "half.zip").write_bytes(good[:1000])
    for spec, said in {
        f"{address}/half.argosmodel": "no zip file, or is damaged",
        f"{address}/page.argosmodel": "no zip file",
        f"{address}/odd.argosmodel": "unknown language 'klingon'",
        f"{address}/none.argosmodel": r"there is no http.*none.argosmodel \(404\)",
        f"{address}/good.argosmodel#sha256={'0' * 64}": "is not what it should be: its SHA-256 is",
        f"{tmp_path}/half.zip": "no zip file, or is damaged",
        f"{tmp_path}/none.argosmodel": "there is no /",
        "ftp://somewhere/model": "is no source of a model; say hf:ORG/NAME",
        "de-en": "is no source of a model",
        "a/b#de": "is no pair of languages",
    }.items():
        with pytest.raises(SetupError, match=said):
            pull(spec, models)
    assert incomplete(models) == []


def test_a_folder_on_this_machine(models: Path, tmp_path: Path) -> None:
    whole = pull(str(MODELS / "de-en"), models)
    assert whole.id == "de-en-tiny@1"
    assert set(whole.folders) == {"ctranslate2", "transformers"}
    plain = pull(f"{BUNDLED}#de-en", models, Wish(name="plain"))
    assert plain.description.name == "plain"
    assert translated(plain) == "Good morning."


@pytest.mark.parametrize("keep", [False, True])
def test_a_model_in_hugging_faces_form_is_converted(hub: Hub, models: Path, *, keep: bool) -> None:
    hub.repositories["somebody/opus-mt-de-en-hf"] = Repository(files_of(MODELS / "de-en" / "hf"))
    said: list[str] = []
    model = pull("somebody/opus-mt-de-en-hf#de-en", models, Wish(keep=keep), said.append)
    assert "converts a Hugging Face model to CTranslate2's form" in said
    assert set(model.folders) == ({"ctranslate2", "transformers"} if keep else {"ctranslate2"})
    assert damaged(model) == []
    assert translated(model) == "Good morning."


def test_a_folder_on_a_server_tells_the_languages(hub: Hub) -> None:
    hub.files["de-en"] = b""
    source = DownloadSource(f"{hub.address}/files/de-en/opus-2020-02-26.zip", None)
    found = source.resolve()
    assert (found.name, found.pairs) == ("opus-de-en-2020-02-26", (("de", "en"),))


def test_a_page_on_the_hub_names_its_repository(hub: Hub, models: Path) -> None:
    commit = hub.repositories[NAME].commit
    for page in (f"{hub.address}/{NAME}", f"{hub.address}/{NAME}/tree/main", f"{hub.address}/{NAME}/tree/{commit}/"):
        assert pull(page, models).description.origin == pull(NAME, models).description.origin
    assert (
        parse_spec("https://huggingface.co/Helsinki-NLP/opus-mt-de-en#de-en").place == "hf:Helsinki-NLP/opus-mt-de-en"
    )
    assert parse_spec("https://huggingface.co/a/de_en.argosmodel").place.startswith("https")


@pytest.mark.parametrize("evil", ["../../evil", "/tmp/evil", "..", "a/../../../../evil"])
def test_a_package_whose_paths_lead_out_of_it_is_refused(models: Path, tmp_path: Path, evil: str) -> None:
    file = tmp_path / "package.argosmodel"
    file.write_bytes(package({}))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(evil, b"evil")
    with pytest.raises(SetupError, match="a path that leads out of it"):
        pull(str(file), models)
    assert {path.name for path in tmp_path.rglob("*")} <= {"package.argosmodel", "models", ".pulling"}


def test_paths_in_a_package_may_be_written_in_odd_ways(models: Path, tmp_path: Path) -> None:
    file = tmp_path / "package.argosmodel"
    file.write_bytes(package({"model//extra.txt": b"more"}))
    assert "ctranslate2/extra.txt" in pull(str(file), models).description.files


def test_a_model_of_the_folder_is_not_copied_beside_itself(models: Path) -> None:
    shutil.copytree(MODELS / "de-en", models / "de-en")
    assert pull(str(models / "de-en"), models).folder == models / "de-en"
    assert [path.name for path in models.iterdir() if not path.name.startswith(".")] == ["de-en"]


def test_a_description_by_hand_may_name_nothing_outside(models: Path) -> None:
    model = pull(str(MODELS / "de-en"), models)
    assert read(model.folder / "model.json") == model
