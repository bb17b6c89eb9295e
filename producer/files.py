"""Files that the command line writes."""

from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import InputError


def write_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file, complete or not at all: a reader never finds half a book under the name of the whole.

    Raises `InputError` if it cannot be written.
    """
    draft = path.with_name(path.name + ".part")
    try:
        with draft.open("wb") as stream:
            for chunk in chunks:
                stream.write(chunk)
        draft.replace(path)
    except OSError as error:
        raise InputError(f"cannot write to {path}: {error.strerror}") from None
    finally:
        # Whatever broke off, the connection or the person: half a book is of no use.
        draft.unlink(missing_ok=True)
