"""The command line: satzstrom."""

import os
import signal
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated

import typer

from pipeline import command_line
from pipeline.version import VERSION
from producer.connecting import in_words
from satzstrom import SatzstromError as ClientError

COMPLETING = "_SATZSTROM_COMPLETE"
"""Set by the shell that asks how a command goes on."""


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"satzstrom {VERSION}\n")
        raise typer.Exit


def options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version, and end.")
    ] = False,
) -> None:
    """Translate documents of any length as a stream of sentences."""


@dataclass(frozen=True)
class _Place:
    """Where a command or a group of commands is, as `module:name`."""

    where: str
    hidden: bool = False
    optional: bool = False
    """Whether it is left out where what it needs is not installed."""


COMMANDS = {
    "submit": _Place("producer.submitting:submit"),
    "status": _Place("producer.commands:status"),
    "watch": _Place("producer.commands:watch"),
    "get": _Place("producer.commands:get"),
    "list": _Place("producer.history:list_documents"),
    "search": _Place("producer.history:search"),
    "sentences": _Place("producer.history:sentences"),
    "correct": _Place("producer.correcting:correct"),
    "rename": _Place("producer.correcting:rename"),
    "cancel": _Place("producer.commands:cancel"),
    "delete": _Place("producer.commands:delete"),
    "callback-secret": _Place("producer.callbacks:callback_secret"),
    # The embedded pipeline.
    "up": _Place("embedded.commands:up", optional=True),
    "scale": _Place("embedded.commands:scale", optional=True),
    "down": _Place("embedded.commands:down", optional=True),
    "ps": _Place("embedded.commands:ps", optional=True),
    "demo": _Place("embedded.demo:demo", optional=True),
    "chaos": _Place("embedded.chaos.command:chaos", optional=True),
    "logs": _Place("embedded.reading_logs:logs", optional=True),
    "backup": _Place("embedded.store_commands:backup", optional=True),
    "restore": _Place("embedded.store_commands:restore", optional=True),
    "fetch": _Place("embedded.commands:fetch", hidden=True, optional=True),
    # Groups.
    "glossary": _Place("producer.glossaries:commands"),
    "memory": _Place("producer.memory:commands"),
    "dead-letters": _Place("producer.dead_letters:commands"),
    "keys": _Place("embedded.key_commands:commands", optional=True),
    "models": _Place("translator.models.commands:app", optional=True),
    "train": _Place("trainer.commands:commands", optional=True),
}
"""All commands in the order in which help shows them: first commands, then groups."""


def application(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """Return the command line with the commands of these names, whose modules are loaded now."""
    app = typer.Typer(
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(options)
    for name in names:
        place = COMMANDS[name]
        module, _, attribute = place.where.partition(":")
        try:
            found = getattr(import_module(module), attribute)
        except ModuleNotFoundError:
            if not place.optional:
                raise
            continue
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name, hidden=place.hidden)(found)
    return app


def main() -> None:
    """Run a command. Exit status: 0, or 1 after an error, which is one clear line; 2 for a wrong call."""
    # A closed pipe (… | head) ends the program without a word, as it does others.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    command_line.run(_run)


def _run() -> None:
    # The first word is the command, since no option before it has a value; help and completion need all commands.
    first = sys.argv[1] if len(sys.argv) > 1 else ""
    app = application([first] if first in COMMANDS and COMPLETING not in os.environ else COMMANDS)
    try:
        app()
    except ClientError as error:
        raise in_words(error) from error


if __name__ == "__main__":
    main()
