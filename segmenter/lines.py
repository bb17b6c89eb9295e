"""The lines of a text, whatever ends them: LF, CR, CRLF, VT, FF, NEL, U+2028, U+2029, or a separator of ASCII."""

from typing import NamedTuple


class Line(NamedTuple):
    """A line, or what is left of it behind a mark: where it begins in the text, and its text without space behind it."""

    start: int
    text: str
    goes_on: bool = False
    """Whether what it stands in says that it goes on with the line before it, however long that is."""

    @property
    def end(self) -> int:
        """Return where its text ends."""
        return self.start + len(self.text)

    def part(self, start: int, end: int) -> "Line":
        """Return a part of the line."""
        return Line(self.start + start, self.text[start:end])

    def after(self, length: int) -> "Line":
        """Return what is left of the line behind its first `length` characters."""
        return Line(self.start + length, self.text[length:], self.goes_on)


def lines_of(text: str) -> list[Line]:
    """Return the lines of a text. A page break at a line's beginning is no line of its own."""
    found: list[Line] = []
    start = 0
    for raw in text.splitlines(keepends=True):
        if raw not in ("\f", "\v"):
            found.append(Line(start, raw.rstrip()))
        start += len(raw)
    return found
