"""The commands that work on the store of the running pipeline, or of the one that the environment names."""

import os
from pathlib import Path
from typing import Annotated

import typer

from embedded import state
from pipeline.data_folder import data_folder
from pipeline.settings import StoreSettings, load
from store import backups
from store.accounts import key_commands

# A person waits, and nothing starts meanwhile that would have to be waited for.
_PATIENCE = 10.0


def keys(context: typer.Context) -> None:
    """Make, list, change and revoke keys of the API: create, list, change, revoke."""
    key_commands.run(context.args, _settings(), program="satzstrom keys")


def backup(file: Annotated[Path, typer.Argument(help="File to write; it holds all texts.")]) -> None:
    """Write everything that the pipeline holds to one file, while it runs."""
    backups.run(["backup", str(file)], _settings(), program="satzstrom")


def restore(file: Annotated[Path, typer.Argument(help="File that `backup` wrote.")]) -> None:
    """Put a backup into a running pipeline that has no document yet; what was under way goes on."""
    backups.run(["restore", str(file)], _settings(), program="satzstrom")


def _settings() -> StoreSettings:
    settings = load(StoreSettings)
    found: dict[str, object] = {"start_timeout": min(_PATIENCE, settings.start_timeout)}
    running = state.read(data_folder())
    if running is not None and "SATZSTROM_MONGODB" not in os.environ:
        found |= {"mongodb": running.mongodb, "kafka": running.kafka}
    return settings.model_copy(update=found)
