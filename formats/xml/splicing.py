"""New bytes in the place of others, by where those stand."""

from collections.abc import Iterator
from operator import itemgetter


class Edits:
    """What is to stand in the place of stretches of some bytes; stretches do not overlap, and come in any order."""

    def __init__(self) -> None:
        self._edits: list[tuple[int, int, bytes]] = []

    def __bool__(self) -> bool:
        return bool(self._edits)

    def replace(self, start: int, end: int, new: bytes) -> None:
        """Put `new` in the place of the bytes from `start` to before `end`; in one place, what was put first comes first."""
        self._edits.append((start, end, new))

    def insert(self, place: int, new: bytes) -> None:
        """Put `new` before the byte at `place`."""
        self.replace(place, place, new)

    def remove(self, start: int, end: int) -> None:
        """Leave out the bytes from `start` to before `end`."""
        self.replace(start, end, b"")

    def extend(self, others: "Edits") -> None:
        """Take in edits of other stretches."""
        self._edits += others._edits  # noqa: SLF001  # its own kind

    def applied(self, old: bytes, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """Yield `old` from `first` to before `last` with all edits, which are in there, piece by piece.

        Raises `ValueError` where two overlap, or one is elsewhere, which is the caller's fault.
        """
        position, last = first, len(old) if last is None else last
        for start, end, new in sorted(self._edits, key=itemgetter(0, 1)):
            if start < position or end < start or end > last:
                raise ValueError(f"an edit of {start}..{end} overlaps one that ends at {position}, or leaves the bytes")
            yield old[position:start]
            yield new
            position = end
        yield old[position:last]

    def spliced(self, old: bytes) -> bytes:
        """Return `old` with all edits."""
        return b"".join(self.applied(old)) if self._edits else old
