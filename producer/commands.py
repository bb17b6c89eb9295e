"""Commands for documents."""

import asyncio
import os
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated

import msgspec
import typer
from rich.console import Console

from pipeline.data_folder import data_folder, running_api
from pipeline.encodings import DETECT, TextDecoder
from pipeline.errors import InputError, SatzstromError, UnavailableError
from pipeline.submission import DocumentInfo, new_id
from producer.batches import output_folder, submit_several
from producer.client import Client, Status
from producer.files import write_file
from producer.progress import watch as follow
from producer.results import LevelCounts
from producer.resuming import resume as send_missing

Api = Annotated[
    str | None,
    typer.Option("--api", envvar="SATZSTROM_API", help="Address of the API (default: the pipeline on this machine)."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="File to write to (default: standard output).")]
DocumentId = Annotated[str, typer.Argument(metavar="ID", help="The document's id.")]
Json = Annotated[bool, typer.Option("--json", help="For programs.")]

_CHUNK = 64 * 1024


class Form(StrEnum):
    """Forms that a document can be had in."""

    text = "text"
    html = "html"
    docx = "docx"
    xliff = "xliff"
    tmx = "tmx"
    jsonl = "jsonl"


def client_for(api: str | None) -> Client:
    """Return a client for the API that was named, else for the one of the pipeline on this machine."""
    address = api or running_api(data_folder()) or "http://127.0.0.1:8000"
    # A key has no option: what stands on a command line can be read by every process of the machine.
    return Client(address, key=os.environ.get("SATZSTROM_API_KEY"))


def submit(  # noqa: PLR0913, PLR0917 (each is an option)
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Text files; - for standard input.")],
    source: Annotated[str, typer.Option(help="Language of the text, or auto.")] = "de",
    target: Annotated[str, typer.Option(help="Language of the translation.")] = "en",
    id: Annotated[str | None, typer.Option("--id", help="The document's id (default: a new one).")] = None,  # noqa: A002
    wait: Annotated[bool, typer.Option("--wait", help="Wait, and write the translation.")] = False,
    output: Output = None,
    encoding: Annotated[
        str | None,
        typer.Option(help="Encoding of the file (default: by its mark or declaration, else UTF-8); detect: guess it."),
    ] = None,
    quiet: Quiet = False,
    api: Api = None,
    resume: Annotated[
        str | None,
        typer.Option(
            "--resume", metavar="ID", help="Go on with a document whose upload broke off: send what is missing."
        ),
    ] = None,
    kafka: Annotated[
        str | None,
        typer.Option(
            "--kafka",
            metavar="HOST:PORT",
            help="Send to Kafka directly instead of over HTTP; with the TLS and login of SATZSTROM_KAFKA_*.",
        ),
    ] = None,
    batch: Annotated[str | None, typer.Option("--batch", help="Id of several files (default: a new one).")] = None,
) -> None:
    """Submit a document. Prints its id; with --wait (or -o) its translation.

    Several files are one batch: prints their ids; with --wait and -o FOLDER their translations are written there.
    """
    if len(files) > 1 or batch is not None:
        if id is not None or kafka is not None or resume is not None:
            raise InputError("several files go over HTTP, and --batch names them; leave out --id, --kafka and --resume")
        submit_several(
            client_for(api), files, source=source, target=target, batch=batch, encoding=encoding, quiet=quiet,
            folder=output_folder(files, output, wait=wait),
        )  # fmt: skip
        return
    (file,) = files
    if output is not None:
        _check_writable(output)
    if resume is not None and (id is not None or kafka is not None):
        raise InputError("--resume names the document and goes over HTTP; leave out --id and --kafka")
    chunks = _utf8(file, encoding)
    with client_for(api) as client:
        if kafka is not None:
            from producer.direct import clients_at, send

            document = id or new_id()
            asyncio.run(send(clients_at(kafka), DocumentInfo(document, source, target), chunks))
        elif resume is not None:
            document = resume
            sent = send_missing(client, document, chunks, source=source, target=target)
            if not quiet:
                sys.stderr.write(f"sent {sent} parts that were missing\n")
        else:
            document = id or new_id()
            _send(client, document, file, chunks, source, target)
        if not (wait or output):
            sys.stdout.write(f"{document}\n")
            return
        if not quiet:
            sys.stderr.write(f"document {document}\n")
        status = follow(client, document, quiet=quiet)
        _write(client, status, output, partial=False)


def _send(client: Client, document: str, file: str, chunks: Iterator[bytes], source: str, target: str) -> None:
    first = next(chunks, b"")
    # A body without bytes looks like a mistake to the API; as JSON it is clear.
    text = _chain(first, chunks) if first else ""
    try:
        client.submit(text, source=source, target=target, document=document)
    except UnavailableError as error:
        again = "" if file == "-" else f"; send what is missing with: satzstrom submit --resume {document} {file}"
        raise SatzstromError(f"{error}{again}") from None


def status(document: DocumentId, json: Json = False, api: Api = None) -> None:
    """Show how far a document is."""
    with client_for(api) as client:
        found = client.status(document)
    if json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        return
    counts = found.sentences
    console = Console(highlight=False)
    way = f"→{found.pivot}" if found.pivot else ""
    model = found.model or "not known yet"
    console.print(f"{found.id}: {found.state}, {found.source}{way}→{found.target}, model {model}")
    suspect = f", {counts.suspect} worth checking" if counts.suspect else ""
    console.print(f"{counts.translated} of {counts.total} sentences ({found.progress:.0%}){suspect}")
    sure = counts.confidence
    if sure != LevelCounts():
        console.print(f"confidence: {sure.high} high, {sure.medium} medium, {sure.low} low")
    if found.eta_seconds:
        console.print(f"about {found.eta_seconds:.0f} s to go")


def watch(document: DocumentId, quiet: Quiet = False, api: Api = None) -> None:
    """Show a document's progress until it is done."""
    with client_for(api) as client:
        ended = follow(client, document, quiet=quiet)
    if ended.state != "done":
        raise SatzstromError(f"document {document} is {ended.state}")


def get(
    document: DocumentId,
    output: Output = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Also while sentences are missing; their source instead.")
    ] = False,
    form: Annotated[
        Form, typer.Option("--format", help="The translation, both sides as page or Word file, or for programs.")
    ] = Form.text,
    api: Api = None,
) -> None:
    """Write a document's translation."""
    if output is not None:
        _check_writable(output)
    with client_for(api) as client:
        _write(client, client.status(document), output, partial=partial, form=form)


def cancel(document: DocumentId, api: Api = None) -> None:
    """Stop the work on a document; what is translated of it stays and can be had with `get --partial`."""
    with client_for(api) as client:
        client.cancel(document)


def delete(document: DocumentId, api: Api = None) -> None:
    """Delete a document with everything that belongs to it."""
    with client_for(api) as client:
        client.delete(document)


def _utf8(file: str, encoding: str | None) -> Iterator[bytes]:
    """Yield the file's text in UTF-8. Raises `InputError`; for wrong bytes it names the first one's offset."""
    decoder = TextDecoder(encoding)
    stream: IO[bytes]
    try:
        with sys.stdin.buffer if file == "-" else Path(file).open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                if text := decoder.feed(chunk):
                    yield text.encode()
        yield decoder.finish().encode()
        if encoding == DETECT:
            sys.stderr.write(f"{file} was read as {decoder.encoding}\n")
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}") from None


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _check_writable(path: Path) -> None:
    """Raise before any work is done, not after it."""
    folder = path.absolute().parent
    if path.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
        raise InputError(f"cannot write to {path}; choose another file with -o")


def _write(client: Client, status: Status, output: Path | None, *, partial: bool, form: Form = Form.text) -> None:
    if status.state != "done" and not partial:
        raise InputError(
            f"document {status.id} is {status.state} ({status.progress:.0%}); "
            f"wait (satzstrom watch {status.id}) or take what is there with --partial"
        )
    chunks = client.export(status.id, form.value, partial="source")
    if output is None:
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.flush()
        return
    write_file(output, chunks)
