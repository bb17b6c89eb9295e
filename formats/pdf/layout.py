"""What stands on a page and where, as the process that reads it tells."""

import msgspec

BOLD, ITALIC = 1, 2
DIVIDED = "\ufffe"
"""Stands for a hyphen at the end of a line that divides a word."""


class Run(msgspec.Struct, array_like=True, frozen=True):
    """Characters that look alike."""

    text: str
    style: int = 0
    """`BOLD` and `ITALIC`."""
    link: int = -1
    """Which of the page's links; -1: none."""
    raised: bool = False
    """Whether they are small and above the line, as numbers of notes are."""


class Chunk(msgspec.Struct, array_like=True):
    """Characters beside each other on one line, without a wide gap. Measures are points, from the top left corner."""

    left: float
    right: float
    base: float
    """How far its base line is from the top of the page."""
    size: float
    """Of its largest characters."""
    runs: list[Run]

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(run.text for run in self.runs)


class Page(msgspec.Struct, array_like=True):
    """A page."""

    width: float
    height: float
    chunks: list[Chunk]
    links: list[str]
    left: dict[str, int]
    """How many things were left alone, by reason."""
    pictures: int
    unreadable: int
    """Characters that nothing is known of but their shape."""


class Failure(msgspec.Struct, array_like=True, frozen=True):
    """Why there is nothing to read: `password`, `damaged` or `pages`."""

    reason: str


class Line(msgspec.Struct):
    """A page or a failure, as one line of what the process writes."""

    page: Page | None = None
    failure: Failure | None = None
