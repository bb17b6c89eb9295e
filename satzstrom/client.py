"""A client for the HTTP API."""

import time
from collections.abc import Iterable, Iterator
from typing import IO, Literal, Unpack

import httpx

from satzstrom import requests
from satzstrom.connection import PAUSE, unreachable
from satzstrom.editing import Editing
from satzstrom.operating import Operating
from satzstrom.orders import CHUNK, Order, query_of, request_of_file, request_of_text
from satzstrom.requests import Upload
from satzstrom.results import (
    Batch,
    Hit,
    HitPage,
    Level,
    LiveSentence,
    PartPage,
    Sentence,
    SentencePage,
    Status,
    StatusPage,
    Version,
)
from satzstrom.streaming import EventReader

__all__ = ["Client", "Upload"]


class Client(Editing, Operating):
    """Submits documents and reads them. Use it in a `with` statement.

    Raises `RefusedError` for what the API refuses, `UnavailableError` when it cannot be reached.
    """

    def submit(
        self,
        text: str | Iterator[bytes],
        *,
        source: str = "de",
        target: str = "en",
        document: str | None = None,
        filename: str | None = None,
        **order: Unpack[Order],
    ) -> str:
        """Submit a text, or the chunks of one in UTF-8 of any length, and return the document's id.

        `document` is the id that it should have; without one the API makes one. `order`: what else `satzstrom.orders.Order`
        has, for example `title` or `glossary`.
        """
        request = request_of_text(text, filename, order, source=source, target=target, id=document)
        return str(self.call("POST", "/v1/documents", **request).json()["id"])

    def submit_file(
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

        The suffix of `filename` says its kind; `encoding` and `columns` (names or numbers with commas between) are for those
        that have such.
        """
        fields = {"source": source, "target": target, "id": document, "filename": filename, "encoding": encoding}
        request = request_of_file(content, iter(lambda: content.read(CHUNK), b""), columns, order, **fields)
        return str(self.call("POST", "/v1/documents", **request).json()["id"])

    def file(
        self, document: str, *, partial: str = "none", output: str | None = None, version: Version = "corrected"
    ) -> Iterator[bytes]:
        """Yield a document in its own format; the rest as for `text`, `output` is the kind for one that has several."""
        query = {"partial": partial, "version": version} | ({"output": output} if output else {})
        return self.chunks(f"/v1/documents/{document}/file", query)

    def parts(self, document: str) -> Iterator[PartPage]:
        """Yield which parts of a document are there, a page at a time."""
        return self.pages(PartPage, f"/v1/documents/{document}/parts", {"limit": 1000})

    def put_part(
        self,
        document: str,
        number: int,
        text: str,
        *,
        last: bool,
        source: str = "de",
        target: str = "en",
        filename: str | None = None,
        **order: Unpack[Order],
    ) -> None:
        """Send one part of a document, of at most 64 KiB; what is said of it counts with part 0 of a new one."""
        self.call(
            "PUT",
            f"/v1/documents/{document}/parts/{number}",
            params=query_of(order, last=last, source=source, target=target, filename=filename),
            content=text.encode(),
            headers={"Content-Type": "text/plain; charset=utf-8"},
        )

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
        self, document: str, *, confidence: Level | None = None, order: Literal["position", "confidence"] = "position"
    ) -> Iterator[Sentence]:
        """Yield the sentences of a document with their translations, in the order of the text.

        `confidence`: only those of a level; `order` confidence: those that can be relied on least come first.
        """
        query = {"limit": 1000, "confidence": confidence, "order": order}
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

    def submit_batch(
        self,
        files: Iterable[Upload],
        *,
        source: str = "de",
        target: str = "en",
        batch: str | None = None,
        **order: Unpack[Order],
    ) -> Batch:
        """Submit several files in one request, read while they are sent; `batch` is the id that it should have.

        `order` goes for each of them. A file that cannot be used has its problem in the result.
        """
        return self.ask(requests.batch(files, order, source=source, target=target, batch=batch))

    def batch(self, batch: str) -> Batch:
        """Return how far a batch is."""
        return self.get(Batch, f"/v1/batches/{batch}")

    def cancel(self, document: str) -> Status:
        """Stop the work on a document; what is translated of it stays."""
        return self.ask(requests.cancelling(document))

    def delete(self, document: str) -> None:
        """Delete a document."""
        self.call("DELETE", f"/v1/documents/{document}")
