"""What people call a document: its title, its file, or how its text begins."""

from collections.abc import Mapping
from typing import Any

# Within words of many scripts, and within pictures.
_JOINERS = "\u200c\u200d"
LOOKED_AT = 2000
"""Characters of a text in which its first words are looked for."""
_LONGEST = 60
LONGEST_TITLE = 200
"""Characters of a title that somebody gives a document."""


def first_words(text: str) -> str:
    """Return the beginning of a text as a name: its first line with a letter or digit, cut at a word.

    Empty for a text that has none. What does not show is left out, so a name cannot turn a line around.
    """
    for line in text[:LOOKED_AT].splitlines():
        shown = " ".join(visible(line).split())
        if any(map(str.isalnum, shown)):
            return _cut(shown.lstrip(_MARKS))
    return ""


# Of headings, lists and quoted mail; quotation marks and brackets belong to the words.
_MARKS = " #*>-=_|\N{BULLET}"


def _cut(line: str) -> str:
    if len(line) <= _LONGEST:
        return line
    head = line[:_LONGEST]
    words, _, torn = head.rpartition(" ")
    # A script without spaces is cut where there is room.
    kept = words if words and not line[_LONGEST].isspace() and len(torn) < _LONGEST // 2 else head
    return f"{kept.rstrip(' ,;:')}…"


def visible(text: str) -> str:
    """Return a text without controls and without characters that turn the direction of what follows."""
    spaced = (" " if one.isspace() else one for one in text)
    return "".join(one for one in spaced if one.isprintable() or one in _JOINERS)


def name_of(metadata: Mapping[str, Any], beginning: str, document: str) -> str:
    """Return a document's name: its title, else its file's name, else how it begins, else its id."""
    for name in ("title", "filename"):
        value = metadata.get(name)
        if isinstance(value, str) and (shown := " ".join(visible(value).split())):
            return shown[:LONGEST_TITLE]
    return beginning or document
