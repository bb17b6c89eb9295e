"""As `satzstrom.sending`, for asyncio."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import IO, Unpack

from satzstrom import requests
from satzstrom.async_connection import AsyncConnection, chunks_of
from satzstrom.errors import RefusedError
from satzstrom.orders import Order, query_of, request_of_file, request_of_sent_file, request_of_text
from satzstrom.requests import Upload
from satzstrom.results import Batch, FileUpload, PartPage
from satzstrom.uploads import FileToSend


class AsyncSending(AsyncConnection):
    """The part of `AsyncClient` that sends documents."""

    async def submit(
        self,
        text: str | AsyncIterable[bytes],
        *,
        source: str = "de",
        target: str = "en",
        document: str | None = None,
        filename: str | None = None,
        **order: Unpack[Order],
    ) -> str:
        """Submit a text, or the chunks of one in UTF-8 of any length, and return the document's id.

        As `satzstrom.client.Client.submit`.
        """
        request = request_of_text(text, filename, order, source=source, target=target, id=document)
        return str((await self.call("POST", "/v1/documents", **request)).json()["id"])

    async def submit_file(
        self,
        content: IO[bytes],
        *,
        filename: str,
        source: str = "de",
        target: str = "en",
        document: str | None = None,
        encoding: str | None = None,
        columns: str | None = None,
        **order: Unpack[Order],
    ) -> str:
        """Submit a file of any kind that is translated, read while it is sent, and return the document's id.

        As `satzstrom.client.Client.submit_file`.
        """
        fields = {"source": source, "target": target, "id": document, "filename": filename, "encoding": encoding}
        request = request_of_file(content, chunks_of(content), columns, order, **fields)
        return str((await self.call("POST", "/v1/documents", **request)).json()["id"])

    async def parts(self, document: str) -> AsyncIterator[PartPage]:
        """Yield which parts of a document are there, a page at a time."""
        async for page in self.pages(PartPage, f"/v1/documents/{document}/parts", {"limit": 1000}):
            yield page

    async def put_part(  # noqa: PLR0913 (each is a keyword)
        self,
        document: str,
        number: int,
        text: str,
        *,
        last: bool,
        source: str = "de",
        target: str = "en",
        filename: str | None = None,
        length: int | None = None,
        **order: Unpack[Order],
    ) -> None:
        """Send one part of a document, of at most 64 KiB; what is said of it counts with part 0 of a new one.

        `length`: bytes of the whole text in UTF-8, so that its progress can be told from the start.
        """
        await self.call(
            "PUT",
            f"/v1/documents/{document}/parts/{number}",
            params=query_of(order, last=last, source=source, target=target, filename=filename, length=length),
            content=text.encode(),
            headers={"Content-Type": "text/plain; charset=utf-8"},
        )

    async def submit_batch(
        self,
        files: Iterable[Upload],
        *,
        source: str = "de",
        target: str = "en",
        batch: str | None = None,
        columns: str | None = None,
        **order: Unpack[Order],
    ) -> Batch:
        """Submit several files in one request; `batch` is the id that it should have. As `Client.submit_batch`."""
        return await self.ask(requests.batch(files, columns, order, source=source, target=target, batch=batch))

    async def send_file(self, upload: str, content: IO[bytes], *, filename: str) -> FileUpload:
        """Send a file for documents to come, from where it broke off, and return it when all of it is there, for a day.

        `upload` is the id that it should have; `content` can be sought in. Raises `SatzstromError` if that has another file.
        """
        whole = FileToSend(upload, content, filename)
        try:
            there = await self.sent_file(upload)
        except RefusedError as error:
            if error.kind != "not-found":
                raise
            there = None
        if there is not None and there.complete:
            if not whole.is_there(there):
                raise whole.other()
            return there
        there = await self.ask(whole.rest(there, whole.chunks_async()))
        if not whole.is_there(there):
            await self.delete_sent_file(upload)
            raise whole.mixed()
        return there

    async def sent_file(self, upload: str) -> FileUpload:
        """Return how much of a file is there."""
        return await self.get(FileUpload, f"/v1/files/{upload}")

    async def delete_sent_file(self, upload: str) -> None:
        """Delete a file that was sent; documents that were made of it keep their own copy."""
        await self.call("DELETE", f"/v1/files/{upload}")

    async def submit_sent_file(
        self,
        upload: str,
        *,
        source: str = "de",
        target: str = "en",
        document: str | None = None,
        encoding: str | None = None,
        columns: str | None = None,
        **order: Unpack[Order],
    ) -> str:
        """Submit a file that was sent before, once or for several languages, and return the document's id."""
        fields = {"source": source, "target": target, "id": document, "encoding": encoding, "file": upload}
        request = request_of_sent_file(columns, order, **fields)
        return str((await self.call("POST", "/v1/documents", **request)).json()["id"])
