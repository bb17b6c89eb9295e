"""Ranges of words of a translation that have found their element."""

from bisect import bisect_left

Words = tuple[int, int]
"""A range of words of the translation, by their numbers: the first, and the one behind the last."""


class Taken:
    """Ranges of words that have found their element; none touches another."""

    def __init__(self) -> None:
        self._ranges: list[Words] = []

    def add(self, one: Words) -> None:
        """Take a range."""
        if one[0] < one[1]:
            self._ranges.insert(bisect_left(self._ranges, one), one)

    def has(self, word: int) -> bool:
        """Whether a word is taken."""
        return self.any(word, word + 1)

    def any(self, start: int, end: int) -> bool:
        """Whether any word of a range is."""
        place = bisect_left(self._ranges, (end, 0)) - 1
        return start < end and place >= 0 and self._ranges[place][1] > start
