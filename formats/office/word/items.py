"""What a paragraph consists of, in order: text, marks, and what contains them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from formats.office.blocks import Block
from formats.xml.splicing import Edits


class What(Enum):
    """What an item is to its text."""

    TEXT = "text"
    MARK = "something at a place"
    NAME = "a word to the reader, which stays as it is"
    BREAK = "a line break"
    TAB = "a tab"
    PART = "what parts texts: the end of a page or a column"
    DROP = "nothing; left out where the text has changed"


@dataclass(slots=True)
class Item:
    """Something in a paragraph, with its bytes."""

    what: What
    start: int
    end: int
    look: bytes | None = None
    """Of what is in a run: the properties of that, as they are written. None: it stands beside runs."""
    text: str = ""
    path: tuple[int, ...] = ()
    """Containers that it is in, the outermost first."""
    step: str = ""
    """Of the borders of a field: `begin`, `separate`, `end`."""
    code: str = ""
    """Of the code of a field: a part of it."""
    items: Sequence["Item"] = ()
    """What it is made of, if it is more than one; then its own bytes say nothing."""
    blocks: Sequence[Block] = ()
    """What is translated inside of it: text boxes, alternative texts."""
    edits: Edits = field(default_factory=Edits)
    """What becomes of that."""

    def leaves(self) -> Iterator["Item"]:
        """Yield what it is made of, down to what has bytes of its own."""
        if not self.items:
            yield self
        for one in self.items:
            yield from one.leaves()

    def has_text(self) -> bool:
        """Whether a reader sees words or numbers in it."""
        return self.what is What.NAME or bool(self.text.strip()) or any(one.has_text() for one in self.items)


@dataclass(frozen=True, slots=True)
class Container:
    """What goes around items: a link, an insertion, a field, a range."""

    opening: Sequence[Item]
    closing: Sequence[Item]
    once: bool = False
    """Whether it is there once, whatever became of its words."""
