"""Bringing models from a hub."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import SetupError, UnavailableError
from tests.conftest import ROOT
from tests.contract.pulling import NAME, REAL, hub, large_file, models, small, translated, without_trial
from tests.hub import Hub, Trouble
from translator.models import hub as hub_module
from translator.models.checksums import damaged
from translator.models.folder import find_models
from translator.models.places import find_pulled, incomplete
from translator.models.pulling import Wish, pull

# Fixtures.
__all__ = ["hub", "models", "without_trial"]


@pytest.mark.trial
def test_a_model_comes_from_a_hub_and_translates(hub: Hub, models: Path) -> None:
    model = pull(REAL, models)
    commit = hub.repositories[REAL].commit
    assert model.id == f"opus-mt-de-en@{commit[:12]}"
    assert model.description.all_pairs() == [("de", "en")]
    origin = model.description.origin
    assert origin is not None
    assert (origin.source, origin.revision, origin.licence) == (f"hf:{REAL}", commit, "apache-2.0")
    assert set(model.description.files) == {
        "ctranslate2/config.json", "ctranslate2/model.bin", "ctranslate2/shared_vocabulary.json",
        "ctranslate2/source.spm",
    }  # fmt: skip
    assert damaged(model) == []
    assert translated(model) == "Good morning."


def test_only_what_is_needed_is_brought(hub: Hub, models: Path) -> None:
    model = pull(NAME, models)
    assert {name.rpartition("/")[2] for name in model.description.files} == {*small(), "README.md"}
    assert hub.fetched("model.onnx") == hub.fetched("tf_model.h5") == []


def test_what_is_there_is_not_brought_again(hub: Hub, models: Path) -> None:
    pull(NAME, models)
    hub.requests.clear()
    said: list[str] = []
    pull(f"hf:{NAME}@main", models, say=said.append)
    assert said == [f"opus-mt-de-en-ct2@{hub.repositories[NAME].commit[:12]} is there already"]
    assert not any("/resolve/" in path for _, path, _ in hub.requests)


def test_revisions_lie_side_by_side(hub: Hub, models: Path) -> None:
    first = pull(NAME, models)
    hub.repositories[NAME].files["README.md"] = b"# Better\n"
    second = pull(NAME, models)
    assert [first.id, second.id] == sorted((first.id, second.id), key=[first.id, second.id].index)
    assert len(find_models(models, "ctranslate2")) == 2


def test_a_damaged_model_is_brought_again(hub: Hub, models: Path) -> None:
    model = pull(NAME, models)
    file = model.folder / "ctranslate2" / "model.bin"
    file.write_bytes(bytes(file.stat().st_size))
    said: list[str] = []
    assert damaged(pull(NAME, models, say=said.append)) == []
    assert "damaged (ctranslate2/model.bin)" in said[0]


def test_a_download_that_broke_off_goes_on(hub: Hub, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The library writes what it gets in pieces of ten megabytes.
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 10_000)
    hub.troubles = [
        Trouble(large_file("model.bin", hub), cut=30_000, times=1),
        Trouble(large_file("model.bin", hub), status=503),
    ]
    with pytest.raises(UnavailableError, match=r"the model hub at http://127.* \(.*503"):
        pull(NAME, models)
    assert len(incomplete(models)) == 1
    with pytest.raises(SetupError, match="no model"):
        find_models(models, "ctranslate2")
    hub.troubles.clear()
    hub.requests.clear()
    assert damaged(pull(NAME, models)) == []
    assert hub.fetched(large_file("model.bin", hub)) == ["bytes=30000-"]
    assert incomplete(models) == []


def test_a_token_opens_a_private_repository(hub: Hub, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.repositories[NAME].token = "hf_secret"
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    assert pull(NAME, models).description.all_pairs() == [("de", "en")]


def test_offline_the_hubs_cache_is_used_and_else_it_is_said_how_to_bring_it(
    hub: Hub, models: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(
        SetupError, match=r"HF_HUB_OFFLINE is set, and .* where there is a network, run 'satzstrom models"
    ):
        pull(REAL, models)
    monkeypatch.delenv("HF_HUB_OFFLINE")
    from huggingface_hub import snapshot_download

    snapshot_download(REAL, endpoint=hub.address, cache_dir=tmp_path / "cache")
    hub.requests.clear()
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    model = pull(REAL, models)
    assert model.id.endswith(hub.repositories[REAL].commit[:12])
    assert translated(model) == "Good morning."
    assert hub.requests == []


def test_search_names_what_a_hub_has(hub: Hub) -> None:
    assert [info.id for info in hub_module.search("opus-mt-de-en-ct2", 5)] == [NAME]
    assert hub_module.search("nllb", 5) == []


def test_pairs_of_a_model_that_is_there_can_be_changed(hub: Hub, models: Path) -> None:
    pull(NAME, models)
    model = pull(NAME, models, Wish(pairs=(("de", "en"), ("de-CH", "en"))))
    assert model.description.all_pairs() == [("de", "en"), ("de-CH", "en")]
    assert damaged(model) == []


def test_what_was_pulled_is_found_by_its_source(hub: Hub, models: Path) -> None:
    model = pull(NAME, models)
    commit = hub.repositories[NAME].commit
    for spec in (NAME, f"hf:{NAME}", f"hf:{NAME}@{commit}", f"{NAME}@{commit[:10]}#de-en"):
        found = find_pulled(spec, models)
        assert found is not None
        assert found.id == model.id
    for spec in (f"{NAME}@{'f' * 40}", "somebody/other"):
        assert find_pulled(spec, models) is None


def test_no_library_of_gigabytes_is_loaded(hub: Hub, models: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from translator.models.pulling import pull;"
        f"pull({REAL!r}, Path({str(models)!r}));"
        "print([name for name in ('torch', 'transformers', 'tensorflow') if name in sys.modules])"
    )
    environment = {
        "PATH": "/usr/bin:/bin",
        "HF_ENDPOINT": hub.address,
        "PYTHONPATH": str(ROOT),
        "HOME": str(models.parent),
    }
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (run.stdout.strip(), run.stderr) == ("[]", "")
