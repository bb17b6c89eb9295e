"""Event streams go on only as long as the key is one that they were opened with, and a key opens only so many."""

import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing

from api.callers import Caller
from api.keys import KNOWN_FOR, KeyRing
from pipeline.errors import TooManyStreamsError, UnavailableError

MOST_STREAMS = 100
"""Of a key, in one API process. Each holds a connection, and one that begins far behind reads from Kafka by itself."""


class StreamGuard:
    """Counts streams by key, and ends those of a key that was revoked."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self._open: Counter[str] = Counter()

    def check(self, caller: Caller) -> None:
        """Raise `TooManyStreamsError` if a caller has as many as it may have."""
        if caller.id is not None and self._open[caller.id] >= MOST_STREAMS:
            raise TooManyStreamsError(MOST_STREAMS)

    async def guarded(self, caller: Caller, stream: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
        """Yield what a stream yields; end it when the key is none any more, or nobody can tell."""
        name = caller.id or ""
        self._open[name] += 1
        asked = time.monotonic()
        try:
            async with aclosing(stream):
                async for chunk in stream:
                    if time.monotonic() - asked >= KNOWN_FOR:
                        if not await self._ring.holds(caller):
                            return
                        asked = time.monotonic()
                    yield chunk
        except UnavailableError:
            return
        finally:
            self._open[name] -= 1
            if not self._open[name]:
                del self._open[name]
