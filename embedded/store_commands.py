"""The commands that work on the store of the running pipeline, or of the one that the environment names."""

import os
from pathlib import Path
from typing import Annotated

import typer

from embedded import state
from embedded.commands import Data
from pipeline.data_folder import data_folder
from pipeline.errors import SatzstromError
from pipeline.settings import StoreSettings, load
from store import backups

# A person waits, and nothing starts meanwhile that would have to be waited for.
_PATIENCE = 10.0


def backup(file: Annotated[Path, typer.Argument(help="File to write; it holds all texts.")], data: Data = None) -> None:
    """Write everything that the pipeline holds to one file, while it runs."""
    backups.run(["backup", str(file)], settings_of(data), program="satzstrom")


def restore(file: Annotated[Path, typer.Argument(help="File that `backup` wrote.")], data: Data = None) -> None:
    """Put a backup into a running pipeline that has no document yet; what was under way goes on."""
    backups.run(["restore", str(file)], settings_of(data), program="satzstrom")


def settings_of(data: Path | None) -> StoreSettings:
    """Return where the store is: of the pipeline that runs on a data folder, else as the environment says.

    Raises `SatzstromError` if it is neither.
    """
    settings = load(StoreSettings)
    found: dict[str, object] = {"start_timeout": min(_PATIENCE, settings.start_timeout)}
    if data is None and "SATZSTROM_MONGODB" in os.environ:
        return settings.model_copy(update=found)
    folder = data_folder(data)
    if (running := state.read(folder)) is None:
        raise SatzstromError(
            f"no pipeline runs on {folder}; start one ('satzstrom up'), say --data, or set SATZSTROM_MONGODB"
        )
    return settings.model_copy(update=found | {"mongodb": running.mongodb, "kafka": running.kafka})
