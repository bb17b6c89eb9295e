"""The connection that the client for asyncio speaks over."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Any, Self, TypeVar

import httpx
import msgspec

from satzstrom.connection import Page, check, unreachable
from satzstrom.orders import CHUNK
from satzstrom.requests import Request, given

P = TypeVar("P", bound=Page)
T = TypeVar("T")


class AsyncConnection:
    """As `satzstrom.connection.Connection`, for asyncio. Use it in an `async with` statement.

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

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Make a request, and return its answer; options as httpx takes them."""
        with self._reached():
            answer = await self._http.request(method, path, **options)
        check(answer)
        return answer

    async def ask(self, request: Request[T]) -> T:
        """Make a request, and return what its answer says."""
        answer = await self.call(request.method, request.path, **request.options)
        return msgspec.json.decode(answer.content, type=request.kind)

    async def get(self, kind: type[T], path: str, query: Mapping[str, Any] | None = None) -> T:
        """Return an answer as a type of `satzstrom.results`."""
        return await self.ask(Request(kind, "GET", path, {"params": query}))

    async def pages(self, kind: type[P], path: str, query: Mapping[str, Any]) -> AsyncIterator[P]:
        """Yield the pages of a list, one after the other; what is None in the query is left out."""
        wanted = given(query)
        while True:
            page = await self.get(kind, path, wanted)
            yield page
            if page.next is None:
                return
            wanted["after"] = page.next

    async def lines(
        self, path: str, headers: Mapping[str, str], query: Mapping[str, Any] | None = None
    ) -> AsyncIterator[str]:
        """Yield the lines of an answer as they arrive; nothing for half a minute counts as a broken connection.

        Raises httpx's errors as they are, so that whoever asks can make the connection again.
        """
        async with self._http.stream("GET", path, params=query, headers=headers, timeout=30) as answer:
            if answer.is_error:
                await answer.aread()
            check(answer)
            async for line in answer.aiter_lines():
                yield line

    async def chunks(self, path: str, query: Mapping[str, Any]) -> AsyncIterator[bytes]:
        """Yield the bytes of an answer as they arrive."""
        with self._reached():
            async with self._http.stream("GET", path, params=query) as answer:
                if answer.is_error:
                    await answer.aread()
                check(answer)
                async for chunk in answer.aiter_bytes():
                    yield chunk

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except httpx.HTTPError as error:
            raise unreachable(self.address, error) from error


async def chunks_of(content: IO[bytes]) -> AsyncIterator[bytes]:
    """Yield a file as it is read, in a thread, so that nothing else waits for the disk."""
    while chunk := await asyncio.to_thread(content.read, CHUNK):
        yield chunk
