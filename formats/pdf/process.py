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
from formats.pdf.layout import Line, Page

_CHUNK = 256 * 1024
_PAGE_SECONDS = 30.0
_BYTES = 1 << 30
_REASONS = {
    "password": "the file opens with a password only; save it without one and send it again",
    "pages": "the file has more than 10,000 pages; send it in parts",
    "work": "the file's pages take more time or memory to read than a document may; send it in parts",
    "damaged": "the file is no PDF that can be read: it is damaged or breaks off; open it in a viewer and print it anew",
}


class Pages:
    """The pages of a file, as they are read; they may be gone through several times. Use it in a `with` statement."""

    def __init__(self, file: BinaryIO) -> None:
        """Begin to read. Raises `DocumentError` for what cannot be read; what is found later is raised on the way."""
        if find_spec("pypdfium2") is None:
            raise DocumentError("PDF files are not read here: install satzstrom-server[formats], or send it as docx")
        self._lines: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed with this)
        self._process: subprocess.Popen[bytes] | None = None
        try:
            with tempfile.TemporaryFile() as copy:
                _copy(file, copy)
                self._read(copy)
        except BaseException:
            self._close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def __iter__(self) -> Iterator[Page]:
        decoder = msgspec.json.Decoder(Line)
        position = 0
        while True:
            self._lines.seek(position)
            raw = self._lines.readline()
            if not raw.endswith(b"\n"):
                if self._collect():
                    continue
                if raw:
                    raise DocumentError(_REASONS["damaged"])
                return
            position += len(raw)
            try:
                line = decoder.decode(raw)
            except msgspec.DecodeError:
                raise DocumentError(_REASONS["damaged"]) from None
            if line.failure:
                raise DocumentError(_REASONS.get(line.failure.reason, _REASONS["damaged"]))
            if line.page:
                yield line.page

    def _read(self, copy: IO[bytes]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "formats.pdf.child"],
            stdin=copy,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Nothing that this process knows, such as passwords, is for it.
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self._collect()

    def _collect(self) -> bool:
        """Wait for more of what the process writes, and return whether there was any. Raises `DocumentError`."""
        if self._process is None:
            return False
        assert self._process.stdout is not None
        waiting = select.poll()
        waiting.register(self._process.stdout, select.POLLIN | select.POLLHUP)
        if not waiting.poll(_PAGE_SECONDS * 1000):
            raise DocumentError(f"a page of the file takes longer than {_PAGE_SECONDS:.0f} s to read; leave it out")
        chunk = os.read(self._process.stdout.fileno(), _CHUNK)
        written = self._lines.seek(0, os.SEEK_END) + self._lines.write(chunk)
        if written > _BYTES:
            raise DocumentError("the file's pages hold more text than a document may; send it in parts")
        if not chunk:
            status = self._process.wait()
            self._end()
            if status:
                # The kernel ends one that takes more than it may.
                reason = "work" if status in {-signal.SIGKILL, -signal.SIGXCPU} else "damaged"
                raise DocumentError(_REASONS[reason])
        return bool(chunk)

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            # Waits for its end, and closes the pipe.
            with self._process:
                self._process = None

    def _close(self) -> None:
        self._end()
        self._lines.close()


def _copy(file: BinaryIO, to: IO[bytes]) -> None:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        to.write(chunk)
    to.flush()
    to.seek(0)
