"""Files that the command line writes."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from pipeline.command_line import UsageError
from pipeline.errors import InputError


def is_same(one: Path, other: Path) -> bool:
    """Whether two names stand for one file: by links, too, and whether it is there or not."""
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()


def check_writable(path: Path, *sources: str) -> None:
    """Raise before any work is done what could go wrong after it; `sources` are files that must not be overwritten.

    Raises `UsageError`.
    """
    if any(is_same(path, Path(source)) for source in sources):
        raise UsageError(f"{path} is the document itself and would be overwritten; name another file with -o")
    writable = not path.is_dir() and os.access(path, os.W_OK) if path.exists() else True
    if not writable or not _is_writable(path.absolute().parent):
        raise UsageError(f"cannot write to {path}; choose another file with -o")


def check_folder(folder: Path) -> None:
    """Raise `UsageError` if a folder is not there and cannot be made, or cannot be written to."""
    if not _is_writable(folder.absolute()):
        raise UsageError(f"cannot write to {folder}; choose another folder with -o")


def _is_writable(folder: Path) -> bool:
    there = next(one for one in (folder, *folder.parents) if one.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def write_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file, complete or not at all: a reader never finds half a book under the name of the whole.

    Folders on its way are made; what is no regular file (a pipe, a device) is written to. Raises `InputError`.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                stream.writelines(chunks)
            return
        # What a link stands for is written, and the link stays.
        path = path.resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        # A name that nobody's file has.
        draft = path.with_name(f".{path.name[:60]}.{secrets.token_hex(4)}.part")
        try:
            with draft.open("xb") as stream:
                stream.writelines(chunks)
            if path.exists():
                draft.chmod(path.stat().st_mode & 0o7777)
            draft.replace(path)
        finally:
            # Whatever broke off, the connection or the person: half a book is of no use.
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"cannot write to {path}: {error.strerror}") from None
