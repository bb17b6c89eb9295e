"""Statuses that many ask for at the same time."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from typing import cast

import pytest

from api.live import statuses
from api.live.statuses import Statuses
from pipeline.errors import UnavailableError
from store.documents.reading import Document, DocumentReader
from store.ownership import Ownership
from tests.unit.documents import DOCUMENT


class SlowReader:
    """Answers when it is told to, and remembers what it was asked for together."""

    def __init__(self) -> None:
        self.asked: list[set[str]] = []
        self.may_answer = asyncio.Event()
        self.error: Exception | None = None

    async def many(self, ownership: Ownership, documents: Collection[str]) -> dict[str, Document]:
        self.asked.append(set(documents))
        await self.may_answer.wait()
        if self.error is not None:
            raise self.error
        return {name: replace(DOCUMENT, id=name) for name in documents if name != "nobody"}


@pytest.fixture
def reader() -> SlowReader:
    return SlowReader()


def made(reader: SlowReader) -> Statuses:
    return Statuses(cast("DocumentReader", reader))


async def ask(found: Statuses, *names: str) -> list[asyncio.Task[str | None]]:
    async def one(name: str) -> str | None:
        status = await found.get(name)
        return status.id if status else None

    tasks = [asyncio.create_task(one(name)) for name in names]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_who_asks_while_one_is_read_is_answered_with_all_others(reader: SlowReader) -> None:
    statuses_ = made(reader)
    first = await ask(statuses_, "a")
    later = await ask(statuses_, "b", "c", "b", "nobody")
    reader.may_answer.set()
    assert await asyncio.gather(*first, *later) == ["a", "b", "c", "b", None]
    assert reader.asked == [{"a"}, {"b", "c", "nobody"}]


async def test_nobody_is_forgotten_when_reading_takes_longer_than_a_status_is_fresh(
    reader: SlowReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statuses, "FRESH_FOR", -1.0)
    statuses_ = made(reader)
    asked = [
        *await ask(statuses_, "a"),
        *await ask(statuses_, "b"),
        *await ask(statuses_, "b"),
        *await ask(statuses_, "a"),
    ]
    reader.may_answer.set()
    async with asyncio.timeout(5):
        assert await asyncio.gather(*asked) == ["a", "b", "b", "a"]


async def test_everybody_who_waits_gets_the_error_and_the_next_one_an_answer(reader: SlowReader) -> None:
    statuses_ = made(reader)
    reader.error = UnavailableError("MongoDB", "here", "it is away")
    waiting = await ask(statuses_, "a", "a", "b")
    leaving = (await ask(statuses_, "b"))[0]
    leaving.cancel()
    reader.may_answer.set()
    assert [type(found) for found in await asyncio.gather(*waiting, return_exceptions=True)] == [UnavailableError] * 3
    reader.error = None
    assert await (await ask(statuses_, "c"))[0] == "c"
