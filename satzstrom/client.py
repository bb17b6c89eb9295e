"""A client for the HTTP API."""

import time
from collections.abc import Iterator
from typing import Literal, Unpack

import httpx

from satzstrom import requests
from satzstrom.connection import PAUSE, unreachable
from satzstrom.editing import Editing
from satzstrom.operating import Operating
from satzstrom.orders import SentenceFilters, TextOrder
from satzstrom.remembering import Remembering
from satzstrom.requests import Upload
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
from satzstrom.sending import Sending
from satzstrom.streaming import EventReader

__all__ = ["Client", "Upload"]


class Client(Sending, Editing, Remembering, Operating):
    """Submits documents and reads them. Use it in a `with` statement.

    Raises `RefusedError` for what the API refuses, `UnavailableError` when it cannot be reached.
    """

    def file(
        self, document: str, *, partial: str = "none", output: str | None = None, version: Version = "corrected"
    ) -> Iterator[bytes]:
        """Yield a document in its own format; the rest as for `text`, `output` is the kind for one that has several."""
        query = {"partial": partial, "version": version} | ({"output": output} if output else {})
        return self.chunks(f"/v1/documents/{document}/file", query)

    def status(self, document: str) -> Status:
        """Return how far a document is."""
        return self.get(Status, f"/v1/documents/{document}")

    def wait(self, document: str) -> Status:
        """Return when a document is done, cancelled, or its upload has broken off."""
        while True:
            status = self.get(Status, f"/v1/documents/{document}", {"wait": 30})
            if status.ended:
                return status

    def live(self, document: str) -> Iterator[LiveSentence]:
        """Yield a document's sentences as they are made, until there are no more to come; those that are there come first.

        A connection that breaks is made again. A sentence may come twice; the last one counts.
        """
        events = EventReader()
        while True:
            events.restart()
            try:
                for line in self.lines(f"/v1/documents/{document}/events", events.headers):
                    event = events.feed(line)
                    if isinstance(event, LiveSentence):
                        yield event
                    if events.ended:
                        return
            except httpx.ConnectError as error:
                raise unreachable(self.address, error) from error
            except httpx.HTTPError:
                time.sleep(PAUSE)

    def text(self, document: str, *, partial: str = "none", version: Version = "corrected") -> Iterator[bytes]:
        """Yield the translation in UTF-8; `partial` says what to do with missing sentences (none, source, skip).

        `version`: as people have corrected it, or as the machine made it.
        """
        return self.chunks(f"/v1/documents/{document}/text", {"partial": partial, "version": version})

    def export(
        self, document: str, form: str, *, partial: str = "none", version: Version = "corrected"
    ) -> Iterator[bytes]:
        """Yield a document as a file; `form` is text, html, docx, xliff, tmx or jsonl, the rest as for `text`."""
        query = {"format": form, "partial": partial, "version": version}
        return self.chunks(f"/v1/documents/{document}/export", query)

    def sentences(
        self,
        document: str,
        *,
        confidence: Level | None = None,
        order: Literal["position", "confidence"] = "position",
        version: Version = "corrected",
        **filters: Unpack[SentenceFilters],
    ) -> Iterator[Sentence]:
        """Yield the sentences of a document with their translations, in the order of the text.

        `confidence`: only those of a level; `order` confidence: those that can be relied on least come first, with no other
        filter. Filters: what `satzstrom.orders.SentenceFilters` has. `version` machine, without filters: as they were made.
        """
        query = requests.chosen_sentences(filters, confidence=confidence, order=order, version=version)
        for page in self.pages(SentencePage, f"/v1/documents/{document}/sentences", query):
            yield from page.items

    def documents(self, *, metadata: dict[str, str] | None = None, **filters: str | None) -> Iterator[Status]:
        """Yield documents, newest first unless the filter `sort` says otherwise.

        Filters: state, source, target, created_after, created_before (ISO 8601), batch, q (words), sort; `metadata` has
        values by name.
        """
        query = filters | {f"metadata.{name}": value for name, value in (metadata or {}).items()}
        for page in self.pages(StatusPage, "/v1/documents", query):
            yield from page.items

    def search(self, words: str, *, document: str | None = None) -> Iterator[Hit]:
        """Yield the sentences that have all of these words in their source or in their translation."""
        for page in self.pages(HitPage, "/v1/search", {"q": words, "document": document}):
            yield from page.items

    def batch(self, batch: str) -> Batch:
        """Return how far a batch is."""
        return self.get(Batch, f"/v1/batches/{batch}")

    def cancel(self, document: str) -> Status:
        """Stop the work on a document; what is translated of it stays."""
        return self.ask(requests.cancelling(document))

    def delete(self, document: str, *, memory: bool = False) -> None:
        """Delete a document; `memory`: also what people made of it in the translation memory."""
        self.call("DELETE", f"/v1/documents/{document}", params={"memory": "true"} if memory else None)

    def translate(
        self, text: str, *, source: str = "auto", target: str = "en", **order: Unpack[TextOrder]
    ) -> Translation:
        """Translate a text of some pages at most while one waits, before all documents; it is kept nowhere."""
        return self.ask(requests.translation(text, source, target, order))

    def outline(self, document: str) -> Outline:
        """Return the chapters of a document, as its headings say."""
        return self.get(Outline, f"/v1/documents/{document}/outline")
