"""Sending files to the API, and going on with those that broke off."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from shlex import quote
from typing import IO, TypeVar

from formats.table import Kind
from pipeline.counted import counted
from pipeline.document_info import DocumentInfo
from pipeline.encodings import DETECT, TextDecoder
from pipeline.errors import InputError, SatzstromError
from producer.connecting import about
from producer.kinds import STANDARD_INPUT
from producer.resuming import resume
from satzstrom import Client, RefusedError, UnavailableError
from satzstrom.orders import Order

T = TypeVar("T")

_CHUNK = 64 * 1024
_PIECE = 1024 * 1024
"""Bytes at whose multiples the API goes on with a file: of a smaller one nothing is there after a break."""
_LATER = (401, 429)
"""Answers after which the same may be sent again."""


@dataclass(frozen=True)
class Sending:
    """A file with what is to become of it; `file` is its path, or - for standard input."""

    info: DocumentInfo
    file: str
    kind: Kind
    encoding: str | None
    columns: str | None
    order: Order


def send(client: Client, what: Sending) -> None:
    """Submit a file, or standard input. Raises `InputError`, `SatzstromError`, which name it."""
    info, file, order = what.info, what.file, what.order
    to = {"source": info.source, "target": info.target, "document": info.id}
    with about(file):
        if file == STANDARD_INPUT:
            chunks = utf8_of(file, what.encoding)
            first = next(chunks, b"")
            # A body without bytes looks like a mistake to the API; as JSON it is clear.
            client.submit(chain([first], chunks) if first else "", **to, **order)
            return
        name = Path(file).name
        if not what.kind.is_text and Path(file).stat().st_size > _PIECE:
            _send_in_pieces(client, what)
            return
        with Path(file).open("rb") as content:
            if what.kind.is_text and not content.peek(1):
                client.submit("", filename=name, **to, **order)
            else:
                client.submit_file(
                    content, filename=name, encoding=what.encoding, columns=what.columns, **to, **order
                )  # fmt: skip
        if what.encoding == DETECT:
            sys.stderr.write(f"{file} was read as {client.status(info.id).encoding}\n")


def send_missing(client: Client, what: Sending, *, quiet: bool) -> None:
    """Go on with a file whose upload broke off: send what the API does not have. Raises as `send`."""
    with about(what.file):
        if what.kind.is_text:
            chunks = utf8_of(what.file, what.encoding)
            sent = resume(client, what.info, chunks, filename=filename_of(what.file), order=what.order)
            missing = counted(sent, "part that was", "parts that were")
        else:
            missing = counted(_resume_file(client, what), "byte that was", "bytes that were")
    if not quiet:
        sys.stderr.write(f"sent {missing} missing\n")


def _resume_file(client: Client, what: Sending) -> int:
    """Return how many bytes were sent. Raises `InputError` if the document was begun with another file."""
    document, path = what.info.id, Path(what.file)
    if (made := _known(client.status, document)) is not None:
        # A document is made of a file when all of it is there.
        if made.format is None or made.metadata.get("filename") != path.name:
            raise InputError(
                f"document {document} is of another file; name the right one, or submit this under another id"
            )
        return 0
    there = _known(client.sent_file, document)
    _send_in_pieces(client, what)
    return path.stat().st_size - (there.bytes if there is not None else 0)


def _known(ask: Callable[[str], T], name: str) -> T | None:
    """Return what the API answers; None where it knows nothing of that name."""
    try:
        return ask(name)
    except RefusedError as error:
        if error.kind != "not-found":
            raise
        return None


def _send_in_pieces(client: Client, what: Sending) -> None:
    """Send a file from where it broke off, then make the document of it; of one that is refused nothing stays."""
    info = what.info
    with Path(what.file).open("rb") as content:
        client.send_file(info.id, content, filename=Path(what.file).name)
    try:
        client.submit_sent_file(
            info.id, document=info.id, source=info.source, target=info.target, encoding=what.encoding, columns=what.columns,
            **what.order,
        )  # fmt: skip
    except RefusedError as error:
        if error.status < 500 and error.status not in _LATER:
            client.delete_sent_file(info.id)
        raise
    # The document keeps a copy of its own.
    client.delete_sent_file(info.id)


@contextmanager
def resumable(what: Sending, *, over_http: bool) -> Iterator[None]:
    """Say how to go on where the upload breaks off."""
    # What was said of a text is there with its first part.
    options = "" if what.kind.is_text else " and the same options"
    hint = f"; send what is missing with: satzstrom submit --resume {what.info.id} {quote(what.file)}{options}"
    if not over_http or what.file == STANDARD_INPUT:
        hint = ""
    try:
        yield
    except UnavailableError as error:
        raise SatzstromError(f"{error}{hint}") from None
    except KeyboardInterrupt:
        sys.stderr.write(f"\nThe upload broke off{hint}\n")
        raise


def filename_of(file: str) -> str | None:
    """Return the name that a file goes by; None for standard input."""
    return None if file == STANDARD_INPUT else Path(file).name


def utf8_of(file: str, encoding: str | None) -> Iterator[bytes]:
    """Yield the file's text in UTF-8. Raises `InputError`, `OSError`; for wrong bytes it names the first one's offset."""
    decoder = TextDecoder(encoding)
    stream: IO[bytes]
    with sys.stdin.buffer if file == STANDARD_INPUT else Path(file).open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            if text := decoder.feed(chunk):
                yield text.encode()
    yield decoder.finish().encode()
    if encoding == DETECT:
        sys.stderr.write(f"{file} was read as {decoder.encoding}\n")
