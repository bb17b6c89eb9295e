"""Places in the parts of a file that have texts: asked for and written by one walk, so that both find the same.

A walk yields texts and is sent what became of each; nothing is sent while a file is only read. So a reader of a kind has one
function, which goes through the file, for reading and for writing.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from enum import Enum
from typing import Protocol, TypeVar

from formats.document import Piece, Translated
from formats.errors import ChangedError
from formats.xml.splicing import Edits

T = TypeVar("T")
Walk = Generator[str, Translated | None, T]
Known = dict[str, Translated | None]
"""What became of the texts that others say again."""


class Says(Enum):
    """Whose words a block has."""

    OWN = "its own"
    AGAIN = "those of a text before it, if there is one that is alike; else its own"
    AFTER = "those of a text before it; what is not said there stays"


class Block(Protocol):
    """A place in a part."""

    @property
    def texts(self) -> Sequence[str]:
        """What is translated in it, in order."""

    @property
    def says(self) -> Says:
        """Whose words these are."""

    def write(self, translated: Sequence[Translated], edits: Edits) -> None:
        """Put the translations of its texts in their places; at least one has changed."""


def asked(blocks: Iterable[Block], known: Known, edits: Edits) -> Walk[None]:
    """Ask for the texts of blocks, and write what has changed."""
    for block in blocks:
        became: list[Translated] = []
        for text in block.texts:
            if block.says is not Says.OWN and text in known:
                one = known[text]
            elif block.says is Says.AFTER:
                one = None
            else:
                one = yield text
                known.setdefault(text, one)
            became.append(one or Translated([Piece(text, None)]))
        if any(one.changed for one in became):
            block.write(became, edits)


def texts(walk: Walk[T]) -> Iterator[str]:
    """Yield the texts that a walk asks for, without an answer."""
    yield from walk


def answered(walk: Walk[T], translated: Iterator[Translated]) -> T:
    """Give a walk the translations it asks for, and return what it makes of them.

    Raises `ChangedError` if there are fewer or others than it asks for.
    """
    answer: Translated | None = None
    while True:
        try:
            text = walk.send(answer)
        except StopIteration as end:
            result: T = end.value
            return result
        answer = next(translated, None)
        if answer is None or answer.source != text:
            raise ChangedError
