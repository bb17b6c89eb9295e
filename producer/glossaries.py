"""Commands for glossaries: terms with their translations, which documents name."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from pipeline.command_line import UsageError
from pipeline.counted import counted
from pipeline.errors import InputError
from producer.commands import Json, Output
from producer.connecting import Api, DataFolder, about, client_for
from producer.files import check_writable, write_file
from producer.tables import print_table
from satzstrom import Client
from satzstrom.requests import GlossaryFormat, TermsFile
from satzstrom.results import Glossary

commands = typer.Typer(
    help="Terms with the translations that documents must have: list, import, export, remove.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_FORMATS: dict[str, GlossaryFormat] = {"csv": "csv", "tsv": "tsv", "tbx": "tbx"}
Named = Annotated[str, typer.Argument(metavar="GLOSSARY", help="Its id, or its name.")]


@commands.command("list")
def list_(json: Json = False, api: Api = None, data: DataFolder = None) -> None:
    """List glossaries, oldest first."""
    with client_for(api, data) as client:
        found = client.glossaries()
    if json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        return
    rows = [("id", "name", "languages", "terms", "created")]
    for one in found:
        pairs = ", ".join(f"{pair.source}→{pair.target}" for pair in one.pairs)
        rows.append((one.id, one.name, pairs, str(one.entries), f"{one.created.astimezone():%Y-%m-%d %H:%M}"))
    print_table(rows, flexible=1)


@commands.command("import")
def take(  # noqa: PLR0913, PLR0917 (each is an option)
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, TSV or TBX.")],
    name: Annotated[str | None, typer.Option(help="What it is called (default: as the file).")] = None,
    source: Annotated[str | None, typer.Option(help="Language of the terms, unless the file says it.")] = None,
    target: Annotated[str | None, typer.Option(help="Language of their translations.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Of the file (default: UTF-8, or what it looks like).")] = None,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Leave out lines that cannot be used, and say which.")
    ] = False,
    into: Annotated[
        str | None,
        typer.Option(metavar="GLOSSARY", help="Add the terms to this one, by id or name, in place of a new one."),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="With --into: in place of the terms that it has.")] = False,
    api: Api = None,
    data: DataFolder = None,
) -> None:
    """Make a glossary of a file, and print its id; or add the terms of a file to one."""
    if replace and into is None:
        raise UsageError("--replace goes with --into GLOSSARY")
    if name is not None and into is not None:
        raise UsageError("--name is for a new glossary; leave it out, or leave out --into")
    said: TermsFile = {"source": source, "target": target, "encoding": encoding, "lenient": lenient}
    with client_for(api, data) as client:
        there = None if into is None else _found(client, into)
        with about(str(file)), file.open("rb") as content:
            if there is None:
                made = client.import_glossary(content, filename=file.name, name=name, **said)
            else:
                made = client.import_terms(there.id, content, filename=file.name, replace=replace, **said)
    sys.stdout.write(f"{made.id}\n")
    for one in made.left_out:
        sys.stderr.write(f"{file}: line {one.line} left out: {one.reason}\n")
    if (more := made.left_out_count - len(made.left_out)) > 0:
        sys.stderr.write(f"{file}: {counted(more, 'more line')} left out\n")
    sys.stderr.write(f"{made.name}: {counted(made.entries, 'term')}\n")


@commands.command()
def export(
    glossary: Named,
    output: Output = None,
    form: Annotated[
        GlossaryFormat | None, typer.Option("--format", help="Default: as the name after -o says, else csv.")
    ] = None,
    api: Api = None,
    data: DataFolder = None,
) -> None:
    """Write a glossary to a file that `import` reads."""
    if output is not None:
        check_writable(output)
    suffix = output.suffix.lower().removeprefix(".") if output is not None else ""
    chosen: GlossaryFormat = form or _FORMATS.get(suffix, "csv")
    with client_for(api, data) as client:
        chunks = client.glossary_file(_found(client, glossary).id, chosen)
        if output is not None:
            write_file(output, chunks)
            return
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.flush()


@commands.command()
def remove(glossary: Named, api: Api = None, data: DataFolder = None) -> None:
    """Remove a glossary; documents that were submitted with it keep its terms."""
    with client_for(api, data) as client:
        client.delete_glossary(_found(client, glossary).id)


def _found(client: Client, named: str) -> Glossary:
    """Return the glossary of an id, else the only one of a name. Raises `InputError`."""
    there = client.glossaries()
    found = [one for one in there if one.id == named] or [one for one in there if one.name == named]
    if len(found) > 1:
        several = counted(len(found), "glossary is", "glossaries are")
        raise InputError(f"{several} called {named}; name one by its id (satzstrom glossary list)")
    if not found:
        raise InputError(f"there is no glossary '{named}'; see satzstrom glossary list")
    return found[0]
