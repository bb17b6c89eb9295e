"""What a reader of live events waits for."""

from collections.abc import AsyncIterator

from api.live.events import Place
from api.live.feed import Listener


async def nothing() -> AsyncIterator[list[bytes]]:
    none: list[list[bytes]] = []
    for events in none:
        yield events


async def test_an_end_is_reached_in_its_own_partition_whatever_was_added_meanwhile() -> None:
    read = {3: 499, 11: 0}
    listener = Listener(read.__getitem__, nothing())
    listener.give(b"sentence")
    assert await listener.take(1) == [b"sentence"]
    assert not listener.has_all_before(Place(3, 500))
    # Meanwhile the document's translations go to partition 11, which may never have as many.
    read[3] = 500
    assert listener.has_all_before(Place(3, 500))
