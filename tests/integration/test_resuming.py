"""Uploads that break off, and go on."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from pipeline.document_info import DocumentInfo
from pipeline.errors import InputError
from pipeline.parts import cut
from producer.resuming import resume
from satzstrom import Client
from tests.integration.flow import Flow
from tests.integration.test_api import TEXT, problem
from tests.waiting import eventually

BOOK = "".join(f"Absatz {number} hat einen Satz, und zwar diesen.\r\n\r\n" for number in range(12_000))
PARTS = cut(BOOK)


async def status(flow: Flow, document: str) -> dict[str, Any]:
    found: dict[str, Any] = (await flow.http.get(f"/v1/documents/{document}")).json()
    return found


async def break_off(flow: Flow, document: str) -> None:
    """Submit a third of the book and lose the connection."""

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(BOOK) // 3, 10_000):
            yield BOOK[start : start + 10_000].encode()
        raise ConnectionError("the cable was pulled")

    with pytest.raises((ConnectionError, httpx.TransportError)):
        await flow.http.post(f"/v1/documents?id={document}", content=pieces(), headers=TEXT)

    async def incomplete() -> bool:
        return (await status(flow, document)).get("state") == "incomplete"

    await eventually(incomplete, what="the end of the upload")


async def test_what_came_is_translated_and_the_rest_can_follow(flow: Flow, caplog: pytest.LogCaptureFixture) -> None:
    await break_off(flow, "book")
    assert (await status(flow, "book"))["reason"] == "the connection broke off"
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR], "it is nobody's defect"
    there: list[Any] = []

    async def translated() -> bool:
        nonlocal there
        there = (await flow.http.get("/v1/documents/book/parts")).json()["items"]
        counts = [part["sentences"] for part in there]
        return len(there) > 1 and all(count["translated"] == count["total"] > 0 for count in counts)

    await eventually(translated, what="the parts that came")
    assert sum(part["characters"] for part in there) < len(BOOK) // 2

    def go_on() -> int:
        with Client(str(flow.http.base_url)) as client:
            chunks = (BOOK.encode()[start : start + 7_777] for start in range(0, len(BOOK.encode()), 7_777))
            return resume(client, DocumentInfo("book", "fr", "es"), chunks)

    sent = await asyncio.to_thread(go_on)
    assert sent == len(PARTS) - len(there)
    assert await flow.text("book") == BOOK.encode()
    assert (await status(flow, "book"))["source"] == "de"
    # Once more sends nothing.
    assert await asyncio.to_thread(go_on) == 0


async def test_another_file_is_refused_before_anything_is_sent(flow: Flow) -> None:
    await break_off(flow, "book")

    async def stored() -> bool:
        items = (await flow.http.get("/v1/documents/book/parts")).json()["items"]
        return any(item["part"] == 0 for item in items)

    await eventually(stored, what="the first part")

    def go_on() -> int:
        with Client(str(flow.http.base_url)) as client:
            return resume(client, DocumentInfo("book"), [b"Ein anderes Buch."])

    with pytest.raises(InputError, match="begun with another text"):
        await asyncio.to_thread(go_on)


async def test_a_document_can_be_sent_part_by_part_in_any_order_and_twice(flow: Flow) -> None:
    async def put(number: int) -> None:
        last = number == len(PARTS) - 1
        url = f"/v1/documents/parts/parts/{number}?last={str(last).lower()}"
        answer = await flow.http.put(url, content=PARTS[number].encode(), headers=TEXT)
        assert answer.status_code == 202, answer.text

    await put(0)
    for number in reversed(range(len(PARTS))):
        await put(number)
        await put(number)
    assert await flow.text("parts") == BOOK.encode()


async def test_parts_that_cannot_be_right_are_refused(flow: Flow) -> None:
    path = "/v1/documents/d/parts"
    await problem(flow, "PUT", f"{path}/1", 404, "not-found", content="zwei", headers=TEXT)
    await problem(flow, "PUT", f"{path}/0?source=xx", 422, "unknown-language", content="eins", headers=TEXT)
    await problem(flow, "PUT", f"{path}/0", 413, "too-large", content="ü" * 40_000, headers=TEXT)
    await problem(flow, "PUT", f"{path}/0", 415, "media-type", json={"text": "eins"})
    await problem(flow, "PUT", f"{path}/0", 422, "encoding", content=b"eins \xff", headers=TEXT)
    await problem(flow, "PUT", f"{path}/-1", 422, "invalid", content="eins", headers=TEXT)
    await problem(flow, "GET", path, 404, "not-found")
    for number, text, last in ((0, "eins ", "false"), (1, "zwei ", "false"), (2, "", "true")):
        answer = await flow.http.put(f"{path}/{number}?last={last}", content=text, headers=TEXT)
        assert answer.status_code == 202, answer.text
    assert await flow.text("d") == b"eins zwei "
    await problem(flow, "PUT", f"{path}/1", 409, "conflict", content="drei", headers=TEXT)
    await problem(flow, "PUT", f"{path}/3", 409, "conflict", content="vier", headers=TEXT)
    await problem(flow, "PUT", f"{path}/1?last=true", 409, "conflict", content="zwei ", headers=TEXT)
