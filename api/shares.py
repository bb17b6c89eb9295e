"""How much of each key's texts goes before everybody's books."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from api.callers import Caller
from pipeline.events import DocumentPart
from pipeline.lanes import urgent_characters

# Keys that are remembered; the one that was not heard of for longest is forgotten, and has its whole share again.
_KEYS = 10_000


@dataclass
class _Share:
    left: float
    seen: float


class Shares:
    """Gives each key so many characters a minute that are translated before books; what is beyond waits with the books.

    So a key that sends a flood of notes keeps nobody else's waiting, and where nobody waits it is as fast as ever.
    A share that was not used is kept for a minute. Of admins, and where no keys are asked for, nothing is counted.

    Each process of the API counts for itself.
    """

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`a_minute`: characters of a key; `clock`: seconds, of which only differences count."""
        self._most = float(a_minute)
        self._clock = clock
        self._shares: OrderedDict[str, _Share] = OrderedDict()

    def within(self, caller: Caller, part: DocumentPart) -> DocumentPart:
        """Return the part as it is to be sent: behind others, if its sender's share is used up."""
        wanted = urgent_characters(part)
        if caller.id is None or caller.admin or not wanted:
            return part
        share = self._share(caller.id)
        if share.left <= 0:
            return replace(part, priority="low", urgent=None)
        # The last of it may be larger than what is left: a text goes before others as a whole or not at all.
        share.left -= wanted
        return part

    def _share(self, key: str) -> _Share:
        now = self._clock()
        share = self._shares.setdefault(key, _Share(self._most, now))
        share.left = min(self._most, share.left + (now - share.seen) * self._most / 60)
        share.seen = now
        self._shares.move_to_end(key)
        if len(self._shares) > _KEYS:
            self._shares.popitem(last=False)
        return share
