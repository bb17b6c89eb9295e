"""Which texts of a document are headings, where its file says so."""

from collections import deque

MOST = 2000
"""Headings that are told of a part; a text with more of them is a list of words, and needs none."""
LOWEST = 9
"""Levels that are told apart, from 1, the highest."""


class Headings:
    """Where the headings of a document begin, added while it is read and taken when its parts are cut, in order.

    Memory does not grow with the document: what was taken is forgotten.
    """

    def __init__(self) -> None:
        self._found: deque[tuple[int, int]] = deque()
        self._taken = 0
        self._told = False

    def add(self, start: int, level: int) -> None:
        """Take one that begins at a character of the document, behind those before."""
        self._found.append((start, min(max(level, 1), LOWEST)))

    def take(self, characters: int) -> list[int] | None:
        """Return start (in the part) and level, in turn, of those in the next part, which has so many characters.

        None until one is found: a file may be able to say what is a heading, and say it nowhere.
        """
        begin, self._taken = self._taken, self._taken + characters
        places: list[int] = []
        while self._found and self._found[0][0] < self._taken:
            start, level = self._found.popleft()
            self._told = True
            if len(places) < 2 * MOST:
                places += start - begin, level
        return places if self._told else None

    def clear(self) -> None:
        """Begin again, as the file is read again."""
        self._found.clear()
        self._taken, self._told = 0, False
