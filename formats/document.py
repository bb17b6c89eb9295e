"""What a reader of a kind of file does, and what it is told.

A reader is a module with two functions, both of the file alone, so that reading a file again gives the same texts:

    read(file, options, notes) -> Iterator[str]       the texts of the document, in order
    write(file, translated, options) -> Iterator[bytes]   the file with their translations

Guarantee of every reader: with translations that are their texts, `write` gives the file's own bytes; what has not changed
is not written anew.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple, Protocol, Self

from pipeline.alignment import Link, words

SEPARATOR = "\n\n"
"""Stands between the texts of a document. No text has a blank line, is empty, or begins or ends with white space."""

_LONGEST_HEADING = 300


class Heading(str):
    """A text that the file says is a heading."""

    __slots__ = ("level",)

    level: int
    """From 1, the highest."""

    def __new__(cls, text: str, level: int) -> Self:
        """Return `text` as one."""
        made = super().__new__(cls, text)
        made.level = level
        return made


def of_level(text: str, level: int) -> str:
    """Return a text as a heading of that level; as it is for 0, and where it is as long as no heading is."""
    return Heading(text, level) if level and len(text) <= _LONGEST_HEADING else text


class Piece(NamedTuple):
    """A stretch of a text: a sentence, or what is between two; joined they are the text."""

    source: str
    translation: str | None
    """None where nothing was translated (yet)."""
    links: Sequence[Link] = ()
    """Which words belong together, in code points of this piece; none: not known."""


@dataclass(frozen=True)
class Translated:
    """A text of the document with what became of it."""

    pieces: Sequence[Piece]

    @property
    def source(self) -> str:
        """The text as it was read."""
        return "".join(piece.source for piece in self.pieces)

    @property
    def text(self) -> str:
        """The translation; what has none stays."""
        return "".join(piece.source if piece.translation is None else piece.translation for piece in self.pieces)

    @property
    def changed(self) -> bool:
        """Whether anything in it is other than it was."""
        return any(piece.translation not in (None, piece.source) for piece in self.pieces)

    @property
    def links(self) -> list[Link]:
        """Which words of `source` and `text` belong together; what has no translation belongs to itself."""
        found: list[Link] = []
        here = there = 0
        for piece in self.pieces:
            mine = piece.links
            if piece.translation is None:
                mine = [Link(span, span, 1.0) for span in words(piece.source)]
            found += (
                Link(
                    (one.source[0] + here, one.source[1] + here),
                    (one.target[0] + there, one.target[1] + there),
                    one.weight,
                )
                for one in mine
            )
            here += len(piece.source)
            there += len(piece.source if piece.translation is None else piece.translation)
        return found


@dataclass(frozen=True)
class Options:
    """What the sender of a document said of it; alike for reading and writing."""

    source: str = ""
    """Language of the texts; empty: not known."""
    target: str = ""
    """Language of the translation: language attributes of `source` become this where anything has changed."""
    encoding: str | None = None
    """Of text formats: stated by the sender, or `detect`."""
    stated: str = ""
    """`source` if the sender stated it; empty if it was found out. Texts may depend on it, never on `source`."""
    columns: Sequence[str] = ()
    """Of tables: which columns are translated, by name or by number from 1; none: all that hold texts."""

    output: str = ""
    """Name of the kind that is written, of those in `Kind.outputs`; empty: the first. Reading does not look at it."""


@dataclass
class Notes:
    """What was found on reading; complete when the last text has been read."""

    left: Counter[str] = field(default_factory=Counter)
    """How many things were left alone, by reason in a few words: `hidden text`, `formulas`, `tracked deletions`."""
    warnings: list[str] = field(default_factory=list)
    """Whole sentences about what the sender should know, such as a signature that is dropped."""
    encoding: str = ""
    """What a text format was read as."""

    def warn(self, sentence: str) -> None:
        """Note a warning, once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)


class Reader(Protocol):
    """A kind of file; modules fulfil it. `file` may be read anywhere, any number of times, and is never written to."""

    def read(self, file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
        """Yield the texts, in order, as early as the kind allows; those that are headings as `Heading`.

        Raises `formats.errors.DocumentError` for a file that is damaged, locked or hostile, and `InputError` for options
        that do not fit, before anything of it is used up: within a second and bounded memory.
        """

    def write(self, file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
        """Yield the file with the translations of the texts that `read` yields, one each, in the same order."""
