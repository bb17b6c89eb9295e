"""Connections that say nothing, or never enough, are closed; their number is bounded."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
import uvicorn

from api import connections
from api.protocol import ProblemProtocol

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(connections, "SILENT_SECONDS", 0.5)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/slow":
            await asyncio.sleep(1.5)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    config = uvicorn.Config(app, http=ProblemProtocol, port=0, lifespan="off", log_config=None, timeout_keep_alive=20)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await serving


async def _closed(reader: asyncio.StreamReader) -> bytes:
    """Return what comes until the connection is closed by the other side."""
    said = b""
    with suppress(ConnectionError):
        async with asyncio.timeout(10):
            said = await reader.read()
    return said


@pytest.mark.parametrize(
    "said",
    [b"", b"GET / HTTP/1.1\r\nHost: a", REQUEST, REQUEST + b"GET / HTT"],
    ids=["idle", "half", "after", "half after"],
)
async def test_what_says_nothing_more_is_closed(port: int, said: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    answer = await _closed(reader)
    assert (b"200 OK" in answer) == said.startswith(REQUEST)
    writer.close()


async def test_a_request_that_drips_is_closed(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    closed = asyncio.create_task(_closed(reader))
    for byte in b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 50:
        if closed.done():
            break
        writer.write(bytes([byte]))
        await asyncio.sleep(0.05)
    assert await closed == b""
    writer.close()


async def test_a_request_under_way_is_not_closed(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(REQUEST.replace(b"GET / ", b"GET /slow "))
    assert b"200 OK" in await _closed(reader)
    writer.close()


async def test_there_is_an_end_to_their_number(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SILENT_SECONDS", 20)
    monkeypatch.setattr(connections, "MOST", 5)
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(8)]
    closed = [asyncio.create_task(_closed(reader)) for reader, _ in opened]
    async with asyncio.timeout(5):
        while sum(task.done() for task in closed) < 3:
            await asyncio.sleep(0.05)
    opened[0][1].write(REQUEST)
    async with asyncio.timeout(5):
        await asyncio.sleep(0.2)
    for task in closed:
        task.cancel()
    await asyncio.gather(*closed, return_exceptions=True)
    assert sum(not task.cancelled() for task in closed) == 3
    for _, writer in opened:
        writer.close()
