"""The command `satzstrom models bench`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.progress import Progress

from pipeline.errors import SetupError
from translator.models import benching
from translator.models.benching import Score, TestSet
from translator.models.folder import DEFAULT, Model, paths_in, read
from translator.models.places import in_use
from translator.models.routes import Pair, parse_pair
from translator.models.showing import console, table


def bench(  # noqa: PLR0913, PLR0917 (each is an option of the command)
    names: Annotated[list[str] | None, typer.Argument(metavar="[MODEL]...", help="Models, by name or id.")] = None,
    models: Annotated[
        Path, typer.Option("--models", envvar="SATZSTROM_MODELS", help="Folder of the models.")
    ] = DEFAULT,
    pair: Annotated[str, typer.Option(help="Languages (default: the first pair of the first model).")] = "",
    test: Annotated[Path | None, typer.Option(help="Test set: a sentence, a tab and its translation a line.")] = None,
    source: Annotated[Path | None, typer.Option(help="Or sentences, one a line,")] = None,
    reference: Annotated[Path | None, typer.Option(help="and their translations, one a line.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many sentences of it.")] = None,
    engine: Annotated[str, typer.Option(help="ctranslate2 or transformers.")] = "ctranslate2",
    threads: Annotated[int, typer.Option(min=1, help="CPU threads (default: all cores).")] = len(
        os.sched_getaffinity(0)
    ),
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Measure models on a test set, beside the one in use: sentences a second, BLEU, chrF."""
    chosen = [find(models, name, engine) for name in names or []]
    languages = _pair(pair, chosen)
    current = in_use(models, languages, engine)
    if current is not None and current.id not in [model.id for model in chosen]:
        chosen.append(current)
    if not chosen:
        raise SetupError(f"no model in {models} translates {languages[0]}-{languages[1]}")
    found = _test_set(languages, test, source, reference)
    found = TestSet(found.name, found.sources[:limit], found.references[:limit])
    scores = [_measure(model, languages, found, engine, threads, quiet=json) for model in chosen]
    if json:
        rows = [msgspec.to_builtins(score) | {"rate": score.rate, "test": found.name} for score in scores]
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(rows)).decode() + "\n")
        return
    _show(scores, found, current)


def _measure(model: Model, pair: Pair, test: TestSet, engine: str, threads: int, *, quiet: bool) -> Score:
    with Progress(console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        task = progress.add_task(model.id, total=len(test.sources))
        return benching.bench(model, pair, test, engine, threads, lambda done: progress.update(task, completed=done))


def _show(scores: list[Score], test: TestSet, current: Model | None) -> None:
    rows = table("model", "BLEU", "chrF", "sentences/s", "to check", "")
    for score in scores:
        rows.add_row(
            score.model,
            f"{score.bleu:.1f}",
            f"{score.chrf:.1f}",
            f"{score.rate:.0f}",
            str(score.suspect),
            "in use" if current is not None and score.model == current.id else "",
        )
    console.print(rows)
    first = scores[0]
    console.print(
        f"{first.sentences} sentences of {test.name}; {first.engine} on {first.device}\n{first.signatures[0]}\n"
        f"{first.signatures[1]}",
        markup=False,
    )
    if first.sentences < 500:
        console.print("So few sentences tell good from bad, not better from good: take 1,000 or more for that.")


def _test_set(pair: Pair, test: Path | None, source: Path | None, reference: Path | None) -> TestSet:
    if (source is None) != (reference is None) or (test is not None and source is not None):
        raise SetupError("name either --test, or --source together with --reference")
    if source is not None and reference is not None:
        return benching.read_two(source, reference)
    return benching.own_set(pair) if test is None else benching.read_tsv(test)


def find(models: Path, name: str, engine: str) -> Model:
    """Return the one model of a name or an id that an engine can run. Raises `SetupError`."""
    found = [model for path in paths_in(models) if name in ((model := read(path)).id, model.description.name)]
    if not found:
        raise SetupError(f"there is no model {name} in {models}; 'satzstrom models list' names them")
    if len(found) > 1:
        raise SetupError(f"{name} is there in several revisions; say which: {', '.join(model.id for model in found)}")
    if engine not in found[0].folders:
        raise SetupError(f"{found[0].id} has no form for the engine {engine}, but for {', '.join(found[0].folders)}")
    return found[0]


def _pair(text: str, chosen: list[Model]) -> Pair:
    if text:
        try:
            return parse_pair(text)
        except ValueError as error:
            raise SetupError(f"--pair: {error}") from None
    if not chosen:
        raise SetupError("name a model, or a pair of languages with --pair")
    return chosen[0].offered[0].source, chosen[0].offered[0].target
