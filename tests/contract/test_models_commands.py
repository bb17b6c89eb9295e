"""The commands `satzstrom models …`."""

import asyncio
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.errors import SatzstromError, SetupError, StoppedError
from tests.conftest import MODELS, ROOT
from tests.contract.pulling import NAME, files_of, small
from tests.hub import Hub, Repository, Trouble, serving
from translator.models import commands, showing
from translator.models.folder import find_models, read
from translator.models.providing import provide, provide_before
from translator.models.routes import read_routes


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serving() as running:
        running.repositories[NAME] = Repository(small())
        monkeypatch.setenv("HF_ENDPOINT", running.address)
        monkeypatch.setattr("translator.models.pulling.try_out", lambda _: None)
        monkeypatch.setattr("translator.models.pulling._PAUSE", 0.0)
        monkeypatch.setattr(showing.console, "width", 200)
        yield running


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder with the bundled model."""
    shutil.copytree(MODELS / "de-en", tmp_path / "models" / "de-en", ignore=shutil.ignore_patterns("hf"))
    description = tmp_path / "models" / "de-en" / "model.json"
    told = json.loads(description.read_text())
    del told["transformers"]
    description.write_text(json.dumps(told))
    return tmp_path / "models"


def run(*arguments: str, models: Path, status: int = 0) -> str:
    done = CliRunner().invoke(commands.app, [*arguments], env={"SATZSTROM_MODELS": str(models)})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == status, done.output
    return done.output


def test_what_is_pulled_is_listed_used_and_removed(hub: Hub, models: Path) -> None:
    commit = hub.repositories[NAME].commit[:12]
    name = f"opus-mt-de-en-ct2@{commit}"
    said = run("pull", NAME, "--use", models=models)
    assert f"{name} translates de-en" in said
    assert "licence  apache-2.0" in said
    assert f"de-en uses {name} now" in said
    assert json.loads(run("list", "--json", models=models))[0]["used_for"] == []
    listed = run("list", models=models)
    assert name in listed
    assert "de-en-tiny@1" in listed
    rows = {row["id"]: row for row in json.loads(run("list", "--json", models=models))}
    assert rows[name]["used_for"] == ["de-en"]
    assert rows[name]["origin"]["licence"] == "apache-2.0"
    with pytest.raises(SetupError, match=rf"{name} is in use for de-en; choose another one first"):
        run("remove", name, models=models)
    run("use", "de-en-tiny", models=models)
    assert read_routes(models).model("de", "en") == "de-en-tiny@1"
    assert "Removed" in run("remove", "opus-mt-de-en-ct2", models=models)
    assert [model.id for model in find_models(models, "ctranslate2")] == ["de-en-tiny@1"]
    assert not list(models.glob(".*.removed"))


def test_names_are_not_cut_in_a_narrow_terminal(hub: Hub, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("pull", NAME, models=models)
    monkeypatch.setattr(showing.console, "width", 60)
    lines = run("list", models=models).splitlines()
    # The first column is what stands behind the one space with which lines begin.
    column = "".join(line[1:].partition(" ")[0] for line in lines)
    assert f"opus-mt-de-en-ct2@{hub.repositories[NAME].commit[:12]}" in column


def test_an_empty_folder_says_how_to_go_on(tmp_path: Path) -> None:
    assert "No model in" in run("list", models=tmp_path / "none")


@pytest.mark.parametrize("name", ["a-first", "Zzz", "z-last"])
def test_to_bring_a_model_is_not_to_use_it(hub: Hub, models: Path, name: str) -> None:
    said = run("pull", NAME, "--name", name, models=models)
    assert ("de-en goes on with de-en-tiny@1" in said) == (name != "z-last")
    rows = {row["name"]: row["used_for"] for row in json.loads(run("list", "--json", models=models))}
    assert rows == {"de-en-tiny": ["de-en"], name: []}


def test_forced_removal_takes_the_entry_with_it(hub: Hub, models: Path) -> None:
    run("pull", NAME, "--use", models=models)
    run("remove", "opus-mt-de-en-ct2", "--force", models=models)
    assert read_routes(models).table == {}
    assert json.loads(run("list", "--json", models=models))[0]["used_for"] == ["de-en"]


def test_verify_finds_a_changed_byte_and_leaves_what_is_whole(hub: Hub, models: Path) -> None:
    run("pull", NAME, models=models)
    assert "as it was" in run("verify", models=models)
    (file,) = models.glob("opus*/ctranslate2/model.bin")
    data = bytearray(file.read_bytes())
    data[1000] ^= 1
    file.write_bytes(data)
    said = run("verify", models=models, status=1)
    assert "ctranslate2/model.bin differs; get it again: satzstrom models pull 'hf:somebody/opus-mt-de-en-ct2@" in said
    file.write_bytes(data[:100])
    assert "100 bytes long" in run("verify", models=models, status=1)
    with pytest.raises(SetupError, match="there is no model nothing"):
        run("verify", "nothing", models=models)


def test_a_damaged_model_is_listed_as_one(hub: Hub, models: Path) -> None:
    run("pull", NAME, models=models)
    next(models.glob("opus*/ctranslate2/model.bin")).unlink()
    said = run("list", models=models)
    assert "de-en-tiny@1" in said
    assert "is damaged: ctranslate2/model.bin is missing; get it again" in said


def test_what_broke_off_is_listed_and_can_be_removed(hub: Hub, models: Path) -> None:
    hub.troubles = [Trouble(f"/lfs/{hashlib.sha256(small()['model.bin']).hexdigest()}", cut=0)]
    with pytest.raises(SatzstromError, match="does not answer"):
        run("pull", NAME, models=models)
    said = run("list", models=models)
    (name,) = [path.name for path in models.glob(".*.partial")]
    assert f"{name} is not complete" in said
    run("remove", name, models=models)
    assert not list(models.glob(".*.partial"))


def test_search_shows_what_can_be_pulled(hub: Hub, models: Path) -> None:
    said = run("search", "opus", models=models)
    assert f"hf:{NAME}" in said
    assert "apache-2.0" in said
    assert "No translation model on" in run("search", "nllb", models=models)


def test_use_brings_what_is_missing_and_asks_nobody_for_what_is_there(hub: Hub, models: Path) -> None:
    run("use", f"hf:{NAME}", models=models)
    hub.requests.clear()
    run("use", "de-en-tiny", models=models)
    run("use", NAME, "--pair", "de-AT,en".replace(",", "-"), models=models)
    assert hub.requests == []
    assert read_routes(models).model("de-AT", "en") == f"opus-mt-de-en-ct2@{hub.repositories[NAME].commit[:12]}"
    assert read_routes(models).model("de", "en") == "de-en-tiny@1"


def test_wrong_calls_are_refused_in_a_line(models: Path) -> None:
    for arguments, said in {
        ("use", "nothing"): "there is no model nothing",
        ("remove", "nothing"): "there is no model nothing",
        ("pull", "de-en"): "'de-en' is no source of a model; say hf:ORG",
        ("pull", "a/b", "--pairs", "german"): "--pairs: 'german' is no pair of languages",
    }.items():
        with pytest.raises(SetupError, match=said):
            run(*arguments, models=models)


@pytest.mark.parametrize("module", ["producer", "translator.models"])
def test_an_error_is_one_line_and_a_status(module: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", module, *(["models"] if module == "producer" else [])]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HF_ENDPOINT": "http://127.0.0.1:9"}
    done = subprocess.run(
        [*command, "pull", NAME, "--models", str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == (1 if module == "producer" else 75)
    assert done.stdout == ""
    assert done.stderr.startswith("satzstrom: the model hub at http://127.0.0.1:9 does not answer")
    assert done.stderr.count("\n") == 1


def test_a_disk_that_takes_no_more_is_said_and_nothing_is_left(models: Path, tmp_path: Path) -> None:
    # A limit of the system on what a process may write fails as a full disk does, in the middle of a file.
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000));"
        "sys.argv[1:] = ['pull', sys.argv[1], '--models', sys.argv[2]]; from translator.models.__main__ import main; main()"
    )
    source = f"{MODELS / 'de-en' / 'ctranslate2'}#de-en"
    command = [sys.executable, "-c", code, source, str(models)]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "is full (File too large): what was brought was removed again" in done.stderr
    assert done.stderr.count("\n") == 1
    assert [model.id for model in find_models(models, "ctranslate2")] == ["de-en-tiny@1"]
    assert not list(models.glob(".*.partial"))


def test_a_deployment_gets_what_is_missing_and_keeps_what_people_choose_later(hub: Hub, models: Path) -> None:
    said: list[str] = []
    other = "somebody/other-de-en"
    hub.repositories[other] = Repository(small() | {"README.md": b"# Other"})
    first, second = (f"{name.partition('/')[2]}@{hub.repositories[name].commit[:12]}" for name in (NAME, other))
    provide(f"hf:{NAME}, {other}", models, said.append)
    assert read_routes(models).model("de", "en") == first
    assert f"{second} is ready; its licence: apache-2.0" in said

    hub.requests.clear()
    run("use", "de-en-tiny", models=models)
    provide(f"hf:{NAME},{other}", models, said.append)
    assert read_routes(models).model("de", "en") == "de-en-tiny@1"
    provide(other, models, said.append)
    assert read_routes(models).model("de", "en") == second
    provide(f"hf:{NAME},{other}", models, said.append)
    assert read_routes(models).model("de", "en") == first
    assert hub.requests == []


def test_for_the_transformers_engine_a_models_own_form_is_kept(hub: Hub, models: Path) -> None:
    name = "somebody/opus-mt-de-en-hf"
    hub.repositories[name] = Repository(files_of(MODELS / "de-en" / "hf"))
    said: list[str] = []
    spec = f"hf:{name}#de-en"
    provide(spec, models, said.append)
    (model,) = [one for one in find_models(models, "ctranslate2") if one.id != "de-en-tiny@1"]
    assert set(model.folders) == {"ctranslate2"}
    provide(spec, models, said.append, "transformers")
    assert [one.id for one in find_models(models, "transformers")] == [model.id]
    hub.requests.clear()
    provide(spec, models, said.append, "transformers")
    assert hub.requests == []
    with pytest.raises(SetupError, match="has no form for the engine transformers, only for ctranslate2"):
        provide(NAME, models, said.append, "transformers")


async def test_a_translator_that_gets_no_model_says_why_and_goes_on_with_an_older_one(
    hub: Hub, models: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hub.repositories.clear()
    with pytest.raises(
        SetupError, match=r"^SATZSTROM_MODEL_SOURCES: there is no repository somebody/opus-mt-de-en-ct2"
    ):
        await provide_before(f"hf:{NAME}", models, asyncio.Event())
    hub.troubles = [Trouble("", status=500)]
    with pytest.raises(SatzstromError, match="status 500") as raised:
        await provide_before(f"hf:{NAME}", models, asyncio.Event())
    # A restart may help.
    assert not isinstance(raised.value, SetupError)
    (models / ".sources").write_bytes(b"[]")
    await provide_before(f"hf:{NAME}", models, asyncio.Event())
    assert "goes on with the models that are there" in caplog.text


async def test_a_translator_brings_its_models_and_logs_how_far_it_is(
    hub: Hub, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hub.repositories[NAME] = Repository(files_of(MODELS / "de-en" / "ctranslate2"))
    caplog.set_level("INFO", logger="translator.models.providing")
    await provide_before(f"hf:{NAME}", tmp_path / "models", asyncio.Event())
    (model,) = find_models(tmp_path / "models", "ctranslate2")
    assert read_routes(tmp_path / "models").model("de", "en") == model.id
    said = [record.getMessage() for record in caplog.records]
    assert said[0].startswith(f"brings hf:{NAME} at {hub.repositories[NAME].commit} (8 MB)")
    assert f"{model.id} is ready; its licence: apache-2.0" in said


async def test_a_translator_that_is_stopped_does_not_wait_for_a_slow_hub(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stop.set()
        # Until the other side goes.
        await reader.read()
        writer.close()
        await writer.wait_closed()
        gone.set()

    stop, gone = asyncio.Event(), asyncio.Event()
    async with await asyncio.start_server(never, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{port}")
        with pytest.raises(StoppedError, match="stopped while models were brought"):
            await provide_before(f"hf:{NAME}", models, stop)
        await asyncio.wait_for(gone.wait(), 10)


def test_the_bundled_models_say_their_licence() -> None:
    for path in MODELS.glob("*/model.json"):
        origin = read(path).description.origin
        assert origin is not None
        assert origin.licence
