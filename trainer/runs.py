"""A training's run on an MLflow server, which may be away at times: what it is to know is sent when it is back."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from pipeline.errors import SetupError, UnavailableError
from pipeline.version import VERSION
from trainer import journal
from trainer.evaluation import Score
from trainer.files import write_whole
from trainer.journal import Check, Entry
from trainer.plan import Plan
from trainer.registry import Registry
from trainer.report import DataReport

FILE = "mlflow.json"


class _State(Struct):
    """What the server knows already."""

    uri: str
    run: str
    step: int = 0
    """Entries up to this step were sent."""
    sent: bool = False
    """Whether the model was."""
    version: str | None = None


class Run:
    """Tells a server how a training in a folder goes, and registers its model in the end."""

    def __init__(
        self, registry: Registry, folder: Path, plan: Plan, data: DataReport, say: Callable[[str], None]
    ) -> None:
        """Go on with the run that was begun, or begin one. Raises `SetupError` and `UnavailableError`."""
        self._registry, self._folder, self._plan, self._data, self._say = registry, folder, plan, data, say
        state = _read(folder)
        if state is None or state.uri != registry.uri:
            run = registry.begin(f"{plan.name}@{plan.revision}", _parameters(plan, data), _tags(data))
            state = _State(registry.uri, run)
        self._state = state
        self._keep()

    def told(self, entry: Entry) -> None:
        """After each check send what the server does not know yet; that it is away is no reason to end a training."""
        if isinstance(entry, Check):
            try:
                self._catch_up()
            except (SetupError, UnavailableError) as error:
                self._say(f"{error}; the training goes on, and this is sent later")

    def finish(self, model: Path, scores: Mapping[str, Score]) -> str:
        """Send the model and register it, unless that was done, and return its version.

        Raises `SetupError` and `UnavailableError`; it can be repeated.
        """
        self._catch_up()
        if not self._state.sent:
            self._registry.finish(self._state.run, model, scores)
            self._state.sent = True
            self._keep()
        if self._state.version is None:
            card = (model / "README.md").read_text(encoding="utf-8")
            tags = {**_tags(self._data), **score_tags(scores, self._data)}
            self._state.version = self._registry.register(self._state.run, self._plan.name, tags, card)
            self._keep()
        return self._state.version

    def _catch_up(self) -> None:
        new = [entry for entry in journal.read(self._folder) if entry.step > self._state.step]
        if new:
            self._registry.tell(self._state.run, new, int(time.time() * 1000))
            self._state.step = new[-1].step
            self._keep()

    def _keep(self) -> None:
        write_whole(self._folder / FILE, msgspec.json.encode(self._state))


def score_tags(scores: Mapping[str, Score], data: DataReport) -> dict[str, str]:
    """Return the figures of a model as tags of its version: with what is needed to compare them with another's."""
    tags: dict[str, str] = {}
    for name, score in scores.items():
        tags[f"{name}.bleu"], tags[f"{name}.chrf"] = f"{score.bleu:.2f}", f"{score.chrf:.2f}"
        tags[f"{name}.bleu.signature"], tags[f"{name}.chrf.signature"] = score.bleu_signature, score.chrf_signature
        # Held-out pairs are others in each training.
        tags[f"{name}.sha256"] = data.tests.get(name, f"held out of {data.checksum}")
    return tags


def _read(folder: Path) -> _State | None:
    path = folder / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=_State)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise SetupError(f"{path}: {error}; remove it, and another run is begun on the server") from None


def _tags(data: DataReport) -> dict[str, str]:
    licences = sorted({part.licence for part in data.parts.values()})
    return {
        "satzstrom": VERSION,
        "data.sha256": data.checksum,
        "data.pairs": str(data.pairs),
        "data.licences": "; ".join(licences)[:4000],
    }


def _parameters(plan: Plan, data: DataReport) -> dict[str, str]:
    fields = msgspec.to_builtins(plan)
    simple = {
        name: str(value) for name, value in fields.items() if value is None or isinstance(value, str | int | float)
    }
    licences = {name: f"{part.licence} ({part.pairs} pairs)" for name, part in data.parts.items()}
    return {**simple, "data.sha256": data.checksum, "data.licences": msgspec.json.encode(licences).decode()}
