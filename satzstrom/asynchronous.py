"""The client for programs on asyncio."""

import asyncio
from collections.abc import AsyncIterator
from typing import Literal, Unpack

import httpx

from satzstrom import requests
from satzstrom.async_editing import AsyncEditing
from satzstrom.async_operating import AsyncOperating
from satzstrom.async_remembering import AsyncRemembering
from satzstrom.async_sending import AsyncSending
from satzstrom.connection import PAUSE, unreachable
from satzstrom.orders import SentenceFilters, TextOrder
from satzstrom.results import (
    Batch,
    Hit,
    HitPage,
    Level,
    LiveSentence,
    Outline,
    Sentence,
    SentencePage,
    Status,
    StatusPage,
    Translation,
    Version,
)
from satzstrom.streaming import EventReader


class AsyncClient(AsyncSending, AsyncEditing, AsyncRemembering, AsyncOperating):
    """As `satzstrom.client.Client`, for asyncio. Use it in an `async with` statement.

    Raises `RefusedError` for what the API refuses, `UnavailableError` when it cannot be reached.
    """

    async def status(self, document: str) -> Status:
        """Return how far a document is."""
        return await self.get(Status, f"/v1/documents/{document}")

    async def wait(self, document: str) -> Status:
        """Return when a document is done, cancelled, or its upload has broken off."""
        while True:
            status = await self.get(Status, f"/v1/documents/{document}", {"wait": 30})
            if status.ended:
                return status

    async def text(
        self, document: str, *, partial: str = "none", version: Version = "corrected"
    ) -> AsyncIterator[bytes]:
        """Yield the translation in UTF-8; `partial` says what to do with missing sentences (none, source, skip).

        `version`: as people have corrected it, or as the machine made it.
        """
        query = {"partial": partial, "version": version}
        async for chunk in self.chunks(f"/v1/documents/{document}/text", query):
            yield chunk

    async def file(
        self, document: str, *, partial: str = "none", output: str | None = None, version: Version = "corrected"
    ) -> AsyncIterator[bytes]:
        """Yield a document in its own format; the rest as for `text`, `output` is the kind for one that has several."""
        query = {"partial": partial, "version": version} | ({"output": output} if output else {})
        async for chunk in self.chunks(f"/v1/documents/{document}/file", query):
            yield chunk

    async def export(
        self, document: str, form: str, *, partial: str = "none", version: Version = "corrected"
    ) -> AsyncIterator[bytes]:
        """Yield a document as a file; `form` is text, html, docx, xliff, tmx or jsonl, the rest as for `text`."""
        query = {"format": form, "partial": partial, "version": version}
        async for chunk in self.chunks(f"/v1/documents/{document}/export", query):
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
                async for line in self.lines(path, events.headers):
                    event = events.feed(line)
                    if isinstance(event, LiveSentence):
                        yield event
                    if events.ended:
                        return
            except httpx.ConnectError as error:
                raise unreachable(self.address, error) from error
            except httpx.HTTPError:
                await asyncio.sleep(PAUSE)

    async def sentences(
        self,
        document: str,
        *,
        confidence: Level | None = None,
        order: Literal["position", "confidence"] = "position",
        version: Version = "corrected",
        **filters: Unpack[SentenceFilters],
    ) -> AsyncIterator[Sentence]:
        """Yield the sentences of a document with their translations, as `satzstrom.client.Client.sentences` does."""
        query = requests.chosen_sentences(filters, confidence=confidence, order=order, version=version)
        async for page in self.pages(SentencePage, f"/v1/documents/{document}/sentences", query):
            for sentence in page.items:
                yield sentence

    async def documents(
        self, *, metadata: dict[str, str] | None = None, **filters: str | None
    ) -> AsyncIterator[Status]:
        """Yield documents, newest first; filters as `satzstrom.client.Client.documents` has them."""
        query = filters | {f"metadata.{name}": value for name, value in (metadata or {}).items()}
        async for page in self.pages(StatusPage, "/v1/documents", query):
            for status in page.items:
                yield status

    async def search(self, words: str, *, document: str | None = None) -> AsyncIterator[Hit]:
        """Yield the sentences that have all of these words in their source or in their translation."""
        async for page in self.pages(HitPage, "/v1/search", {"q": words, "document": document}):
            for hit in page.items:
                yield hit

    async def batch(self, batch: str) -> Batch:
        """Return how far a batch is."""
        return await self.get(Batch, f"/v1/batches/{batch}")

    async def cancel(self, document: str) -> Status:
        """Stop the work on a document; what is translated of it stays."""
        return await self.ask(requests.cancelling(document))

    async def delete(self, document: str, *, memory: bool = False) -> None:
        """Delete a document; `memory`: also what people made of it in the translation memory."""
        await self.call("DELETE", f"/v1/documents/{document}", params={"memory": "true"} if memory else None)

    async def translate(
        self, text: str, *, source: str = "auto", target: str = "en", **order: Unpack[TextOrder]
    ) -> Translation:
        """Translate a text of some pages at most while one waits, before all documents; it is kept nowhere."""
        return await self.ask(requests.translation(text, source, target, order))

    async def outline(self, document: str) -> Outline:
        """Return the chapters of a document, as its headings say."""
        return await self.get(Outline, f"/v1/documents/{document}/outline")
