"""Comments on cells."""

from collections.abc import Iterator

from formats.office.blocks import Block, Says
from formats.office.sheets.strings import PREFIXES, String
from formats.xml.part import End, Part, Start, Text


def comments(part: Part) -> Iterator[Block]:
    """Yield comments; the line in which many begin with the name of their author stays."""
    string: String | None = None
    names: set[str] = set()
    author: list[str] | None = None
    for event in part.events(PREFIXES):
        if string is not None:
            if string.take(event):
                yield string.block(Says.AGAIN, names.__contains__)
                string = None
        elif isinstance(event, Start):
            if event.name == "text":
                string = String(part, event)
            elif event.name == "author":
                author = []
        elif isinstance(event, Text) and author is not None:
            author.append(event.text)
        elif isinstance(event, End) and author is not None:
            name = "".join(author).strip()
            names |= {name, f"{name}:"}
            author = None
