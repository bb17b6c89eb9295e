"""The connection that the client speaks over."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import httpx
import msgspec

from satzstrom.errors import RefusedError, SatzstromError, UnavailableError
from satzstrom.requests import Request, given


class Page(Protocol):
    """A page of anything."""

    @property
    def next(self) -> str | int | None:
        """Where the next page begins; None on the last one."""
        ...


PAUSE = 1.0
"""Seconds before a stream that broke off is asked for again."""

P = TypeVar("P", bound=Page)
T = TypeVar("T")


class Connection:
    """Makes requests and reads their answers. Use it in a `with` statement.

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

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Make a request, and return its answer; options as httpx takes them."""
        with self._reached():
            answer = self._http.request(method, path, **options)
        check(answer)
        return answer

    def ask(self, request: Request[T]) -> T:
        """Make a request, and return what its answer says."""
        answer = self.call(request.method, request.path, **request.options)
        return msgspec.json.decode(answer.content, type=request.kind)

    def get(self, kind: type[T], path: str, query: Mapping[str, Any] | None = None) -> T:
        """Return an answer as a type of `satzstrom.results`."""
        return self.ask(Request(kind, "GET", path, {"params": query}))

    def pages(self, kind: type[P], path: str, query: Mapping[str, Any]) -> Iterator[P]:
        """Yield the pages of a list, one after the other; what is None in the query is left out."""
        wanted = given(query)
        while True:
            page = self.get(kind, path, wanted)
            yield page
            if page.next is None:
                return
            wanted["after"] = page.next

    def lines(self, path: str, headers: Mapping[str, str], query: Mapping[str, Any] | None = None) -> Iterator[str]:
        """Yield the lines of an answer as they arrive; nothing for half a minute counts as a broken connection.

        Raises httpx's errors as they are, so that whoever asks can make the connection again.
        """
        with self._http.stream("GET", path, params=query, headers=headers, timeout=30) as answer:
            if answer.is_error:
                answer.read()
            check(answer)
            yield from answer.iter_lines()

    def chunks(self, path: str, query: Mapping[str, Any]) -> Iterator[bytes]:
        """Yield the bytes of an answer as they arrive."""
        with self._reached(), self._http.stream("GET", path, params=query) as answer:
            if answer.is_error:
                answer.read()
            check(answer)
            yield from answer.iter_bytes()

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except httpx.HTTPError as error:
            raise unreachable(self.address, error) from error


def unreachable(address: str, error: httpx.HTTPError) -> UnavailableError:
    """Return what to say when no request gets through."""
    reason = str(error) or type(error).__name__
    return UnavailableError(address, f"{reason}; is a pipeline running? Start one with 'satzstrom up'")


def check(answer: httpx.Response) -> None:
    """Raise `RefusedError` for an answer that says no."""
    if answer.is_success:
        return
    try:
        problem = answer.json()
        kind, detail = problem["type"].rpartition(":")[2], problem["detail"]
        fields = [(error["field"], error["message"]) for error in problem.get("errors", ())]
    except (ValueError, KeyError, TypeError):
        raise SatzstromError(f"the API answered {answer.status_code}: {answer.text[:200]}") from None
    raise RefusedError(kind, answer.status_code, detail, fields=fields, request=answer.headers.get("X-Request-ID"))
