"""Whether a document has changed at all, known before it is written."""

from collections import deque
from collections.abc import Iterator

from formats.document import Translated

# Texts that are looked at, and characters of them: who has so many in a row that stay as they are has no translation yet.
# They are kept meanwhile with their sentences, which takes thirty times as many bytes.
_AHEAD = 2000
_CHARACTERS = 400_000


def changes(translated: Iterator[Translated]) -> tuple[bool, Iterator[Translated]]:
    """Return whether anything among the next texts has changed, and an iterator of all of them."""
    seen: deque[Translated] = deque()
    characters = 0
    for one in translated:
        seen.append(one)
        characters += len(one.source)
        if one.changed:
            return True, _taken(seen, translated)
        if len(seen) >= _AHEAD or characters >= _CHARACTERS:
            break
    return False, _taken(seen, translated)


def _taken(seen: deque[Translated], rest: Iterator[Translated]) -> Iterator[Translated]:
    """Yield both, and let go of what was seen as it is taken."""
    while seen:
        yield seen.popleft()
    yield from rest
