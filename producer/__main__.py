"""The command line: satzstrom."""

import signal
import sys
from typing import Annotated

import typer

from pipeline import command_line
from pipeline.version import VERSION
from producer import callbacks, commands, correcting, dead_letters, glossaries, history, memory
from producer.connecting import in_words
from producer.submitting import submit
from satzstrom import SatzstromError as ClientError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"satzstrom {VERSION}\n")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version, and end.")
    ] = False,
) -> None:
    """Translate documents of any length as a stream of sentences."""


app.command()(submit)
app.command()(commands.status)
app.command()(commands.watch)
app.command()(commands.get)
app.command("list")(history.list_documents)
app.command()(history.search)
app.command()(history.sentences)
app.command()(correcting.correct)
app.command()(correcting.rename)
app.command()(commands.cancel)
app.command()(commands.delete)
app.command()(callbacks.callback_secret)
app.add_typer(glossaries.commands, name="glossary")
app.add_typer(memory.commands, name="memory")
app.add_typer(dead_letters.commands, name="dead-letters")


def _add_pipeline_commands() -> None:
    """Add up, scale, down, ps, logs, demo, chaos, keys, backup and restore where the embedded pipeline is installed."""
    try:
        from embedded import commands as embedded_commands
        from embedded.chaos.command import chaos
        from embedded.demo import demo
        from embedded.key_commands import commands as keys
        from embedded.reading_logs import logs
        from embedded.store_commands import backup, restore
    except ModuleNotFoundError:
        # Only the command line is installed, or what only the embedded pipeline needs is missing.
        return
    app.command()(embedded_commands.up)
    app.command()(embedded_commands.scale)
    app.command()(embedded_commands.down)
    app.command()(embedded_commands.ps)
    app.command()(demo)
    app.command()(chaos)
    app.command()(logs)
    app.add_typer(keys, name="keys")
    app.command()(backup)
    app.command()(restore)
    app.command(hidden=True)(embedded_commands.fetch)


def _add_model_commands() -> None:
    """Add models where a translator is installed."""
    try:
        from translator.models.commands import app as models
    except ModuleNotFoundError:
        return
    app.add_typer(models, name="models")


def _add_training() -> None:
    """Add train where the trainer is installed."""
    try:
        from trainer.commands import commands as training
    except ModuleNotFoundError:
        return
    app.add_typer(training, name="train")


def main() -> None:
    """Run a command. Exit status: 0, or 1 after an error, which is one clear line; 2 for a wrong call."""
    # A closed pipe (… | head) ends the program without a word, as it does others.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    _add_pipeline_commands()
    _add_model_commands()
    _add_training()
    command_line.run(_run)


def _run() -> None:
    try:
        app()
    except ClientError as error:
        raise in_words(error) from error


if __name__ == "__main__":
    main()
