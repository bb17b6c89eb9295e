"""Whether a document has changed at all, known before it is written."""

from collections import deque
from collections.abc import Iterator
from itertools import chain

from formats.document import Translated

# Texts that are looked at: who has so many in a row that stay as they are has no translation yet.
_AHEAD = 2000


def changes(translated: Iterator[Translated]) -> tuple[bool, Iterator[Translated]]:
    """Return whether anything among the next texts has changed, and an iterator of all of them."""
    seen: deque[Translated] = deque()
    for one in translated:
        seen.append(one)
        if one.changed:
            return True, chain(seen, translated)
        if len(seen) >= _AHEAD:
            break
    return False, chain(seen, translated)
