"""The command that submits documents."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from formats.table import TEXT, Kind
from pipeline.command_line import UsageError
from pipeline.document_info import DocumentInfo, new_id
from pipeline.encodings import TextDecoder
from pipeline.errors import InputError
from producer import orders
from producer.batches import output_folder, submit_several
from producer.commands import Form, Output, Quiet, check_no_terminal, write_result
from producer.connecting import Api, DataFolder, about, client_for
from producer.files import check_writable
from producer.kinds import STANDARD_INPUT, kind_for, result_kind, result_name
from producer.kinds import named as kind_named
from producer.progress import going_on
from producer.progress import watch as follow
from producer.sending import Sending, filename_of, resumable, send, send_missing, utf8_of
from satzstrom import Client
from satzstrom.orders import Order


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
    form: Annotated[
        Form | None, typer.Option("--format", help="With --wait: what is written, as `get --format` has it.")
    ] = None,
    title: orders.Title = None,
    metadata: orders.Metadata = None,
    model: orders.Model = None,
    priority: orders.Prior = "normal",
    glossary: orders.Glossary = None,
    terms: orders.Terms = None,
    alternatives: orders.Alternatives = None,
    memory: orders.Memory = None,
    callback: orders.Callback = None,
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
    data: DataFolder = None,
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
    _check_encoding(encoding)
    order = orders.order_of(model, priority, title, metadata, callback, glossary, terms, alternatives, memory)
    if len(files) > 1 or batch is not None:
        if any(option is not None for option in (id, kafka, resume, form)):
            raise UsageError(
                "several files go over HTTP, and --batch names them; leave out --id, --kafka, --resume, --format"
            )
        folder = output_folder(files, output, wait=wait)
        with client_for(api, data) as client:
            submit_several(
                client, files, source=source, target=target, batch=batch, encoding=encoding, columns=columns,
                quiet=quiet, folder=folder, order=order,
            )  # fmt: skip
        return
    (file,), (kind,) = files, kinds
    wait = wait or output is not None
    form = form or (Form.text if kind.is_text else Form.source)
    if output is not None and output.is_dir() and file != STANDARD_INPUT:
        output /= result_name(file)
    _check_output(file, kind, output, form, wait=wait)
    _check_way(file, kind, order, new=id is not None, resume=resume is not None, kafka=kafka is not None)
    info = DocumentInfo(resume or id or new_id(), source, target)
    what = Sending(info, file, kind, encoding, columns, order)
    with client_for(api, data) as client:
        with resumable(what, over_http=kafka is None):
            if kafka is not None:
                _send_to_kafka(kafka, _for_kafka(info, file, order), file, encoding)
            elif resume is not None:
                send_missing(client, what, quiet=quiet)
            else:
                send(client, what)
        _follow(client, info.id, output, form, wait=wait, quiet=quiet)


def _follow(client: Client, document: str, output: Path | None, form: Form, *, wait: bool, quiet: bool) -> None:
    if not wait:
        sys.stdout.write(f"{document}\n")
        return
    with going_on(document):
        if not quiet:
            sys.stderr.write(f"document {document}\n")
        status = follow(client, document, quiet=quiet)
        write_result(client, status, output, partial=False, form=form)


def _for_kafka(info: DocumentInfo, file: str, order: Order) -> DocumentInfo:
    """Return what is known of a document that goes to Kafka without the API."""
    kept = ({"filename": name} if (name := filename_of(file)) else {}) | dict(order["metadata"] or {})
    return replace(
        info,
        model=order["model"],
        priority=order["priority"] or "normal",
        metadata=kept | ({"title": title} if (title := order["title"]) else {}),
        alternatives=order["alternatives"] or 0,
    )


def _send_to_kafka(kafka: str, info: DocumentInfo, file: str, encoding: str | None) -> None:
    from producer.direct import clients_at
    from producer.direct import send as send_straight

    with about(file):
        asyncio.run(send_straight(clients_at(kafka), info, utf8_of(file, encoding)))


def _check_output(file: str, kind: Kind, output: Path | None, form: Form, *, wait: bool) -> None:
    """Raise what could go wrong at the end before any work is done."""
    result = kind_named("docx") if form is Form.docx else result_kind(kind, output) if form is Form.source else TEXT
    if wait and output is None and not result.is_text:
        check_no_terminal(result)
    if output is not None:
        check_writable(output, *([] if file == STANDARD_INPUT else [file]))


def _check_encoding(encoding: str | None) -> None:
    try:
        TextDecoder(encoding)
    except InputError as error:
        raise UsageError(f"--encoding: {error}") from None


def _check_way(file: str, kind: Kind, order: Order, *, new: bool, resume: bool, kafka: bool) -> None:
    """Raise `UsageError` for options that do not go together."""
    if resume and (new or kafka):
        raise UsageError("--resume names the document and goes over HTTP; leave out --id and --kafka")
    if not kind.is_text and kafka:
        raise UsageError(f"{file} is no text and goes over HTTP; leave out --kafka")
    of_api = (order["glossary"], order["terms"], order["memory"], order["callback_url"])
    if kafka and any(value is not None for value in of_api):
        raise UsageError("--kafka goes without the API; leave out --glossary, --terms, --memory and --callback")
