"""The commands `satzstrom models …`."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import SetupError
from translator.models import providing, removal
from translator.models.comparing import bench
from translator.models.folder import DEFAULT, Model
from translator.models.inspecting import list_models, size_of, verify
from translator.models.narrowing import make_map
from translator.models.places import find_pulled
from translator.models.pulling import Wish, pull
from translator.models.recalibrating import calibrate
from translator.models.routes import Pair, parse_pair, select
from translator.models.showing import console, say, shown, table
from translator.models.sources import endpoint

app = typer.Typer(
    help="Translation models: find, bring, check, compare and choose them.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("list")(list_models)
app.command()(verify)
app.command()(bench)
app.command()(calibrate)
app.command("map")(make_map)

Models = Annotated[Path, typer.Option("--models", envvar="SATZSTROM_MODELS", help="Folder of the models.")]
Pairs = Annotated[str, typer.Option("--pairs", help="Pairs of languages to offer: de-fr,de-es.")]
Spec = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="hf:ORG/NAME[@REVISION], a folder, a file or address of an .argosmodel or .zip, or mlflow:/NAME@ALIAS.",
    ),
]


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
    rows = table("source", "licence", "fetched a month")
    for info in found:
        licence = next((tag.removeprefix("license:") for tag in info.tags or [] if tag.startswith("license:")), "-")
        rows.add_row(f"hf:{info.id}", licence, f"{info.downloads or 0:,}")
    console.print(rows)
    console.print("Bring one: satzstrom models pull SOURCE")


@app.command("pull")
def pull_command(
    spec: Spec,
    models: Models = DEFAULT,
    name: Annotated[str | None, typer.Option(help="Another name for it here.")] = None,
    pairs: Pairs = "",
    use: Annotated[bool, typer.Option("--use", help="Let its pairs use it at once.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep its own form too, for the transformers engine.")] = False,
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
        str,
        typer.Option(envvar="SATZSTROM_ENGINE", help="The engine that is to run them: ctranslate2 or transformers."),
    ] = "ctranslate2",
) -> None:
    """Bring those of a list that are missing, and let their pairs use them: for images, and before translators start."""

    def pulled(spec: str, folder: Path, wish: Wish, say: Callable[[str], None]) -> Model:
        with shown() as tell:
            return pull(spec, folder, wish, say, tell)

    providing.provide(sources, models, say, engine, pulled)


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
def use(
    model: Annotated[
        str,
        typer.Argument(help="Its id, NAME@REVISION; its name if there is one revision; or a source to bring it from."),
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
    with shown() as tell:
        return pull(spec, models, wish, say, tell)


def _use(models: Path, model: str, pair: Pair | None) -> None:
    for source, target in select(models, model, pair):
        console.print(f"{source}-{target} uses {model} now.", markup=False)


def _describe(model: Model) -> None:
    origin = model.description.origin
    pairs = ", ".join(f"{one.source}-{one.target}" for one in model.offered)
    console.print(f"[bold]{model.id}[/] translates {pairs}; {size_of(model) / 1e6:,.0f} MB in {model.folder}")
    if origin is not None:
        licence = origin.licence or "not said by its source: read its card before you use it for others"
        console.print(f"  from     {origin.source} at {origin.revision}\n  licence  {licence}", markup=False)


def _pairs(text: str) -> tuple[Pair, ...]:
    try:
        return tuple(parse_pair(one) for one in text.replace(" ", "").split(",") if one)
    except ValueError as error:
        raise SetupError(f"--pairs: {error}") from None
