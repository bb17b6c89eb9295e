"""The commands `satzstrom models list` and `verify`."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from pipeline.errors import SetupError
from translator.models.checksums import damaged
from translator.models.folder import DEFAULT, Model, paths_in, read
from translator.models.places import incomplete
from translator.models.routes import read_routes
from translator.models.showing import console, table

Models = Annotated[Path, typer.Option("--models", envvar="SATZSTROM_MODELS", help="Folder of the models.")]


def list_models(
    models: Models = DEFAULT, json: Annotated[bool, typer.Option("--json", help="For programs.")] = False
) -> None:
    """Show the models that are here, and which pairs of languages use them."""
    found, broken = _all(models)
    used = _uses(models, found)
    if json:
        told = [
            msgspec.to_builtins(model.description)
            | {"id": model.id, "used_for": used.get(model.id, []), "bytes": size_of(model)}
            for model in found
        ]
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(told)).decode() + "\n")
        return
    rows = table("model", "pairs", "engines", "MB", "licence", "from", "confidence", "in use for")
    for model in found:
        origin = model.description.origin
        pairs = [f"{one.source}-{one.target}" for one in model.offered]
        rows.add_row(
            model.id,
            ", ".join(pairs[:4]) + (", …" if len(pairs) > 4 else ""),
            ", ".join(model.folders),
            f"{size_of(model) / 1e6:,.0f}",
            (origin.licence if origin else None) or "-",
            origin.source if origin else "-",
            "its own" if model.description.calibration else "general",
            ", ".join(used.get(model.id, [])),
        )
    if found:
        console.print(rows)
        if any(model.description.calibration is None for model in found):
            console.print(
                "general: confidence is by the bundled model's calibration; make one with 'satzstrom models calibrate'."
            )
    else:
        console.print(
            f"No model in {models}; find one with 'satzstrom models search', bring it with 'satzstrom models pull'.",
            markup=False,
        )
    for path, error in broken:
        console.print(f"{path.parent.name}: {error}", markup=False)
    for path in incomplete(models):
        console.print(f"{path.name} is not complete: pull the model again to go on, or remove it", markup=False)


def verify(
    names: Annotated[list[str] | None, typer.Argument(metavar="[MODEL]...", help="Models; without: all.")] = None,
    models: Models = DEFAULT,
) -> None:
    """Compare every file of models with the checksums written down when they came. Exit status 1 if one differs."""
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
                f"get it again: satzstrom models pull '{origin.again}'" if origin else "copy its folder anew",
                markup=False,
            )
            broken += 1
        elif model.description.files:
            console.print(f"[green]as it was[/]  {model.id} ({len(model.description.files)} files)")
        else:
            console.print(f"[yellow]unknown[/]  {model.id}: its model.json has no checksums")
    if broken:
        raise typer.Exit(1)


def size_of(model: Model) -> int:
    """Return the bytes that a model takes on the disk."""
    return sum(path.stat().st_size for path in model.folder.rglob("*") if path.is_file())


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
