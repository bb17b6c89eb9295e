"""Models that cannot be brought or used: what is said, and that nothing of them stays."""

import errno
import json
from pathlib import Path

import pytest

from pipeline.errors import SetupError, UnavailableError
from tests.contract.pulling import (
    NAME,
    REAL,
    hub,
    large_file,
    models,
    small,
    without_trial,
)
from tests.hub import Hub, Repository, Trouble
from translator.models.folder import find_models, read
from translator.models.places import incomplete
from translator.models.pulling import Wish, pull

# Fixtures.
__all__ = ["hub", "models", "without_trial"]


@pytest.mark.parametrize("name", ["model.bin", "config.json"])
def test_bytes_that_are_not_what_the_hub_says_are_refused(hub: Hub, models: Path, name: str) -> None:
    large = name == "model.bin"
    hub.troubles = [Trouble(large_file(name, hub) if large else f"/{name}", wrong=True)]
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


def test_a_hub_that_does_not_answer(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(UnavailableError, match=r"the model hub at http://127.0.0.1:9 does not answer"):
        pull(NAME, models)


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


def test_an_architecture_that_cannot_be_converted_is_named(hub: Hub, models: Path) -> None:
    config = json.dumps({"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"]}).encode()
    hub.repositories["a/gpt-de-en"] = Repository({"config.json": config, "model.safetensors": b"x", "source.spm": b"x"})
    with pytest.raises(SetupError, match="GPT2LMHeadModel"):
        pull("a/gpt-de-en", models)
    assert incomplete(models) == []
