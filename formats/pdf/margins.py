"""What stands again on page after page, at the top and at the bottom: running heads and numbers of pages."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal

from formats.pdf.layout import Chunk, Page

Margin = Literal["", "head", "foot"]

_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"[^\w#]*+(?:(?:seite|page|s\.|p\.)[^\w#]*+)?(?:#|[ivxlc]{1,6})(?:\s*+(?:von|of|/|–|-)\s*+#)?\W*+", re.IGNORECASE
)
# Shares of a page's height, and lines.
_OUTER, _LINES = 0.18, 3

Key = tuple[bool, str, int]
"""At the top, its text with `#` for numbers, and how far from the edge in steps of four points."""


class Margins:
    """What is repeated in the pages of a document; made by going through them once."""

    def __init__(self) -> None:
        self._pages: Counter[Key] = Counter()
        self._number = 0
        self._given: set[tuple[bool, str]] = set()

    def count(self, page: Page) -> None:
        """Note what stands at the edges of a page."""
        self._number += 1
        self._pages.update({key for _, key in _edges(page)})

    def part(self, page: Page) -> tuple[list[Chunk], list[Chunk], list[Chunk], int]:
        """Return the head of a page, its body, its foot, and how much is left out: what was there before, and numbers."""
        repeated = {id(chunk): key for chunk, key in _edges(page) if self._repeated(key)}
        top: list[Chunk] = []
        bottom: list[Chunk] = []
        body = [chunk for chunk in page.chunks if id(chunk) not in repeated]
        left = 0
        for chunk in page.chunks:
            key = repeated.get(id(chunk))
            if key is None:
                continue
            if key[:2] in self._given or _NUMBER.fullmatch(key[1]):
                left += 1
                continue
            self._given.add(key[:2])
            if self._often(key):
                (top if key[0] else bottom).append(chunk)
            else:
                # The head of a chapter is no head of all pages.
                body.append(chunk)
        return top, body, bottom, left

    def _repeated(self, key: Key) -> bool:
        return self._times(key) > 1

    def _often(self, key: Key) -> bool:
        """Whether it stands on a third of all pages: left and right ones may differ, and first ones have none."""
        return self._times(key) >= self._number / 3

    def _times(self, key: Key) -> int:
        at_top, text, place = key
        return sum(self._pages[at_top, text, place + near] for near in (-1, 0, 1))


def _edges(page: Page) -> Iterator[tuple[Chunk, Key]]:
    ordered = sorted(page.chunks, key=lambda chunk: chunk.base)
    yield from _outermost(ordered, page.height, at_top=True)
    yield from _outermost(reversed(ordered), page.height, at_top=False)


def _outermost(chunks: Iterable[Chunk], height: float, *, at_top: bool) -> Iterator[tuple[Chunk, Key]]:
    lines, last = 0, -100.0
    for chunk in chunks:
        lines += abs(chunk.base - last) > 2
        last = chunk.base
        distance = chunk.base if at_top else height - chunk.base
        if lines > _LINES or distance > _OUTER * height:
            return
        yield chunk, (at_top, _DIGITS.sub("#", chunk.text).strip(), round(distance / 4))
