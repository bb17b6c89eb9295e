"""The client for programs on asyncio."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Any, Literal, Self, TypeVar, Unpack

import httpx
import msgspec

from satzstrom.client import CHUNK
from satzstrom.connection import Page, check, unreachable
from satzstrom.orders import Order, request_of_file, request_of_text
from satzstrom.results import Hit, HitPage, Level, LiveSentence, Sentence, SentencePage, Status, StatusPage, Version
from satzstrom.streaming import EventReader

P = TypeVar("P", bound=Page)
_PAUSE = 1.0


class AsyncClient:
    """As `satzstrom.client.Client`, for asyncio. Use it in an `async with` statement.

    Raises `RefusedError` for what the API refuses, `UnavailableError` when it cannot be reached.
    """

    def __init__(
        self, address: str = "http://127.0.0.1:8000", *, key: str | None = None, timeout: float = 60.0
    ) -> None:
        """`key`: for an API that asks for one."""
        self.address = address.rstrip("/")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        # Each live document holds a connection; httpx would let the hundred and first wait for one of the others to end.
        limits = httpx.Limits(max_connections=None)
        self._http = httpx.AsyncClient(base_url=self.address, timeout=timeout, headers=headers, limits=limits)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

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
        request = request_of_file(content, _read(content), columns, order, **fields)
        return str((await self.call("POST", "/v1/documents", **request)).json()["id"])

    async def status(self, document: str) -> Status:
        """Return how far a document is."""
        answer = await self.call("GET", f"/v1/documents/{document}")
        return msgspec.json.decode(answer.content, type=Status)

    async def wait(self, document: str) -> Status:
        """Return when a document is done or cancelled."""
        while True:
            answer = await self.call("GET", f"/v1/documents/{document}", params={"wait": 30})
            status = msgspec.json.decode(answer.content, type=Status)
            if status.ended:
                return status

    async def text(
        self, document: str, *, partial: str = "none", version: Version = "corrected"
    ) -> AsyncIterator[bytes]:
        """Yield the translation in UTF-8; `partial` says what to do with missing sentences (none, source, skip).

        `version`: as people have corrected it, or as the machine made it.
        """
        query = {"partial": partial, "version": version}
        async for chunk in self._chunks(f"/v1/documents/{document}/text", query):
            yield chunk

    async def file(
        self, document: str, *, partial: str = "none", output: str | None = None, version: Version = "corrected"
    ) -> AsyncIterator[bytes]:
        """Yield a document in its own format; the rest as for `text`, `output` is the kind for one that has several."""
        query = {"partial": partial, "version": version} | ({"output": output} if output else {})
        async for chunk in self._chunks(f"/v1/documents/{document}/file", query):
            yield chunk

    async def export(
        self, document: str, form: str, *, partial: str = "none", version: Version = "corrected"
    ) -> AsyncIterator[bytes]:
        """Yield a document as a file; `form` is text, html, docx, xliff, tmx or jsonl, the rest as for `text`."""
        query = {"format": form, "partial": partial, "version": version}
        async for chunk in self._chunks(f"/v1/documents/{document}/export", query):
            yield chunk

    async def _chunks(self, path: str, query: Mapping[str, Any]) -> AsyncIterator[bytes]:
        with self._reached():
            async with self._http.stream("GET", path, params=query) as answer:
                if answer.is_error:
                    await answer.aread()
                check(answer)
                async for chunk in answer.aiter_bytes():
                    yield chunk

    async def live(self, document: str) -> AsyncIterator[LiveSentence]:
        """Yield a document's sentences as they are made, until there are no more to come; those that are there come first.

        A connection that breaks is made again. A sentence may come twice; the last one counts.
        """
        events = EventReader()
        path = f"/v1/documents/{document}/events"
        while True:
            events.restart()
            try:
                async with self._http.stream("GET", path, headers=events.headers, timeout=30) as answer:
                    if answer.is_error:
                        await answer.aread()
                    check(answer)
                    async for line in answer.aiter_lines():
                        event = events.feed(line)
                        if isinstance(event, LiveSentence):
                            yield event
                        if events.ended:
                            return
            except httpx.ConnectError as error:
                raise unreachable(self.address, error) from error
            except httpx.HTTPError:
                await asyncio.sleep(_PAUSE)

    async def sentences(
        self, document: str, *, confidence: Level | None = None, order: Literal["position", "confidence"] = "position"
    ) -> AsyncIterator[Sentence]:
        """Yield the sentences of a document with their translations, as `satzstrom.client.Client.sentences` does."""
        query = {"limit": 1000, "confidence": confidence, "order": order}
        async for page in self._pages(SentencePage, f"/v1/documents/{document}/sentences", query):
            for sentence in page.items:
                yield sentence

    async def documents(self, **filters: str | None) -> AsyncIterator[Status]:
        """Yield documents, newest first; filters as `satzstrom.client.Client.documents` has them."""
        async for page in self._pages(StatusPage, "/v1/documents", filters):
            for status in page.items:
                yield status

    async def search(self, words: str, *, document: str | None = None) -> AsyncIterator[Hit]:
        """Yield the sentences that have all of these words in their source or in their translation."""
        async for page in self._pages(HitPage, "/v1/search", {"q": words, "document": document}):
            for hit in page.items:
                yield hit

    async def cancel(self, document: str) -> Status:
        """Stop the work on a document; what is translated of it stays."""
        answer = await self.call("POST", f"/v1/documents/{document}/cancel")
        return msgspec.json.decode(answer.content, type=Status)

    async def delete(self, document: str) -> None:
        """Delete a document."""
        await self.call("DELETE", f"/v1/documents/{document}")

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Make a request, and return its answer; options as httpx takes them."""
        with self._reached():
            answer = await self._http.request(method, path, **options)
        check(answer)
        return answer

    async def _pages(self, kind: type[P], path: str, query: Mapping[str, Any]) -> AsyncIterator[P]:
        wanted = {name: value for name, value in query.items() if value is not None}
        while True:
            page = msgspec.json.decode((await self.call("GET", path, params=wanted)).content, type=kind)
            yield page
            if page.next is None:
                return
            wanted["after"] = page.next

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except httpx.HTTPError as error:
            raise unreachable(self.address, error) from error


async def _read(content: IO[bytes]) -> AsyncIterator[bytes]:
    while chunk := await asyncio.to_thread(content.read, CHUNK):
        yield chunk
