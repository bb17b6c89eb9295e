"""Pages of a file, read by a process of its own, which a hostile file may break without harm."""

import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from typing import IO, BinaryIO, Self

import msgspec

from formats.errors import DocumentError
from formats.pages.layout import Line, Page

_CHUNK = 256 * 1024
_PAGE_SECONDS = 30.0
_BYTES = 1 << 30
_REASONS = {
    "password": "the file opens with a password only; save it without one and send it again",
    "pages": "the file has more than 10,000 pages; send it in parts",
    "damaged": "the file is no PDF that can be read: it is damaged or breaks off; open it in a viewer and print it anew",
}


class Pages:
    """The pages of a file; they may be gone through several times. Use it in a `with` statement."""

    def __init__(self, file: BinaryIO) -> None:
        """Read the pages. Raises `DocumentError` for what cannot be read."""
        if find_spec("pypdfium2") is None:
            raise DocumentError("PDF files are not read here: install satzstrom-server[formats], or send it as docx")
        self._lines: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed with this)
        try:
            with tempfile.TemporaryFile() as copy:
                _copy(file, copy)
                self._read(copy)
        except BaseException:
            self._lines.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()

    def __iter__(self) -> Iterator[Page]:
        decoder = msgspec.json.Decoder(Line)
        self._lines.seek(0)
        for raw in self._lines:
            try:
                line = decoder.decode(raw)
            except msgspec.DecodeError:
                raise DocumentError(_REASONS["damaged"]) from None
            if line.failure:
                raise DocumentError(_REASONS.get(line.failure.reason, _REASONS["damaged"]))
            if line.page:
                yield line.page

    def _read(self, copy: IO[bytes]) -> None:
        with subprocess.Popen(
            [sys.executable, "-m", "formats.pages.child"],
            stdin=copy,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Nothing that this process knows, such as passwords, is for it.
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        ) as process:
            try:
                self._collect(process)
            finally:
                process.kill()
        if process.returncode not in {0, -signal.SIGKILL}:
            raise DocumentError(_REASONS["damaged"])

    def _collect(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None
        waiting = select.poll()
        waiting.register(process.stdout, select.POLLIN | select.POLLHUP)
        written = 0
        while True:
            if not waiting.poll(_PAGE_SECONDS * 1000):
                raise DocumentError(f"a page of the file takes longer than {_PAGE_SECONDS:.0f} s to read; leave it out")
            chunk = os.read(process.stdout.fileno(), _CHUNK)
            if not chunk:
                break
            written += len(chunk)
            if written > _BYTES:
                raise DocumentError("the file's pages hold more text than a document may; send it in parts")
            self._lines.write(chunk)
        process.wait()


def _copy(file: BinaryIO, to: IO[bytes]) -> None:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        to.write(chunk)
    to.flush()
    to.seek(0)
