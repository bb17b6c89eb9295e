"""The command that submits documents."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated

import typer

from formats.table import Kind
from pipeline.encodings import DETECT, TextDecoder
from pipeline.errors import InputError, SatzstromError
from pipeline.submission import DocumentInfo, new_id
from producer.batches import output_folder, submit_several
from producer.commands import (
    Api,
    Form,
    Output,
    Quiet,
    check_no_terminal,
    check_writable,
    client_for,
    write_result,
)
from producer.kinds import kind_for, result_kind
from producer.progress import watch as follow
from producer.resuming import resume as send_missing
from satzstrom import Client, UnavailableError

_CHUNK = 64 * 1024


def submit(  # noqa: PLR0913, PLR0917 (each is an option)
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE…",
            help="Texts and files of other kinds; - for a text from standard input.",
        ),
    ],
    source: Annotated[str, typer.Option(help="Language of the text, or auto.")] = "de",
    target: Annotated[str, typer.Option(help="Language of the translation.")] = "en",
    id: Annotated[str | None, typer.Option("--id", help="The document's id (default: a new one).")] = None,  # noqa: A002
    wait: Annotated[bool, typer.Option("--wait", help="Wait, and write the translation.")] = False,
    output: Output = None,
    encoding: Annotated[
        str | None,
        typer.Option(help="Encoding of the file (default: by its mark or declaration, else UTF-8); detect: guess it."),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            help="Of a table (csv, tsv): its columns that are translated, by name or number, with commas between."
        ),
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
    kinds = [kind_for(file) for file in files]
    if len(files) > 1 or batch is not None:
        if any(option is not None for option in (id, kafka, resume, columns)):
            raise InputError(
                "several files go over HTTP, and --batch names them; leave out --id, --kafka, --resume and --columns"
            )
        submit_several(
            client_for(api), files, source=source, target=target, batch=batch, encoding=encoding, quiet=quiet,
            folder=output_folder(files, output, wait=wait),
        )  # fmt: skip
        return
    (file,), (kind,) = files, kinds
    wait = wait or output is not None
    _check_output(file, kind, output, wait=wait)
    if resume is not None and (id is not None or kafka is not None):
        raise InputError("--resume names the document and goes over HTTP; leave out --id and --kafka")
    if not kind.is_text and (resume is not None or kafka is not None):
        raise InputError(f"{file} is no text and goes over HTTP in one piece; leave out --resume and --kafka")
    info = DocumentInfo(resume or id or new_id(), source, target)
    with client_for(api) as client:
        if not kind.is_text:
            _send_file(client, info, file, encoding, columns)
        elif kafka is not None:
            _send_to_kafka(kafka, info, _utf8(file, encoding))
        elif resume is not None:
            sent = send_missing(client, resume, _utf8(file, encoding), source=source, target=target)
            if not quiet:
                sys.stderr.write(f"sent {sent} parts that were missing\n")
        else:
            _send(client, info, file, _utf8(file, encoding))
        _follow(client, info.id, output, kind, wait=wait, quiet=quiet)


def _follow(client: Client, document: str, output: Path | None, kind: Kind, *, wait: bool, quiet: bool) -> None:
    if not wait:
        sys.stdout.write(f"{document}\n")
        return
    if not quiet:
        sys.stderr.write(f"document {document}\n")
    status = follow(client, document, quiet=quiet)
    write_result(client, status, output, partial=False, form=Form.text if kind.is_text else Form.source)


def _send_to_kafka(kafka: str, info: DocumentInfo, chunks: Iterator[bytes]) -> None:
    from producer.direct import clients_at, send

    asyncio.run(send(clients_at(kafka), info, chunks))


def _check_output(file: str, kind: Kind, output: Path | None, *, wait: bool) -> None:
    """Raise what could go wrong at the end before any work is done."""
    result = result_kind(kind, output)
    if output is not None:
        check_writable(output)
        if not kind.is_text and output.resolve() == Path(file).resolve():
            raise InputError(f"{output} is the document itself and would be overwritten; name another file with -o")
    elif wait and not result.is_text:
        check_no_terminal(result)


def _send_file(client: Client, info: DocumentInfo, file: str, encoding: str | None, columns: str | None) -> None:
    try:
        with Path(file).open("rb") as content:
            client.submit_file(
                content, filename=Path(file).name, source=info.source, target=info.target, document=info.id,
                encoding=encoding, columns=columns,
            )  # fmt: skip
    except UnavailableError as error:
        raise SatzstromError(f"{error}; send it again with: satzstrom submit --id {info.id} {file}") from None
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}") from None


def _send(client: Client, info: DocumentInfo, file: str, chunks: Iterator[bytes]) -> None:
    first = next(chunks, b"")
    # A body without bytes looks like a mistake to the API; as JSON it is clear.
    text = _chain(first, chunks) if first else ""
    try:
        client.submit(text, source=info.source, target=info.target, document=info.id)
    except UnavailableError as error:
        again = "" if file == "-" else f"; send what is missing with: satzstrom submit --resume {info.id} {file}"
        raise SatzstromError(f"{error}{again}") from None


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
