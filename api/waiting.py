"""Waiting until a document is done."""

import asyncio
from collections.abc import Awaitable, Callable

from sink.store.reading import DocumentReader, State

_OVER = ("done", "cancelled", "incomplete", None)
# Seconds between two looks: short at first, for a sentence; longer for what takes long anyway.
_FIRST, _LONGEST = 0.01, 0.1
# Looks between two questions whether the client is still there.
_LOOKS = 5


class ClientGoneError(Exception):
    """Nobody waits for the answer any more."""


async def until_over(
    reader: DocumentReader, document: str, *, within: float, gone: Callable[[], Awaitable[bool]]
) -> State | None:
    """Return the state of a document when nothing more will happen to it; None if it was deleted.

    Raises `TimeoutError` after so many seconds, `ClientGoneError` when `gone` says that nobody waits any more,
    `UnavailableError` while MongoDB is away.
    """
    pause = _FIRST
    looks = 0
    async with asyncio.timeout(within):
        while (state := await reader.state(document)) not in _OVER:
            looks += 1
            if looks % _LOOKS == 0 and await gone():
                raise ClientGoneError
            await asyncio.sleep(pause)
            pause = min(_LONGEST, pause * 1.3)
    return state
