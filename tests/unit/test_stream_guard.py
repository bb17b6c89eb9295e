"""Event streams end with their key, and a key opens only so many."""

from collections.abc import AsyncGenerator
from typing import Any, cast

import pytest

from api.callers import ANYBODY, Caller
from api.live import guard
from api.live.guard import StreamGuard
from pipeline.errors import TooManyStreamsError, UnavailableError


class Ring:
    """Stands for a ring of keys."""

    active = True
    away = False

    async def holds(self, caller: Caller) -> bool:
        if self.away:
            raise UnavailableError("MongoDB", "somewhere", "away")
        return self.active


async def numbers() -> AsyncGenerator[bytes]:
    number = 0
    while True:
        yield str(number).encode()
        number += 1


@pytest.mark.parametrize("how", ["revoked", "away"])
async def test_a_stream_ends_when_its_key_is_revoked(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setattr(guard, "KNOWN_FOR", 0.0)
    ring = Ring()
    stream = StreamGuard(cast("Any", ring)).guarded(Caller("alice"), numbers())
    assert [await anext(stream), await anext(stream)] == [b"0", b"1"]
    ring.active, ring.away = how == "away", how == "away"
    assert [chunk async for chunk in stream] == []


async def test_a_key_opens_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MOST_STREAMS", 2)
    guarding = StreamGuard(cast("Any", Ring()))
    alice = Caller("alice")
    streams = [guarding.guarded(alice, numbers()) for _ in range(2)]
    for stream in streams:
        guarding.check(alice)
        await anext(stream)
    with pytest.raises(TooManyStreamsError):
        guarding.check(alice)
    guarding.check(Caller("bob"))
    guarding.check(ANYBODY)
    await streams[0].aclose()
    guarding.check(alice)
    await streams[1].aclose()
