"""The commands: satzstrom train, and beside it curve and promote."""

import os
import time
from pathlib import Path
from typing import Annotated, Any, Literal

import click
import msgspec
import typer

from pipeline import languages
from pipeline.errors import SetupError, UnavailableError
from trainer import journal
from trainer.assembling import assemble
from trainer.evaluation import Score
from trainer.files import sha256
from trainer.interruption import Interruption
from trainer.job import Job, held, read_scores
from trainer.parts import read_parts
from trainer.plan import Plan
from trainer.progress import Watcher, curve
from trainer.promoting import Rule, promote
from trainer.recipe import BATCHES, RATES
from trainer.registry import Registry
from trainer.runs import Run
from trainer.testsets import parse

_EPOCHS = 20.0
_CORES = os.cpu_count() or 1
_RATE_FROM_MODEL = 1e-4

Server = Annotated[
    str | None, typer.Option("--mlflow", envvar="MLFLOW_TRACKING_URI", help="Address of an MLflow server.")
]
Tests = Annotated[list[str], typer.Option(help="NAME=PAIRS.tsv or NAME=SOURCES:TRANSLATIONS, never trained on.")]
Threads = Annotated[int, typer.Option(help="CPU threads.")]
Metric = Annotated[Literal["bleu", "chrf"], typer.Option(help="The figure that has to be higher.")]

commands = typer.Typer(help="Train a translation model from pairs of sentences.", invoke_without_command=True)


def say(text: str) -> None:
    """Tell the user something on standard error."""
    typer.echo(text, err=True)


@commands.callback()
def train(  # noqa: PLR0913, PLR0917 (each is an option)
    context: typer.Context,
    data: Annotated[list[Path], typer.Option(help="Pairs: .tsv or .tmx, also .gz and .xz; several times.")] = [],  # noqa: B006 (typer copies it)
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Folder of the training; it goes on where it was.")
    ] = None,
    source: Annotated[str, typer.Option(help="Language to translate from.")] = "de",
    target: Annotated[str, typer.Option(help="Language to translate to.")] = "en",
    name: Annotated[str | None, typer.Option(help="Name of the model (default: de-en and so on).")] = None,
    revision: Annotated[str, typer.Option(help="Its revision.")] = "1",
    size: Annotated[Literal["tiny", "base"], typer.Option(help="7 or 36 million parameters.")] = "tiny",
    pieces: Annotated[int | None, typer.Option(help="Size of the vocabulary (tiny: 8000, base: 16000).")] = None,
    init: Annotated[Path | None, typer.Option(help="A MarianMT model in Hugging Face's form to begin with.")] = None,
    test: Tests = [],  # noqa: B006 (as above)
    parts: Annotated[Path | None, typer.Option(help="Table: part, licence, weight.")] = None,
    licence: Annotated[str, typer.Option(help="Licence of what the table does not name.")] = "not stated",
    epochs: Annotated[
        float | None, typer.Option(help="End after so many times through the data (default: 20).")
    ] = None,
    steps: Annotated[int | None, typer.Option(help="End after so many steps.")] = None,
    hours: Annotated[float | None, typer.Option(help="End after so much time.")] = None,
    patience: Annotated[int, typer.Option(help="End after so many checks without a lower held-out loss.")] = 10,
    check_every: Annotated[int, typer.Option(help="Steps between checks, each with a checkpoint.")] = 500,
    report_every: Annotated[int, typer.Option(help="Steps between entries of the journal.")] = 20,
    average: Annotated[int, typer.Option(help="Checkpoints that the model is the mean of.")] = 5,
    batch: Annotated[int | None, typer.Option(help="Tokens a step (4,000 on a CPU, 40,000 on a GPU).")] = None,
    rate: Annotated[
        float | None, typer.Option(help="Learning rate (tiny: 0.001, base: 0.0003, with --init: 0.0001).")
    ] = None,
    longest: Annotated[int, typer.Option(help="Longest sentence in tokens.")] = 160,
    check_languages: Annotated[bool, typer.Option(help="Leave out pairs in other languages.")] = True,
    seed: Annotated[int, typer.Option(help="Another number gives another order and other first weights.")] = 1,
    threads: Threads = _CORES,
    mlflow: Server = None,
    promote_to: Annotated[str | None, typer.Option("--promote", help="Alias to move if the model is better.")] = None,
    margin: Annotated[float, typer.Option(help="By how much it has to be better for that.")] = 0.3,
    metric: Metric = "bleu",
) -> None:
    """Train a model, score it, and register it where an MLflow server is named.

    The same command goes on after an interruption of any kind. Afterwards OUT/model is a model as translators load it:
    satzstrom models pull OUT/model.
    """
    if context.invoked_subcommand is not None:
        return
    if not data or out is None:
        raise SetupError(
            "name the pairs and a folder: satzstrom train --data pairs.tsv --out my-training (--help has the rest)"
        )
    if promote_to is not None and not mlflow:
        raise SetupError("--promote needs an MLflow server: --mlflow http://HOST:PORT, or MLFLOW_TRACKING_URI")
    gpu = _has_gpu()
    registry = Registry(mlflow) if mlflow else None
    plan = _plan(
        source=languages.check(source),
        target=languages.check(target),
        name=name or f"{source}-{target}",
        revision=revision,
        data=_checksums(data),
        parts=read_parts(parts) if parts else {},
        licence=licence,
        init=str(init) if init else None,
        size=size,
        pieces=pieces or {"tiny": 8000, "base": 16_000}[size],
        batch=batch or BATCHES["cuda" if gpu else "cpu"],
        rate=rate or (_RATE_FROM_MODEL if init else RATES[size]),
        longest=longest,
        check_every=check_every,
        report_every=report_every,
        average=average,
        check_languages=check_languages,
        seed=seed,
        steps=steps,
        epochs=epochs or (None if steps or hours else _EPOCHS),
        seconds=hours * 3600 if hours else None,
        patience=patience,
        tests=[parse(one) for one in test],
    )
    rule = Rule(metric, margin)
    with held(out):
        _train(Job(plan, out, threads, say), data, registry, promote_to, rule)


def _train(job: Job, data: list[Path], registry: Registry | None, alias: str | None, rule: Rule) -> None:
    report = job.prepare(data)
    left_out = ", ".join(f"{reason} {count:,}" for reason, count in report.dropped.items()) or "none"
    say(f"{report.pairs:,} pairs to train on, {report.held_out:,} held out; left out: {left_out}")
    run = Run(registry, job.folder, job.plan, report, say) if registry else None
    with Interruption() as interrupted, Watcher(job.plan.limits) as watcher:
        finished = job.train([watcher, *([run] if run else [])], interrupted)
    if not finished:
        say(f"interrupted; nothing is lost: the same command goes on ({job.folder})")
        raise typer.Exit(130)
    say(curve(journal.read(job.folder)))
    scores = _say_scores(job)
    typer.echo(job.model)
    if run and registry:
        try:
            version = run.finish(job.model, scores)
        except (SetupError, UnavailableError):
            say(f"the model is finished ({job.model}), but not registered; the same command registers it")
            raise
        say(f"registered on {registry.uri} as mlflow:/{job.plan.name}/{version}")
        if alias:
            say(promote(registry, job.plan.name, version, alias, rule))


def _say_scores(job: Job) -> dict[str, Score]:
    scores = read_scores(job.model)
    for name, score in scores.items():
        say(f"{name}: BLEU {score.bleu:.1f}, chrF {score.chrf:.1f} ({score.sentences:,} sentences)")
    return scores


@commands.command("curve")
def show_curve(
    out: Annotated[Path, typer.Argument(help="Folder of the training.")],
    follow: Annotated[bool, typer.Option(help="Draw it again every two seconds, until Ctrl-C.")] = False,
) -> None:
    """Draw the losses of a training so far."""
    while True:
        drawn = curve(journal.read(out))
        if not follow:
            typer.echo(drawn)
            return
        click.clear()
        typer.echo(drawn)
        time.sleep(2)


@commands.command("assemble")
def assemble_model(
    brought: Annotated[Path, typer.Argument(help="Folder of the files that python3 -m trainer.timed wrote.")],
    vocabulary: Annotated[Path, typer.Option(help="The SentencePiece model it was trained with.")],
    out: Annotated[
        Path, typer.Option("-o", "--out", help="Folder of the finished training; the model is in OUT/model.")
    ],
    test: Tests = [],  # noqa: B006 (typer copies it)
    threads: Threads = _CORES,
) -> None:
    """Make a model of what a timed training on another machine wrote, and score it."""
    job = assemble(brought, vocabulary, out, [parse(one) for one in test], threads, say)
    _say_scores(job)
    typer.echo(job.model)


@commands.command("promote")
def promote_version(
    name: Annotated[str, typer.Argument(help="Name of the registered model.")],
    version: Annotated[str, typer.Argument(help="Its version.")],
    alias: Annotated[str, typer.Option(help="What shall stand for it.")],
    margin: Annotated[
        float | None, typer.Option(help="Only if it is better by so much (default: in any case).")
    ] = None,
    metric: Metric = "bleu",
    mlflow: Server = None,
) -> None:
    """Let an alias stand for a version of a registered model."""
    if not mlflow:
        raise SetupError("say where the MLflow server is: --mlflow http://HOST:PORT, or MLFLOW_TRACKING_URI")
    typer.echo(promote(Registry(mlflow), name, version, alias, None if margin is None else Rule(metric, margin)))


def _plan(**fields: Any) -> Plan:
    try:
        # As from a file, so that what a field may be is checked.
        return msgspec.convert(msgspec.to_builtins(fields), Plan)
    except msgspec.ValidationError as error:
        raise SetupError(f"bad settings: {error}") from None


def _checksums(paths: list[Path]) -> dict[str, str]:
    found = {path.name: sha256(path) for path in paths}
    if len(found) < len(paths):
        raise SetupError(
            "two files of data have the same name; name them differently, so that the card tells them apart"
        )
    return found


def _has_gpu() -> bool:
    try:
        import torch
    except ImportError:
        raise SetupError("training is not installed: pip install --require-hashes -r requirements/train.txt") from None
    return bool(torch.cuda.is_available())
