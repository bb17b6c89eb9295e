"""A model folder of what a timed training left (`trainer/timed.py`)."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from pipeline.errors import SetupError
from trainer import data as stored
from trainer import journal, packing, vocabulary
from trainer.files import sha256, write_whole
from trainer.guard import HeldOut, require_use
from trainer.job import Job, held
from trainer.plan import Plan, TestSet
from trainer.report import DataReport, checksum
from trainer.testsets import read_test


class _Report(msgspec.Struct):
    """What `report.json` has."""

    sha256: str
    vocabulary: str
    held_out: dict[str, float | None]
    plan: dict[str, Any]
    data: DataReport
    facts: dict[str, str | int | float]


def assemble(
    brought: Path, model: Path, out: Path, tests: Sequence[TestSet], threads: int, say: Callable[[str], None]
) -> Job:
    """Make a finished training in the folder `out` of the files in `brought`, and score it on test sets.

    `model`: the SentencePiece model it was trained with. Raises `SetupError`, also where the model does not use its source.
    """
    report = _read(brought)
    loss = HeldOut(report.held_out["loss"] or 0.0, report.held_out["use_of_source"])
    require_use(loss)
    if sha256(model) != report.vocabulary:
        raise SetupError(f"{model} is another vocabulary than the model was trained with; name that one")
    weights = packing.read(brought, report.sha256)
    try:
        plan = msgspec.convert({**report.plan, "tests": msgspec.to_builtins(list(tests))}, Plan)
    except msgspec.ValidationError as error:
        raise SetupError(f"{brought / packing.REPORT}: {error}") from None
    with held(out):
        job = Job(plan, out, threads, say)
        if job.model.exists():
            raise SetupError(f"{job.model} is there already; name another --out")
        sums = {test.name: checksum(read_test(test, plan.languages)) for test in plan.tests}
        data = replace(report.data, tests=sums)
        pieces = vocabulary.adopt(model, out)
        write_whole(out / stored.REPORT, msgspec.json.format(msgspec.json.encode(data), indent=1))
        for name, becomes in ((packing.HELD_OUT, stored.HELD_OUT), (journal.FILE, journal.FILE)):
            # Weights that were written before the end have no journal yet.
            if (brought / name).exists():
                shutil.copyfile(brought / name, out / becomes)
        _finish(job, weights, pieces, loss, report.facts)
    return job


def _finish(job: Job, weights: Any, pieces: vocabulary.Vocabulary, loss: HeldOut, facts: dict[str, Any]) -> None:
    import torch

    from trainer.network import SIZES, Marian

    torch.set_num_threads(job.threads)
    network = Marian(SIZES[job.plan.size], pieces, job.plan.dropout)
    tensors = {name: torch.from_numpy(value) for name, value in weights.items()}
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        raise SetupError(f"these are no weights of the size {job.plan.size} with this vocabulary ({error})") from None
    told = {
        "held-out loss": f"{loss.loss:.4f} (nats a token)",
        "use of its source": f"{loss.use_of_source} nats a token",
    }
    job.finish(network, tensors, {**facts, **told})


def _read(brought: Path) -> _Report:
    path = brought / packing.REPORT
    try:
        return msgspec.convert(json.loads(path.read_bytes()), _Report)
    except FileNotFoundError:
        raise SetupError(f"{path} is not there; {brought} must have all files that the training wrote") from None
    except (OSError, ValueError) as error:
        raise SetupError(f"{path}: {error}") from None
