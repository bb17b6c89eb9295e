"""A whole training: data, steps, model folder. Each part is done once; begun again, it goes on where it was."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from pipeline.errors import SetupError
from trainer import data as stored
from trainer import vocabulary
from trainer.card import card
from trainer.evaluation import Score
from trainer.files import write_whole
from trainer.journal import Listener
from trainer.pairs import Pair
from trainer.plan import Plan, keep
from trainer.report import DataReport
from trainer.testsets import read_test
from trainer.vocabulary import Vocabulary
from translator.models.checksums import sums

MODEL, SCORES = "model", "scores.json"
# Of the tokens that training saw, so many are in sentences that are translated well.
_WELL = 0.75


class Job:
    """A training in its folder. All methods raise `SetupError`."""

    def __init__(self, plan: Plan, folder: Path, threads: int, say: Callable[[str], None]) -> None:
        self.plan, self.folder, self.threads, self._say = plan, folder, threads, say
        keep(plan, folder)

    @property
    def model(self) -> Path:
        """The folder of the finished model."""
        return self.folder / MODEL

    def prepare(self, paths: Sequence[Path]) -> DataReport:
        """Read and clean the data, and make the vocabulary, unless that was done before."""
        if (self.folder / stored.REPORT).exists():
            return stored.read_report(self.folder)
        self._say("reading and cleaning the data")
        chosen = stored.choose(self.plan, paths, self._say)
        return stored.store(self.plan, chosen, self._vocabulary(chosen.training), self.folder)

    def train(self, listeners: Sequence[Listener], stop: Callable[[], bool]) -> bool:
        """Train, on from the last checkpoint; return whether it came to its end. The finished model is written then."""
        if self.model.exists():
            return True
        import torch

        from trainer import export, machine
        from trainer.network import SIZES
        from trainer.training import Training

        torch.set_num_threads(self.threads)
        machine.keep_memory()
        init = Path(self.plan.init) if self.plan.init else None
        shape = export.shape_of(init) if init else SIZES[self.plan.size]
        pieces = vocabulary.load(self.folder)
        model = export.begun(shape, pieces, self.plan.dropout, self.plan.seed, init)
        training = Training(self.plan.recipe, self.folder, model, stored.read_tokens(self.folder), listeners)
        device = machine.name_of(machine.chosen_device())
        millions = sum(parameter.numel() for parameter in model.parameters()) / 1e6
        self._say(f"{millions:.1f} million parameters on {device}, from step {training.place.step}")
        if not training.run(stop):
            return False
        weights, held_out, which = training.result()
        facts = {
            "parameters": f"{millions:.1f} million",
            "device": device,
            "steps": training.place.step,
            "epochs": round(training.epochs, 2),
            "hours": round(training.place.seconds / 3600, 2),
            "held-out loss": f"{held_out.loss:.4f} (nats a token), {which}",
            "use of its source": _use(held_out.use_of_source),
        }
        self.finish(model, weights, facts)
        return True

    def finish(self, model: Any, weights: dict[str, Any], facts: Mapping[str, object]) -> None:
        """Write the folder of a finished model: both forms, figures, card."""
        from trainer import export

        with _unfinished(self.model) as folder:
            export.write(folder / "hf", model, weights, self.plan.languages, self.folder)
            self._finish(folder, facts)

    def _vocabulary(self, pairs: Sequence[Pair]) -> Vocabulary:
        if self.plan.init:
            for name in vocabulary.FILES:
                try:
                    shutil.copyfile(Path(self.plan.init) / name, self.folder / name)
                except OSError as error:
                    raise SetupError(f"--init {self.plan.init}: {name}: {error.strerror}") from None
            return vocabulary.load(self.folder)
        sources, targets = ([pair[side] for pair in pairs] for side in (0, 1))
        return vocabulary.make(sources, targets, self.plan.pieces, self.folder, self.threads)

    def _finish(self, folder: Path, facts: Mapping[str, object]) -> None:
        from translator.models.convert import convert

        self._say("converting and scoring the model")
        convert(folder / "hf", folder / "ctranslate2", [(self.plan.source, self.plan.target)])
        scores = self._scores(folder / "ctranslate2")
        text = card(self.plan, stored.read_report(self.folder), scores, facts)
        (folder / "README.md").write_text(text, encoding="utf-8")
        shutil.copyfile(self.folder / stored.REPORT, folder / stored.REPORT)
        (folder / SCORES).write_bytes(msgspec.json.format(msgspec.json.encode(scores), indent=1))
        description = {
            "name": self.plan.name,
            "revision": self.plan.revision,
            "source": self.plan.source,
            "target": self.plan.target,
            "max_tokens": max(16, int(self.plan.longest * _WELL)),
            "ctranslate2": "ctranslate2",
            "transformers": "hf",
            "files": sums(folder),
        }
        write_whole(folder / "model.json", msgspec.json.format(msgspec.json.encode(description), indent=2))
        self._calibrate(folder)

    def _calibrate(self, folder: Path) -> None:
        """Let confidence be the model's own: pairs that it never saw are there."""
        from translator.calibrating import calibrated, write
        from translator.models.folder import read

        model = read(folder / "model.json")
        try:
            write(model, calibrated(model, [str(self.folder / stored.HELD_OUT)], None)[0])
        except SetupError as error:
            self._say(f"its confidence goes by the general calibration: {error} (satzstrom models calibrate)")

    def _scores(self, model: Path) -> dict[str, Score]:
        from trainer.evaluation import evaluate

        languages = self.plan.languages
        sets = {test.name: read_test(test, languages) for test in self.plan.tests}
        if not sets:
            lines = (self.folder / stored.HELD_OUT).read_text(encoding="utf-8").split("\n")[:-1]
            sets = {
                "held-out": [
                    Pair(source, target, "held-out") for source, target in (line.split("\t") for line in lines)
                ]
            }
        return {name: evaluate(model, pairs, self.threads) for name, pairs in sets.items()}


def _use(nats: float | None) -> str:
    return "not measured" if nats is None else f"exchanging sources makes the loss {nats:.2f} nats a token higher"


def read_scores(model: Path) -> dict[str, Score]:
    """Return the figures of a model folder. Raises `SetupError`."""
    try:
        return msgspec.json.decode((model / SCORES).read_bytes(), type=dict[str, Score])
    except (OSError, msgspec.DecodeError) as error:
        raise SetupError(f"{model / SCORES}: {error}") from None


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep other processes out of a training's folder, which is made. Raises `SetupError` if one is in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise SetupError(f"{folder} cannot be written ({error.strerror}); name another --out") from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SetupError(f"another process trains in {folder}; wait for it, or name another --out") from None
        yield
    finally:
        os.close(lock)


@contextmanager
def _unfinished(final: Path) -> Iterator[Path]:
    """Give a folder that gets its name when all is in it."""
    folder = final.with_name(f".{final.name}")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir()
        yield folder
        folder.rename(final)
    except OSError as error:
        raise SetupError(f"{final} cannot be written ({error})") from error
