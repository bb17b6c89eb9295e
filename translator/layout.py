"""Line breaks inside a sentence: taken out before translation, put back after it.

A hard-wrapped sentence is translated whole. Its translation then gets as many line breaks as the sentence had, each with
its indent, where the words allow it and about as far into the text: a book keeps its lines.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

# White space that carries layout: a line break with its indent, a tab, more than one space.
_LAYOUT = re.compile(r"[^\S\n]*\n\s*|[^\S\n]*\t\s*|[^\S\n]{2,}")
# A word that was divided at the end of a line; "Vor-\nund Nachteile" is not.
_DIVIDED = re.compile(r"(?<=[^\W\d_])[-\u2010]\n\s*(?!(?:und|oder|bis|sowie|and|or|to)\b)(?=[a-zäöüß])")
_SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True, slots=True)
class Break:
    """White space that was taken out, and how far into the sentence it stood (0 to 1)."""

    space: str
    place: float


def flatten(text: str) -> tuple[str, list[Break]]:
    """Return the sentence on one line, and the breaks that were taken out of it."""
    if not _LAYOUT.search(text) and _SOFT_HYPHEN not in text and "\u00a0" not in text:
        return text, []
    flat: list[str] = []
    length = 0
    breaks: list[tuple[str, int]] = []
    position = 0
    for match in _LAYOUT.finditer(text):
        before = text[position : match.start()]
        divided = _DIVIDED.match(text, match.start() - 1) if match.start() else None
        piece = before[:-1] if divided else before + " "
        flat.append(piece)
        length += len(piece)
        breaks.append((match.group(), length))
        position = match.end()
    flat.append(text[position:])
    line = "".join(flat).replace("\u00a0", " ").replace(_SOFT_HYPHEN, "")
    total = max(1, length + len(text) - position)
    return line, [Break(space, place / total) for space, place in breaks]


def restore(translation: str, breaks: list[Break]) -> str:
    """Put the breaks into the translation, each at the space nearest to its place; the order is kept.

    A translation with fewer spaces than breaks gets as many as it has room for.
    """
    if not breaks:
        return translation
    spaces = [match.start() for match in re.finditer(" ", translation)]
    out: list[str] = []
    position = 0
    first = 0
    for number, wanted in enumerate(breaks[: len(spaces)]):
        # Leave a space for each of the breaks that follow.
        last = max(first, len(spaces) - (len(breaks) - number))
        aim = wanted.place * len(translation) - 1
        chosen = bisect_left(spaces, aim, first, last)
        if chosen > first and aim - spaces[chosen - 1] <= spaces[chosen] - aim:
            chosen -= 1
        out += (translation[position : spaces[chosen]], wanted.space)
        position = spaces[chosen] + 1
        first = chosen + 1
    return "".join((*out, translation[position:]))
