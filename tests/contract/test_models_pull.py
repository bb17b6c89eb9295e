"""Bringing models from a hub, from packages and from folders."""

import errno
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import SetupError, UnavailableError
from tests.conftest import MODELS, ROOT
from tests.hub import Hub, Repository, Trouble, serving
from translator.engines import USUAL
from translator.engines.loading import load
from translator.models import hub as hub_module
from translator.models.checksums import damaged
from translator.models.downloads import DownloadSource
from translator.models.folder import Model, find_models, read
from translator.models.places import find_pulled, incomplete
from translator.models.pulling import Wish, pull
from translator.models.sources import parse_spec

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
        Trouble(_lfs("model.bin", hub), cut=30_000, times=1),
        Trouble(_lfs("model.bin", hub), status=503),
    ]
    with pytest.raises(UnavailableError, match=r"the model hub at http://127.* \(.*503"):
        pull(NAME, models)
    assert len(incomplete(models)) == 1
    with pytest.raises(SetupError, match="no model"):
        find_models(models, "ctranslate2")
    hub.troubles.clear()
    hub.requests.clear()
    assert damaged(pull(NAME, models)) == []
    assert hub.fetched(_lfs("model.bin", hub)) == ["bytes=30000-"]
    assert incomplete(models) == []


def _lfs(name: str, hub: Hub) -> str:
    import hashlib

    return f"/lfs/{hashlib.sha256(hub.repositories[NAME].files[name]).hexdigest()}"


@pytest.mark.parametrize("name", ["model.bin", "config.json"])
def test_bytes_that_are_not_what_the_hub_says_are_refused(hub: Hub, models: Path, name: str) -> None:
    large = name == "model.bin"
    hub.troubles = [Trouble(_lfs(name, hub) if large else f"/{name}", wrong=True)]
    with pytest.raises(SetupError, match=rf"{name} of {NAME} is not what the hub says it is"):
        pull(NAME, models)
    assert incomplete(models) == []


@pytest.mark.parametrize(
    ("prepare", "spec", "error", "said"),
    [
        (None, "somebody/nothing", SetupError, "no repository somebody/nothing on .*models search"),
        (None, f"{NAME}@v9", SetupError, "has no revision 'v9'"),
        ("gated", NAME, SetupError, "is gated: accept its terms on http.*HF_TOKEN"),
        ("private", NAME, SetupError, "or it is private.*HF_TOKEN"),
        ("forbidden", NAME, SetupError, r"does not let you read .* \(403\).*HF_TOKEN"),
        ("down", NAME, UnavailableError, r"the model hub at .* refuses the work \(status 500\)"),
        ("busy", NAME, UnavailableError, r"refuses the work \(status 429\)"),
        ("page", NAME, UnavailableError, "not an answer of a hub"),
    ],
)
def test_what_the_hub_refuses_is_said_in_a_line(
    hub: Hub, models: Path, prepare: str | None, spec: str, error: type[Exception], said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    repository = hub.repositories[NAME]
    status = {"forbidden": 403, "down": 500, "busy": 429}.get(prepare or "")
    if prepare == "gated":
        repository.gated = True
    elif prepare == "private":
        repository.token = "hf_secret"
    elif prepare == "page":
        hub.files["page"] = b"<html>Please log in to the hotel's network</html>"
        monkeypatch.setattr(Hub, "trouble", lambda *_: None)
        monkeypatch.setenv("HF_ENDPOINT", f"{hub.address}/files/page?")
    elif status:
        hub.troubles = [Trouble("", status=status)]
    with pytest.raises(error, match=said) as raised:
        pull(spec, models)
    assert "\n" not in str(raised.value)
    assert not list(models.glob("*"))[1:]


def test_a_token_opens_a_private_repository(hub: Hub, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.repositories[NAME].token = "hf_secret"
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    assert pull(NAME, models).description.all_pairs() == [("de", "en")]


def test_a_hub_that_does_not_answer(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(UnavailableError, match=r"the model hub at http://127.0.0.1:9 does not answer"):
        pull(NAME, models)


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


def test_files_that_cannot_be_used_are_refused_before_they_are_brought(hub: Hub, models: Path) -> None:
    whole = hub.repositories[NAME].files
    cases: dict[str, tuple[dict[str, bytes], str]] = {
        "a/no-tokenizer-de-en": (
            {name: data for name, data in whole.items() if name != "source.spm"},
            "without a tokenizer: one of source.spm",
        ),
        "a/no-vocabulary-de-en": ({"model.bin": b"x", "source.spm": b"x"}, "no vocabulary beside it"),
        "a/firefox-de-en": (
            {"model.deen.intgemm.alphas.bin": b"x", "vocab.deen.spm": b"x", "lex.50.50.deen.s2t.bin": b"x"},
            "Firefox translation model, which CTranslate2 cannot run",
        ),
        "a/flax-de-en": ({"flax_model.msgpack": b"x", "config.json": b"{}"}, "only in a form that cannot be used"),
        "a/pictures": ({"cat.png": b"x"}, "no translation model in a form that is known.*it has cat.png"),
        "a/empty": ({}, "it has no files"),
    }
    for name, (files, said) in cases.items():
        hub.repositories[name] = Repository(files)
        with pytest.raises(SetupError, match=said):
            pull(name, models)
    assert not any("/resolve/" in path for _, path, _ in hub.requests)


def test_languages_that_nobody_says_have_to_be_asked_for(hub: Hub, models: Path) -> None:
    hub.repositories["somebody/model"] = Repository(small())
    with pytest.raises(SetupError, match=r"does not say which languages it translates; add them: --pairs de-en"):
        pull("somebody/model", models)
    assert pull("somebody/model#de-en", models).description.all_pairs() == [("de", "en")]


def test_pairs_of_a_model_that_is_there_can_be_changed(hub: Hub, models: Path) -> None:
    pull(NAME, models)
    model = pull(NAME, models, Wish(pairs=(("de", "en"), ("de-CH", "en"))))
    assert model.description.all_pairs() == [("de", "en"), ("de-CH", "en")]
    assert damaged(model) == []


def test_a_model_that_is_there_gets_no_pair_whose_language_it_does_not_know(hub: Hub, models: Path) -> None:
    path = pull(NAME, models).folder / "model.json"
    prompt = {"target": ["{target}"], "languages": {"de": "deu_Latn", "en": "eng_Latn"}}
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"prompt": prompt}))
    with pytest.raises(SetupError, match="does not know the language fr; it knows de, en"):
        pull(NAME, models, Wish(pairs=(("de", "fr"),)))
    assert read(path).description.all_pairs() == [("de", "en")]


@pytest.mark.trial
@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("model.bin", b"no model at all", "the model does not work, and was removed: "),
        ("source.spm", b"no tokenizer", "/source.spm is no SentencePiece model"),
        ("shared_vocabulary.json", b'["a", "b"]', "the model does not work, and was removed: "),
    ],
)
def test_a_model_that_does_not_work_never_gets_its_name(
    hub: Hub, models: Path, name: str, data: bytes, said: str
) -> None:
    hub.repositories[REAL].files[name] = data
    with pytest.raises(SetupError, match=said) as raised:
        pull(REAL, models)
    assert ".partial" not in str(raised.value)
    assert list(models.glob("*/")) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_gives_its_room_back_and_leaves_the_old_model(
    hub: Hub, models: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    old = pull(NAME, models)
    hub.repositories[NAME].files["README.md"] = b"# Better\n"

    def full(*_: object, **__: object) -> None:
        raise OSError(number, "No space left on device")

    monkeypatch.setattr("huggingface_hub.file_download.http_get", full)
    with pytest.raises(SetupError, match=r"the disk of .* is full .*make room and pull again"):
        pull(NAME, models)
    assert incomplete(models) == []
    assert [one.id for one in find_models(models, "ctranslate2")] == [old.id]


def test_too_little_room_is_seen_before_anything_is_brought(
    hub: Hub, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("translator.models.safety.shutil.disk_usage", lambda _: type("Usage", (), {"free": 50_000}))
    with pytest.raises(SetupError, match=r"needs about 1 MB .* has room for 0 MB; make room"):
        pull(NAME, models)
    assert not any("/resolve/" in path for _, path, _ in hub.requests)


def test_a_folder_that_may_not_be_written_to(hub: Hub, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(models))

    monkeypatch.setattr("translator.models.safety.os.open", refused)
    with pytest.raises(SetupError, match=r"cannot write to .*models \(Permission denied\); name a folder"):
        pull(NAME, models)


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


def test_an_architecture_that_cannot_be_converted_is_named(hub: Hub, models: Path) -> None:
    config = json.dumps({"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"]}).encode()
    hub.repositories["a/gpt-de-en"] = Repository({"config.json": config, "model.safetensors": b"x", "source.spm": b"x"})
    with pytest.raises(SetupError, match="GPT2LMHeadModel"):
        pull("a/gpt-de-en", models)
    assert incomplete(models) == []


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


def test_what_was_pulled_is_found_by_its_source(hub: Hub, models: Path) -> None:
    model = pull(NAME, models)
    commit = hub.repositories[NAME].commit
    for spec in (NAME, f"hf:{NAME}", f"hf:{NAME}@{commit}", f"{NAME}@{commit[:10]}#de-en"):
        found = find_pulled(spec, models)
        assert found is not None
        assert found.id == model.id
    for spec in (f"{NAME}@{'f' * 40}", "somebody/other"):
        assert find_pulled(spec, models) is None


def test_a_description_by_hand_may_name_nothing_outside(models: Path) -> None:
    model = pull(str(MODELS / "de-en"), models)
    assert read(model.folder / "model.json") == model


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
