"""Several files at once, from the command line."""

import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pipeline.command_line import UsageError
from pipeline.counted import counted
from pipeline.errors import InputError, SatzstromError
from producer.connecting import of_options
from producer.files import check_folder, is_same, write_file
from producer.kinds import kind_for, result_name
from producer.progress import going_on, watch
from producer.wording import not_done
from satzstrom import Client
from satzstrom.orders import Order
from satzstrom.results import Batch, Status

if TYPE_CHECKING:
    from satzstrom.client import Upload


def output_folder(files: list[str], output: Path | None, *, wait: bool) -> Path | None:
    """Return the folder that translations are to be written to; None if nobody waits for them.

    Raises `UsageError` if they could not all be written there, before any work is done.
    """
    if output is None and not wait:
        return None
    if output is None or (output.exists() and not output.is_dir()):
        raise UsageError("for several files -o has to name a folder that can be written to")
    check_folder(output)
    twice = [name for name, count in Counter(map(result_name, files)).items() if count > 1]
    if twice:
        raise UsageError(
            f"several of the files are called {twice[0]}, and {output} can hold only one; submit them apart"
        )
    for file in files:
        # Any of them: what one file's translation is called may be another one.
        if hit := [other for other in files if is_same(output / result_name(file), Path(other))]:
            raise UsageError(f"{hit[0]} lies in {output} and would be overwritten; name another folder")
    return output


def submit_several(  # noqa: PLR0913 (each is an option)
    client: Client,
    files: list[str],
    *,
    source: str,
    target: str,
    batch: str | None,
    encoding: str | None,
    columns: str | None,
    quiet: bool,
    folder: Path | None,
    order: Order,
) -> None:
    """Submit files as one batch and print their documents' ids, or wait and write the translations to a folder.

    Raises `InputError` if a file cannot be read; after all others are through `SatzstromError` if one was refused or has no
    translation.
    """
    sent = _send(
        client, files, source=source, target=target, batch=batch, encoding=encoding, columns=columns, order=order
    )
    if not quiet:
        sys.stderr.write(f"batch {sent.id}\n")
    failed = 0
    for document, file in zip(sent.documents, files, strict=True):
        if document.problem is not None:
            sys.stderr.write(f"{file}: {of_options(document.problem.detail)}\n")
            failed += 1
        elif folder is None:
            sys.stdout.write(f"{document.id}\n")
        elif (status := _watched(client, document.id, quiet=quiet)).state == "done":
            result = client.text(document.id) if kind_for(file).is_text else client.file(document.id)
            write_file(folder / result_name(file), result)
        else:
            sys.stderr.write(f"{file}: {not_done(status)}\n")
            failed += 1
    if failed:
        raise SatzstromError(
            f"{failed} of {counted(len(files), 'file')} {'has' if failed == 1 else 'have'} no translation"
        )


def _watched(client: Client, document: str, *, quiet: bool) -> Status:
    with going_on(document):
        return watch(client, document, quiet=quiet)


def _send(  # noqa: PLR0913 (each is an option)
    client: Client,
    files: list[str],
    *,
    source: str,
    target: str,
    batch: str | None,
    encoding: str | None,
    columns: str | None,
    order: Order,
) -> Batch:
    with ExitStack() as opened:
        uploads: list[Upload] = []
        for file in files:
            try:
                content: IO[bytes] = opened.enter_context(Path(file).open("rb"))
            except OSError as error:
                raise InputError(f"cannot read {file}: {error.strerror}") from None
            uploads.append((Path(file).name, content, encoding))
        return client.submit_batch(uploads, source=source, target=target, batch=batch, columns=columns, **order)
