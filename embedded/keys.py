"""The command keys."""

import os

import typer

from embedded import state
from pipeline.data_folder import data_folder
from pipeline.settings import StoreSettings, load
from store.accounts import key_commands

# A person waits, and nothing starts meanwhile that would have to be waited for.
_PATIENCE = 10.0


def keys(context: typer.Context) -> None:
    """Make, list, change and revoke keys of the API: create, list, change, revoke."""
    settings = load(StoreSettings)
    found: dict[str, object] = {"start_timeout": min(_PATIENCE, settings.start_timeout)}
    running = state.read(data_folder())
    if running is not None and "SATZSTROM_MONGODB" not in os.environ:
        found |= {"mongodb": running.mongodb}
    key_commands.run(context.args, settings.model_copy(update=found), program="satzstrom keys")
