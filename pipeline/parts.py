"""Text into parts: a stream of text is cut into parts of at most 64 KiB, at paragraph ends where it can.

Guarantee: the parts joined are the text, character by character. Memory: a few parts, however long the text is.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

from pipeline.events import PART_LIMIT

# Where a reader would cut, best first: after blank lines, after a line that ends a sentence, after a sentence, after a
# line, after any white space. Each match ends where the next part begins.
_CUTS = (
    re.compile(r"\n[^\S\n]*\n\s*"),
    re.compile(r"[.!?…:][\"'“”«»)\]]*[^\S\n]*\n\s*"),
    re.compile(r"[.!?…][\"'“”«»)\]]*\s+"),
    re.compile(r"\n\s*"),
    re.compile(r"\s+"),
)
# The lines before and behind program text in Markdown.
_FENCE = re.compile(r"^[ \t>]{0,12}(?P<mark>`{3,}|~{3,8}(?!~))(?P<rest>[^`\n]*)$", re.MULTILINE)
# Characters that belong to the one before: variation selectors, zero-width joiner, skin tones.
_JOINS = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")


class PartCutter:
    """Cuts text that arrives in pieces into parts.

    `feed` yields parts that are certain to be followed by another one; `finish` returns the last one, which may be empty.
    """

    def __init__(self, limit: int = PART_LIMIT) -> None:
        self._limit = limit
        self._pieces: list[str] = []
        self._characters = 0

    def feed(self, piece: str) -> Iterator[str]:
        """Take the next piece of the text."""
        self._pieces.append(piece)
        self._characters += len(piece)
        # A character has at least one byte: text of more characters than the limit has bytes is more than a part.
        if self._characters > self._limit:
            yield from self._cut_while(lambda rest: len(rest) > self._limit)

    def finish(self) -> list[str]:
        """Return what is left, as one part or more; the last of them is the document's last part."""
        parts = list(self._cut_while(lambda rest: len(rest.encode()) > self._limit))
        return [*parts, "".join(self._pieces)]

    def _cut_while(self, more: Callable[[str], bool]) -> Iterator[str]:
        rest = "".join(self._pieces)
        while more(rest):
            end = _place(rest, self._limit)
            yield rest[:end]
            rest = rest[end:]
        self._pieces = [rest]
        self._characters = len(rest)


def cut(text: str, limit: int = PART_LIMIT) -> list[str]:
    """Cut a whole text; the empty text is one empty part."""
    cutter = PartCutter(limit)
    return [*cutter.feed(text), *cutter.finish()]


def _place(text: str, limit: int) -> int:
    """Return where to cut `text`, which is longer than `limit` bytes."""
    # The limit counts bytes, and a character cut in half is left to the next part.
    window = text[:limit].encode()[:limit].decode(errors="ignore")
    for cut in _CUTS:
        # Not in the first quarter: parts that are too small cost more than a cut at a worse place.
        first = len(window) // 4
        ends = [match.end() for match in cut.finditer(window, first)]
        if ends:
            opened = _opened_fence(window, ends[-1])
            return before_joined(text, ends[-1]) if opened < first else opened
    return before_joined(text, len(window))


def _opened_fence(text: str, end: int) -> int:
    """Return where the line is that opens the fence in which a place lies: the next part should have all of it; else -1."""
    opened, mark = -1, ""
    if "```" in text or "~~~" in text:
        for fence in _FENCE.finditer(text, 0, end):
            if not mark:
                opened, mark = fence.start(), fence["mark"]
            elif fence["mark"].startswith(mark) and not fence["rest"].strip():
                opened, mark = -1, ""
    return opened


def before_joined(text: str, end: int) -> int:
    """Move a cut inside of a text back so that it does not part what a reader sees as one character (32 steps at most)."""
    for place in range(end, max(end - 32, 0), -1):
        before, after = text[place - 1], text[place]
        if not (
            unicodedata.combining(after)
            or _JOINS.match(after)
            or before == "\u200d"
            or (before == "\r" and after == "\n")
        ):
            return place
    return end
