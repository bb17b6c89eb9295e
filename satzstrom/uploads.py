"""Files that are sent for documents to come, from where an earlier upload broke off."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import IO

from satzstrom.errors import SatzstromError
from satzstrom.orders import CHUNK
from satzstrom.requests import Request
from satzstrom.results import FileUpload

_STEP = 1024 * 1024
"""Bytes at whose multiples the API goes on with a file."""


class FileToSend:
    """A file on this side, which is read once, whatever of it is there already: so it is known whether both are the same."""

    def __init__(self, upload: str, content: IO[bytes], filename: str) -> None:
        """`content`: can be sought in."""
        self.upload = upload
        self._content = content
        self._filename = filename
        self._length = content.seek(0, os.SEEK_END)
        self._digest = hashlib.sha256()
        self._start = 0
        content.seek(0)

    def rest(self, there: FileUpload | None, chunks: Iterable[bytes] | AsyncIterable[bytes]) -> Request[FileUpload]:
        """Return the request that sends what is missing; `chunks`: as this client reads it."""
        last = max(0, self._length - 1)
        self._start = min(there.bytes if there is not None else 0, last // _STEP * _STEP)
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(self._length - self._start)}
        if self._length:
            headers["Content-Range"] = f"bytes {self._start}-{last}/{self._length}"
        options = {"params": {"filename": self._filename}, "headers": headers, "content": chunks}
        return Request(FileUpload, "PUT", f"/v1/files/{self.upload}", options)

    def chunks(self) -> Iterator[bytes]:
        """Yield what is missing."""
        while chunk := self._next():
            if chunk is not _KNOWN:
                yield chunk

    async def chunks_async(self) -> AsyncIterator[bytes]:
        """Yield it, read in a thread, so that nothing else waits for the disk."""
        while chunk := await asyncio.to_thread(self._next):
            if chunk is not _KNOWN:
                yield chunk

    def is_there(self, there: FileUpload) -> bool:
        """Whether what is there is this file."""
        while self._next():
            pass
        return there.digest == self._digest.hexdigest()

    def mixed(self) -> SatzstromError:
        """Return what to say where what was there was the beginning of another file."""
        return SatzstromError(f"what was there of {self.upload} was of another file, and is deleted; send it again")

    def other(self) -> SatzstromError:
        """Return what to say where another file is there, as a whole."""
        return SatzstromError(f"under the id {self.upload} another file is there; choose another id")

    def _next(self) -> bytes:
        """Return bytes that are to be sent, or `_KNOWN` after some that are there; nothing at the end."""
        at = self._content.tell()
        chunk = self._content.read(min(CHUNK, self._start - at) if at < self._start else CHUNK)
        self._digest.update(chunk)
        return _KNOWN if chunk and at < self._start else chunk


_KNOWN = b"known"
