"""Commands for the translation memory: into a file, and out of one."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from producer.commands import Output
from producer.connecting import Api, DataFolder, about, client_for
from producer.files import check_writable, write_file

commands = typer.Typer(
    help="Write the translation memory to a TMX file, or take one in.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@commands.command("export")
def export(output: Output = None, api: Api = None, data: DataFolder = None) -> None:
    """Write what people made of sentences as TMX."""
    if output is not None:
        check_writable(output)
    with client_for(api, data) as client:
        if output is not None:
            write_file(output, client.memory())
            return
        for chunk in client.memory():
            sys.stdout.buffer.write(chunk)


@commands.command("import")
def take(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A TMX file.")], api: Api = None, data: DataFolder = None
) -> None:
    """Take the units of a TMX file into the translation memory; the same file may be taken again."""
    with client_for(api, data) as client, about(str(file)), file.open("rb") as content:
        found = client.import_memory(content)
    left = "".join(f", {count} left out ({reason})" for reason, count in found.skipped.items())
    sys.stdout.write(f"{found.imported} new units, {found.known} known{left}\n")
