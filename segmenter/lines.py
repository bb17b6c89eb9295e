"""The lines of a text, for questions about its layout."""

import re
from bisect import bisect_right

_LINE = re.compile(r"[^\n]*\n?")


class Lines:
    """Reads the text once; every question about a line is answered without reading it again."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: list[int] = []
        self._lines: list[str] = []
        for match in _LINE.finditer(text):
            if match.start() < len(text):
                self._starts.append(match.start())
                self._lines.append(match.group().strip("\r\n"))
        self._widths = self._paragraph_widths()

    def number(self, place: int) -> int:
        """Return the number of the line that `place` is in."""
        return bisect_right(self._starts, place) - 1

    def start(self, number: int) -> int:
        """Return where a line begins."""
        return self._starts[number]

    def before(self, place: int) -> str:
        """Return the line before the one that `place` is in; empty if there is none."""
        number = self.number(place)
        return self._lines[number - 1].rstrip() if number > 0 else ""

    def is_wrapped(self, place: int) -> bool:
        """Whether the line before `place` ends where it does because the next word did not fit.

        Such a line break says nothing. Paragraphs narrower than 40 characters are not wrapped: verse, lists, addresses.
        """
        number = self.number(place)
        if number == 0:
            return False
        word = self._text[place : place + 60].split(maxsplit=1)[0]
        width = self._widths[number]
        return width >= 40 and len(self._lines[number - 1].rstrip()) + 1 + len(word) > width

    def _paragraph_widths(self) -> list[int]:
        """Return for each line the length of the longest line of its paragraph."""
        widths = [0] * len(self._lines)
        begin = 0
        for end in range(len(self._lines) + 1):
            if end == len(self._lines) or not self._lines[end].strip():
                if begin < end:
                    widths[begin:end] = [max(len(line.rstrip()) for line in self._lines[begin:end])] * (end - begin)
                begin = end + 1
        return widths
