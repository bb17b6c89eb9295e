"""Commands for documents."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from formats.table import Kind
from pipeline.command_line import UsageError
from pipeline.counted import counted, percent
from pipeline.errors import InputError, SatzstromError
from producer.connecting import Api, DataFolder, client_for
from producer.files import check_writable, write_file
from producer.kinds import named, result_kind
from producer.progress import going_on
from producer.progress import watch as follow
from producer.wording import not_done, of_all, state_of, to_go, way_on
from satzstrom import Client
from satzstrom.results import LevelCounts, Status, Version

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="File to write to (default: standard output).")]
DocumentId = Annotated[str, typer.Argument(metavar="ID", help="The document's id.")]
Json = Annotated[bool, typer.Option("--json", help="For programs.")]

_CHUNK = 64 * 1024


class Form(StrEnum):
    """Forms that a document can be had in."""

    source = "source"
    text = "text"
    html = "html"
    docx = "docx"
    xliff = "xliff"
    tmx = "tmx"
    jsonl = "jsonl"


def status(document: DocumentId, json: Json = False, api: Api = None, data: DataFolder = None) -> None:
    """Show how far a document is."""
    with client_for(api, data) as client:
        found = client.status(document)
    if json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        return
    counts = found.sentences
    console = Console(highlight=False, soft_wrap=True)
    way = f"→{found.pivot}" if found.pivot else ""
    model = found.model or "not known yet"
    console.print(f"{found.id}: {state_of(found)}, {found.source}{way}→{found.target}, model {model}", markup=False)
    if found.summary:
        console.print(found.summary, markup=False)
    suspect = f", {counts.suspect:,} marked as doubtful" if counts.suspect else ""
    missed = f", {counts.missed} without a term of the glossary" if counts.missed else ""
    remembered = f", {counts.remembered} from memory" if counts.remembered else ""
    console.print(f"{counts.translated:,} of {of_all(found)} ({percent(found.progress)}){remembered}{suspect}{missed}")
    sure = counts.confidence
    if sure != LevelCounts():
        console.print(f"confidence: {sure.high} high, {sure.medium} medium, {sure.low} low")
    if found.read is not None:
        left = "".join(f", {count} {what} left alone" for what, count in found.left.items())
        console.print(f"{found.format}: {counted(found.read, 'text')} read{left}")
    for warning in found.warnings:
        console.print(warning, markup=False)
    if rest := to_go(found):
        console.print(f"about {rest}")
    if further := way_on(found):
        console.print(further, markup=False)


def watch(document: DocumentId, quiet: Quiet = False, api: Api = None, data: DataFolder = None) -> None:
    """Show a document's progress until it is done."""
    with client_for(api, data) as client, going_on(document):
        ended = follow(client, document, quiet=quiet)
    if ended.state != "done":
        raise SatzstromError(not_done(ended))


def get(
    document: DocumentId,
    output: Output = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Also while sentences are missing; their source instead.")
    ] = False,
    form: Annotated[
        Form | None,
        typer.Option(
            "--format",
            help="source: as the document came (the default for files); text: its words alone; the others show both sides, "
            "as page or Word file or for programs.",
        ),
    ] = None,
    version: Annotated[
        Version, typer.Option("--version", help="corrected: as people have corrected it; machine: as it was made.")
    ] = "corrected",
    api: Api = None,
    data: DataFolder = None,
) -> None:
    """Write a document's translation.

    Of a PDF the name after -o says whether it is written as Word file (docx) or web page (html).
    """
    if output is not None:
        check_writable(output)
    with client_for(api, data) as client:
        found = client.status(document)
        default = Form.text if named(found.format).is_text else Form.source
        write_result(client, found, output, partial=partial, form=form or default, version=version)


def cancel(document: DocumentId, api: Api = None, data: DataFolder = None) -> None:
    """Stop the work on a document; what is translated of it stays and can be had with `get --partial`."""
    with client_for(api, data) as client:
        client.cancel(document)


def delete(document: DocumentId, api: Api = None, data: DataFolder = None) -> None:
    """Delete a document with everything that belongs to it."""
    with client_for(api, data) as client:
        client.delete(document)


def check_no_terminal(result: Kind) -> None:
    """Raise `UsageError` if standard output is a terminal."""
    if sys.stdout.isatty():
        raise UsageError(f"the translation is {result.about} and nothing for a terminal; name a file for it with -o")


def write_result(
    client: Client,
    status: Status,
    output: Path | None,
    *,
    partial: bool,
    form: Form = Form.text,
    version: Version = "corrected",
) -> None:
    """Write a document to a file or standard output; `partial`: also while sentences are missing. Raises `InputError`."""
    if status.state != "done" and not partial:
        if status.ended:
            raise InputError(not_done(status))
        raise InputError(
            f"document {status.id} is {state_of(status)} ({percent(status.progress)}); "
            f"wait (satzstrom watch {status.id}) or take what is there with --partial"
        )
    if form is Form.source:
        result = result_kind(named(status.format), output)
        if output is None and not result.is_text:
            check_no_terminal(result)
        chunks = client.file(status.id, partial="source", output=result.name, version=version)
    else:
        chunks = client.export(status.id, form.value, partial="source", version=version)
    if output is None:
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.flush()
        return
    write_file(output, chunks)
