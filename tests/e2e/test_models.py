"""Models that are brought with one command, in a pipeline as a user runs it."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import MODELS
from tests.contract.pulling import files_of, package
from tests.e2e.conftest import CommandLine
from tests.hub import Hub, Repository, serving
from tests.waiting import until

CONVERTED = "somebody/opus-mt-de-en"
READY = "somebody/opus-mt-de-en-ct2"
TEXT = "Guten Morgen. Das Haus ist alt."


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with serving() as running:
        running.repositories |= {
            CONVERTED: Repository(files_of(MODELS / "de-en" / "hf")),
            READY: Repository(files_of(MODELS / "de-en" / "ctranslate2")),
        }
        yield running


@pytest.fixture(scope="module")
def line(hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """A pipeline that has no model of its own: it brings one when it starts."""
    started = CommandLine(tmp_path_factory.mktemp("models"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SATZSTROM_MODELS", str(started.data / "models"))
        patch.setenv("HF_ENDPOINT", hub.address)
        started.run("up", "--detach", "--port", "18140", "--model", f"hf:{CONVERTED}")
        yield started
        started.run("down")


def translated(line: CommandLine, name: str) -> tuple[str, str]:
    """Translate a text of its own and return what came of it, and the model that did it."""
    text = line.run("submit", "-", "--wait", "--quiet", "--id", name, stdin=TEXT.encode()).stdout.decode()
    return text, json.loads(line.run("status", name, "--json").stdout)["model"]


def comes_to_use(line: CommandLine, model: str) -> str:
    """Translate until a model does it, and return what came of that."""
    numbers = itertools.count(1)

    def text() -> str | None:
        made, used = translated(line, f"{model.partition('@')[0]}-{next(numbers)}")
        return made if used == model else None

    return until(text, what=f"a translation by {model}", every=0.5)


def test_a_model_of_each_form_translates_and_takes_over_while_the_pipeline_runs(
    line: CommandLine, hub: Hub, tmp_path: Path
) -> None:
    text, model = translated(line, "first")
    assert model == f"opus-mt-de-en@{hub.repositories[CONVERTED].commit[:12]}"
    assert text.startswith("Good morning.")

    line.run("models", "use", READY)
    ready = f"opus-mt-de-en-ct2@{hub.repositories[READY].commit[:12]}"
    assert comes_to_use(line, ready).startswith("Good morning.")

    file = tmp_path / "translate-de_en.argosmodel"
    file.write_bytes(package({}, quick=False))
    said = line.run("models", "pull", str(file), "--use").stdout.decode()
    (argos,) = [word for word in said.split() if word.startswith("translate-de_en@")][:1]
    assert comes_to_use(line, argos)


def test_a_damaged_model_is_refused_and_the_old_one_goes_on(line: CommandLine, hub: Hub) -> None:
    line.run("models", "use", CONVERTED)
    good = f"opus-mt-de-en@{hub.repositories[CONVERTED].commit[:12]}"
    comes_to_use(line, good)
    files = files_of(MODELS / "de-en" / "ctranslate2")
    hub.repositories["somebody/broken-de-en"] = Repository(files | {"model.bin": files["model.bin"][:100_000]})
    assert "the model does not work, and was removed" in line.fails("models", "use", "hf:somebody/broken-de-en")
    assert translated(line, "after")[1] == good


@pytest.mark.parametrize("command", ["up", "demo"])
def test_a_model_that_cannot_be_had_is_said_before_anything_is_started(tmp_path: Path, command: str) -> None:
    line = CommandLine(tmp_path)
    assert "there is no model nothing" in line.fails(command, "--model", "nothing")
    assert not (tmp_path / "logs").exists()
