"""A client for the HTTP API."""

from collections.abc import Iterator
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec

from pipeline.errors import InputError, SatzstromError, UnavailableError


class RefusedError(InputError):
    """The API refused a request; `kind` is for programs, the message for people."""

    def __init__(self, kind: str, status: int, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.status = status


class SentenceCounts(msgspec.Struct, frozen=True):
    """Sentences of a document."""

    total: int
    translated: int
    suspect: int = 0
    failed: int = 0


class Status(msgspec.Struct, frozen=True):
    """A document as it stands now."""

    id: str
    state: str
    source: str
    target: str
    model: str | None
    characters: int
    sentences: SentenceCounts
    progress: float
    eta_seconds: float | None
    created: datetime
    finished: datetime | None
    metadata: dict[str, Any] = {}
    reason: str | None = None
    """Why the upload broke off."""

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "cancelled", "incomplete")


class StatusPage(msgspec.Struct, frozen=True):
    """Documents, and where the next page begins."""

    items: list[Status]
    next: str | None


class Part(msgspec.Struct, frozen=True):
    """A part of a document that is there; `revision` as `pipeline.revisions` makes it."""

    part: int
    revision: str
    characters: int
    sentences: SentenceCounts


class PartPage(msgspec.Struct, frozen=True):
    """Parts, what their document was begun with, and where the next page begins."""

    source: str
    target: str
    model: str | None
    items: list[Part]
    next: int | None


class DeadLetter(msgspec.Struct, frozen=True):
    """A record that could not be used, and why; `value` is there when one is asked for."""

    id: str
    at: datetime
    service: str
    stage: str
    reason: str
    message: str
    document: str | None
    topic: str
    replayed: datetime | None
    value: str | None = None
    value_base64: str = ""


class DeadLetterPage(msgspec.Struct, frozen=True):
    """Dead letters, and where the next page begins."""

    items: list[DeadLetter]
    next: str | None


class Client:
    """Submits documents and reads them. Use it in a `with` statement.

    Raises `RefusedError` for what the API refuses, `UnavailableError` when it cannot be reached.
    """

    def __init__(
        self, address: str = "http://127.0.0.1:8000", *, key: str | None = None, timeout: float = 60.0
    ) -> None:
        """`key`: for an API that asks for one."""
        self.address = address.rstrip("/")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx.Client(base_url=self.address, timeout=timeout, headers=headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def submit(
        self, text: str | Iterator[bytes], *, source: str = "de", target: str = "en", document: str | None = None
    ) -> str:
        """Submit a text, or the chunks of one in UTF-8 of any length, and return the document's id.

        `document` is the id that it should have; without one the API makes one.
        """
        query = {"source": source, "target": target} | ({"id": document} if document else {})
        if isinstance(text, str):
            answer = self._call("POST", "/v1/documents", json=query | {"text": text})
        else:
            answer = self._call(
                "POST",
                "/v1/documents",
                params=query,
                content=text,
                headers={"Content-Type": "text/plain; charset=utf-8"},
            )
        return str(answer.json()["id"])

    def parts(self, document: str) -> Iterator[PartPage]:
        """Yield which parts of a document are there, a page at a time."""
        query: dict[str, int] = {"limit": 1000}
        while True:
            answer = self._call("GET", f"/v1/documents/{document}/parts", params=query)
            page = msgspec.json.decode(answer.content, type=PartPage)
            yield page
            if page.next is None:
                return
            query["after"] = page.next

    def put_part(
        self, document: str, number: int, text: str, *, last: bool, source: str = "de", target: str = "en"
    ) -> None:
        """Send one part of a document, of at most 64 KiB; the languages count for part 0 of a new one."""
        self._call(
            "PUT",
            f"/v1/documents/{document}/parts/{number}",
            params={"last": last, "source": source, "target": target},
            content=text.encode(),
            headers={"Content-Type": "text/plain; charset=utf-8"},
        )

    def status(self, document: str) -> Status:
        """Return how far a document is."""
        return msgspec.json.decode(self._call("GET", f"/v1/documents/{document}").content, type=Status)

    def text(self, document: str, *, partial: str = "none") -> Iterator[bytes]:
        """Yield the translation in UTF-8; `partial` says what to do with missing sentences (none, source, skip)."""
        try:
            with self._http.stream("GET", f"/v1/documents/{document}/text", params={"partial": partial}) as answer:
                if answer.is_error:
                    answer.read()
                _check(answer)
                yield from answer.iter_bytes()
        except httpx.HTTPError as error:
            raise self._unavailable(error) from error

    def documents(self, *, state: str | None = None) -> Iterator[Status]:
        """Yield all documents, newest first."""
        query = {"state": state} if state else {}
        while True:
            answer = self._call("GET", "/v1/documents", params=query)
            page = msgspec.json.decode(answer.content, type=StatusPage)
            yield from page.items
            if page.next is None:
                return
            query["after"] = page.next

    def cancel(self, document: str) -> Status:
        """Stop the work on a document; what is translated of it stays."""
        return msgspec.json.decode(self._call("POST", f"/v1/documents/{document}/cancel").content, type=Status)

    def delete(self, document: str) -> None:
        """Delete a document."""
        self._call("DELETE", f"/v1/documents/{document}")

    def dead_letters(self, **filters: str | None) -> Iterator[DeadLetter]:
        """Yield dead letters, newest first; filters: service, stage, reason, document, since, until.

        Times are in ISO 8601.
        """
        query = {name: value for name, value in filters.items() if value is not None}
        while True:
            answer = self._call("GET", "/v1/dead-letters", params=query)
            page = msgspec.json.decode(answer.content, type=DeadLetterPage)
            yield from page.items
            if page.next is None:
                return
            query["after"] = page.next

    def dead_letter(self, letter: str) -> DeadLetter:
        """Return one dead letter with its value."""
        return msgspec.json.decode(self._call("GET", f"/v1/dead-letters/{letter}").content, type=DeadLetter)

    def replay(self, letter: str) -> None:
        """Send the record of a dead letter again to its topic."""
        self._call("POST", f"/v1/dead-letters/{letter}/replay")

    def drop(self, letter: str) -> None:
        """Forget a dead letter."""
        self._call("DELETE", f"/v1/dead-letters/{letter}")

    def _call(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, path, **options)
        except httpx.HTTPError as error:
            raise self._unavailable(error) from error
        _check(answer)
        return answer

    def _unavailable(self, error: httpx.HTTPError) -> UnavailableError:
        return UnavailableError(
            "the API", self.address, f"{error}; is a pipeline running? Start one with 'satzstrom up'"
        )


def _check(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    try:
        problem = answer.json()
        kind, detail = problem["type"].rpartition(":")[2], problem["detail"]
    except (ValueError, KeyError, TypeError):
        raise SatzstromError(f"the API answered {answer.status_code}: {answer.text[:200]}") from None
    raise RefusedError(kind, answer.status_code, detail)
