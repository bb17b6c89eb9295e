"""Work beside a service."""

import asyncio
from functools import partial

import pytest

from pipeline import background as module
from pipeline.background import background


async def test_what_fails_is_told_and_begins_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "_PAUSE", 0.0)
    begun: list[str] = []
    again, ended = asyncio.Event(), asyncio.Event()

    async def failing() -> None:
        begun.append("failing")
        if len(begun) == 3:
            again.set()
            await asyncio.Event().wait()
        raise ZeroDivisionError

    async def steady() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with asyncio.timeout(5), background({"a thing": failing, "another": steady}):
        await again.wait()
        assert not ended.is_set(), "what others do does not end with it"
    assert ended.is_set()
    assert [record.message for record in caplog.records] == ["a thing failed; it begins again in 0 s"] * 2
    assert all(record.exc_info for record in caplog.records)


async def test_what_ends_is_not_begun_again() -> None:
    begun: list[int] = []

    async def short() -> None:
        begun.append(1)

    async with background({"short": short}):
        await asyncio.sleep(0.01)
    assert begun == [1]


async def test_the_error_of_the_block_comes_out() -> None:
    with pytest.raises(KeyError):
        async with background({"waiting": partial(asyncio.sleep, 60)}):
            raise KeyError
