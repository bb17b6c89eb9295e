"""Removing models from this machine."""

import shutil
from pathlib import Path

from pipeline.errors import SetupError
from translator.models.folder import paths_in, read
from translator.models.places import incomplete
from translator.models.routes import read_routes
from translator.models.routes import use as route


def remove(models: Path, wanted: str, *, force: bool) -> int:
    """Remove a model, or what an attempt to pull it has left, and return how many bytes that freed.

    `force`: also if the table names it for pairs of languages; these entries go with it. Raises `SetupError`.
    """
    folder = _find(models, wanted)
    used = []
    if not folder.name.startswith("."):
        used = [pair for pair, ids in read_routes(models).table.items() if _id(folder) in ids.split("+")]
    if used and not force:
        pairs = ", ".join(f"{source}-{target}" for source, target in used)
        raise SetupError(
            f"{wanted} is in use for {pairs}; choose another one first (satzstrom models use), or say --force"
        )
    for source, target in used:
        route(models, source, target, None)
    freed = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    try:
        # Out of sight first, so that nobody loads what is half gone.
        gone = folder.with_name(f".{folder.name.lstrip('.')}.removed")
        folder.rename(gone)
        shutil.rmtree(gone)
    except OSError as error:
        raise SetupError(f"cannot remove {folder}: {error.strerror}") from None
    return freed


def _find(models: Path, wanted: str) -> Path:
    folders = [path.parent for path in paths_in(models)] + incomplete(models)
    names = {folder: {folder.name, folder.name.partition("@")[0], _id(folder)} for folder in folders}
    found = [folder for folder in folders if wanted in names[folder]]
    exact = [folder for folder in found if wanted in (folder.name, _id(folder))]
    if not found:
        raise SetupError(f"there is no model {wanted} in {models}; 'satzstrom models list' names them")
    if len(found) > 1 and len(exact) != 1:
        raise SetupError(f"{wanted} could be {', '.join(folder.name for folder in found)}; say which")
    return (exact or found)[0]


def _id(folder: Path) -> str:
    """Return the id of the model in a folder, or the folder's name if its description cannot be read."""
    try:
        return read(folder / "model.json").id
    except SetupError:
        return folder.name
