"""The commands `satzstrom models …`."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table

from pipeline.errors import SetupError
from translator.models import providing, removal
from translator.models.checksums import damaged
from translator.models.comparing import bench
from translator.models.folder import DEFAULT, Model, paths_in, read
from translator.models.pulling import Wish, find_pulled, incomplete, pull
from translator.models.recalibrating import calibrate
from translator.models.routes import Pair, parse_pair, read_routes, select
from translator.models.sources import endpoint

_BETWEEN_LINES = 10.0

console = Console(highlight=False, soft_wrap=True)
app = typer.Typer(
    help="Translation models: find, bring, check, compare and choose them.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command()(bench)
app.command()(calibrate)

Models = Annotated[Path, typer.Option("--models", envvar="SATZSTROM_MODELS", help="Folder of the models.")]
Pairs = Annotated[str, typer.Option("--pairs", help="Pairs of languages to offer: de-fr,de-es.")]
Spec = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="hf:ORG/NAME[@REVISION], a folder, a file or address of an .argosmodel or .zip, or mlflow:/NAME@ALIAS.",
    ),
]


@app.command("list")
def list_models(models: Models = DEFAULT, json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Show the models that are here, and which pairs of languages use them."""
    found, broken = _all(models)
    used = _uses(models, found)
    if json:
        rows = [
            msgspec.to_builtins(model.description) | {"id": model.id, "used_for": used.get(model.id, []), "bytes": _size(model)}
            for model in found
        ]
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(rows)).decode() + "\n")
        return
    table = Table("model", "pairs", "engines", "MB", "licence", "from", "in use for", box=None)
    for model in found:
        origin = model.description.origin
        pairs = [f"{one.source}-{one.target}" for one in model.offered]
        table.add_row(
            model.id,
            ", ".join(pairs[:4]) + (", …" if len(pairs) > 4 else ""),
            ", ".join(model.folders),
            f"{_size(model) / 1e6:,.0f}",
            (origin.licence if origin else None) or "-",
            origin.source if origin else "-",
            ", ".join(used.get(model.id, [])),
        )
    if found:
        console.print(table)
    else:
        console.print(f"No model in {models}; find one with 'satzstrom models search', bring it with 'satzstrom models pull'.", markup=False)
    for path, error in broken:
        console.print(f"{path.parent.name}: {error}", markup=False)
    for path in incomplete(models):
        console.print(f"{path.name} is not complete: pull the model again to go on, or remove it", markup=False)


@app.command()
def search(
    words: Annotated[str, typer.Argument(help="What the name has: opus-mt-de, nllb, madlad.")],
    limit: Annotated[int, typer.Option(min=1, max=100)] = 20,
) -> None:
    """Find translation models on the Hugging Face hub, those that are fetched most first."""
    from translator.models import hub

    found = hub.search(words, limit)
    if not found:
        console.print(f"No translation model on {endpoint()} has {words!r} in its name.", markup=False)
        return
    table = Table("source", "licence", "fetched a month", box=None)
    for info in found:
        licence = next((tag.removeprefix("license:") for tag in info.tags or [] if tag.startswith("license:")), "-")
        table.add_row(f"hf:{info.id}", licence, f"{info.downloads or 0:,}")
    console.print(table)
    console.print("Bring one: satzstrom models pull SOURCE")


@app.command("pull")
def pull_command(
    spec: Spec,
    models: Models = DEFAULT,
    name: Annotated[str | None, typer.Option(help="Another name for it here.")] = None,
    pairs: Pairs = "",
    use: Annotated[bool, typer.Option("--use", help="Let its pairs use it at once.")] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep its own form too, for the transformers engine.")
    ] = False,
) -> None:
    """Bring a model here, in the form that the engine runs; what broke off goes on where it was."""
    model = _pull(spec, models, Wish(name, _pairs(pairs), keep))
    _describe(model)
    if use:
        _use(models, model.id, None)
    else:
        console.print(f"Let translators use it: satzstrom models use {model.id}", markup=False)


@app.command()
def provide(
    sources: Annotated[
        str, typer.Argument(envvar="SATZSTROM_MODEL_SOURCES", help="Sources, separated by commas or white space.")
    ],
    models: Models = DEFAULT,
    engine: Annotated[
        str, typer.Option(envvar="SATZSTROM_ENGINE", help="The engine that is to run them: ctranslate2 or transformers.")
    ] = "ctranslate2",
) -> None:
    """Bring those of a list that are missing, and let their pairs use them: for images, and before translators start."""

    def pulled(spec: str, folder: Path, wish: Wish, say: Callable[[str], None]) -> Model:
        with _bar() as tell:
            return pull(spec, folder, wish, say, tell)

    providing.provide(sources, models, _say, engine, pulled)


@app.command()
def convert(
    folder: Annotated[Path, typer.Argument(help="A model in Hugging Face's, Marian's or Argos' form.", exists=True)],
    models: Models = DEFAULT,
    name: Annotated[str | None, typer.Option(help="Its name here.")] = None,
    pairs: Pairs = "",
) -> None:
    """Make a model that lies on this machine one that the engine runs; the original stays as it is."""
    _describe(_pull(str(folder.absolute()), models, Wish(name, _pairs(pairs))))


@app.command()
def verify(
    names: Annotated[list[str] | None, typer.Argument(metavar="[MODEL]...", help="Models; without: all.")] = None,
    models: Models = DEFAULT,
) -> None:
    """Compare every file of models with the checksums that were written down when they came. Exit status 1 if one differs."""
    broken = 0
    paths = paths_in(models)
    chosen = [path for path in paths if not names or _is_named(path, names)]
    if missing := [name for name in names or [] if not any(_is_named(path, [name]) for path in paths)]:
        raise SetupError(f"there is no model {', '.join(missing)} in {models}; 'satzstrom models list' names them")
    for path in chosen:
        try:
            model = read(path)
            wrong = damaged(model)
        except SetupError as error:
            console.print(f"[red]damaged[/]  {path.parent.name}", end=": ")
            console.print(str(error), markup=False)
            broken += 1
            continue
        if wrong:
            origin = model.description.origin
            console.print(f"[red]damaged[/]  {model.id}: {', '.join(wrong)} differs", end="; ")
            console.print(
                f"get it again: satzstrom models pull '{origin.again}'" if origin else "copy its folder anew", markup=False
            )
            broken += 1
        elif model.description.files:
            console.print(f"[green]as it was[/]  {model.id} ({len(model.description.files)} files)")
        else:
            console.print(f"[yellow]unknown[/]  {model.id}: its model.json has no checksums")
    if broken:
        raise typer.Exit(1)


@app.command()
def use(
    model: Annotated[
        str, typer.Argument(help="Its id, NAME@REVISION; its name if there is one revision; or a source to bring it from.")
    ],
    models: Models = DEFAULT,
    pair: Annotated[str, typer.Option(help="For this pair of languages only: de-en.")] = "",
) -> None:
    """Let pairs of languages use a model from now on; translators that run load it beside the old one and change over."""
    if "/" in model or ":" in model:
        found = find_pulled(model, models) or _pull(model, models, Wish())
        model = found.id
    _use(models, model, _pairs(pair)[0] if pair else None)


@app.command()
def remove(
    model: Annotated[str, typer.Argument(help="Its id, its name, or what an attempt that broke off has left.")],
    models: Models = DEFAULT,
    force: Annotated[bool, typer.Option("--force", help="Also if pairs use it; they use the next one then.")] = False,
) -> None:
    """Remove a model from this machine."""
    freed = removal.remove(models, model, force=force)
    console.print(f"Removed {model} ({freed / 1e6:,.0f} MB).", markup=False)


def _pull(spec: str, models: Path, wish: Wish) -> Model:
    with _bar() as tell:
        return pull(spec, models, wish, _say, tell)


def _say(message: str) -> None:
    console.print(message, markup=False)


@contextmanager
def _bar() -> Iterator[Callable[[int, int | None], None]]:
    """Show bytes as a bar, or where nobody looks as a line now and then."""
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (TextColumn("  "), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Bar(progress)


class _Lines:
    """Says every ten seconds how many bytes are there, for logs."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _BETWEEN_LINES

    def __call__(self, done: int, total: int | None) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _BETWEEN_LINES
            _say(f"{done / 1e6:,.0f} MB{f' of {total / 1e6:,.0f} MB' if total else ''}")


class _Bar:
    """Shows bytes as a bar, from the first ones on."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None, visible=False)

    def __call__(self, done: int, total: int | None) -> None:
        self._progress.update(self._task, completed=done, total=total, visible=True)


def _use(models: Path, model: str, pair: Pair | None) -> None:
    for source, target in select(models, model, pair):
        console.print(f"{source}-{target} uses {model} now.", markup=False)


def _describe(model: Model) -> None:
    origin = model.description.origin
    pairs = ", ".join(f"{one.source}-{one.target}" for one in model.offered)
    console.print(f"[bold]{model.id}[/] translates {pairs}; {_size(model) / 1e6:,.0f} MB in {model.folder}")
    if origin is not None:
        licence = origin.licence or "not said by its source: read its card before you use it for others"
        console.print(f"  from     {origin.source} at {origin.revision}\n  licence  {licence}", markup=False)


def _all(models: Path) -> tuple[list[Model], list[tuple[Path, SetupError]]]:
    found, broken = [], []
    for path in paths_in(models):
        try:
            found.append(read(path))
        except SetupError as error:
            broken.append((path, error))
    return found, broken


def _uses(models: Path, found: list[Model]) -> dict[str, list[str]]:
    """Return the pairs that use each model, by its id: as the table says, or because it is the first that has them."""
    routes = read_routes(models)
    uses = dict(routes.table)
    for model in found:
        for one in model.offered:
            if routes.model(one.source, one.target) is None:
                uses.setdefault((one.source, one.target), model.id)
    used: dict[str, list[str]] = {}
    for (source, target), name in uses.items():
        used.setdefault(name, []).append(f"{source}-{target}")
    return used


def _is_named(path: Path, names: list[str]) -> bool:
    folder = path.parent.name
    return any(name in (folder, folder.partition("@")[0]) for name in names)


def _pairs(text: str) -> tuple[Pair, ...]:
    try:
        return tuple(parse_pair(one) for one in text.replace(" ", "").split(",") if one)
    except ValueError as error:
        raise SetupError(f"--pairs: {error}") from None


def _size(model: Model) -> int:
    return sum(path.stat().st_size for path in model.folder.rglob("*") if path.is_file())
