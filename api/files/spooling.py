"""Files while they arrive, and while they are written: on the disk, never in memory as a whole, and without a name there."""

import asyncio
import hashlib
import io
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO, ParamSpec, TypeVar

from api.problems import FileTooLargeError
from store.files import CHUNK, FileStore, StoredFile

P = ParamSpec("P")
T = TypeVar("T")

# Reading holds the interpreter; more at once would only be slower, and others' requests wait longer.
_threads = ThreadPoolExecutor(4, "files")
_SENT_AT_ONCE = 256 * 1024


async def in_thread(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Run what takes time in one of the few threads for files."""
    return await asyncio.get_running_loop().run_in_executor(_threads, lambda: function(*arguments, **named))


class View(io.RawIOBase):
    """A second place to read at in an open file, so that two readers of it do not move each other."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        # Of its own: the file may be closed before a thread has stopped to read here.
        self._descriptor = os.dup(file.fileno())
        self._place = 0

    def close(self) -> None:
        """Close it."""
        if not self.closed:
            os.close(self._descriptor)
        super().close()

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def seekable(self) -> bool:
        """Whether it can be read anywhere."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the typeshed's Buffer has no length
        """Read the next bytes."""
        data = os.pread(self._descriptor, len(buffer), self._place)
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place}.get(whence)
        self._place = (os.fstat(self._descriptor).st_size if start is None else start) + offset
        return self._place

    def tell(self) -> int:
        """Return the place."""
        return self._place


def view(file: BinaryIO) -> BinaryIO:
    """Return an open file once more, to be read from its beginning."""
    file.flush()
    return io.BufferedReader(View(file))


def temporary() -> BinaryIO:
    """Return an open file without a name: it goes with the process at the latest."""
    return tempfile.TemporaryFile()


class Spool:
    """Takes the bytes of a file as they arrive, into the store and into a temporary file."""

    def __init__(
        self,
        store: FileStore,
        file: StoredFile,
        into: BinaryIO | None,
        limit: int,
        *,
        number: int = 0,
        check: Callable[[int], Awaitable[None]] | None = None,
    ) -> None:
        """Begin with the chunk `number`, where the ones before it are in the store.

        `check` is asked before each chunk whether the file may be as long as it is with it, and raises if not.
        """
        self._store = store
        self._file = file
        self._into = into
        self._limit = limit
        self._number = number
        self._check = check
        self._held = bytearray()
        self._digest = hashlib.sha256()
        self.length = number * CHUNK
        """Bytes that came, with those that were there before."""

    @property
    def digest(self) -> str:
        """SHA-256 of what came."""
        return self._digest.hexdigest()

    async def take(self, chunks: AsyncIterator[bytes]) -> None:
        """Take all of it. Raises `FileTooLargeError` as soon as it has more bytes than it may have, and as `check` does."""
        async for data in chunks:
            self.length += len(data)
            if self.length > self._limit:
                raise FileTooLargeError(self._limit)
            self._held += data
            while len(self._held) >= CHUNK:
                await self._flush(bytes(self._held[:CHUNK]))
                del self._held[:CHUNK]
        if self._held:
            await self._flush(bytes(self._held))

    async def _flush(self, data: bytes) -> None:
        if self._check is not None:
            await self._check(self._number * CHUNK + len(data))
        await in_thread(self._keep, data)
        await self._store.append(self._file, self._number, data)
        self._number += 1

    def _keep(self, data: bytes) -> None:
        self._digest.update(data)
        if self._into is not None:
            self._into.write(data)


async def sent(file: BinaryIO) -> AsyncIterator[bytes]:
    """Yield a temporary file's bytes from its beginning, and close it then."""
    try:
        await in_thread(file.seek, 0)
        while data := await in_thread(file.read, _SENT_AT_ONCE):
            yield data
    finally:
        file.close()
