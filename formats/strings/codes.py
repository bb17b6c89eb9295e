"""What stands in a string and is no text."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

Kind = Literal["open", "close", "mark", "word", "line", "part"]


class Code(NamedTuple):
    """What stands in a string and is no text.

    `open` and `close` are around words; those of one `name` belong together, and one alone parts what is before it from what
    is behind it. A `mark` has one place. A `word` is one to a reader, and is kept. A `line` break is one inside a sentence,
    and `part` ends a text.
    """

    kind: Kind
    raw: str
    name: str = ""
    inner: tuple["str | Code", ...] = ()
    """What it is made of, where texts of their own stand in it."""


Parts = Sequence[str | Code]
