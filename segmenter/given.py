"""Sentences as a sender wants them ended: at punctuation alone, or not at all."""

import re
from collections.abc import Iterator

# One line break or more, with nothing but space between them.
_BREAKS = re.compile(r"(?:\r\n|\r|\n)(?:[^\S\r\n]*+(?:\r\n|\r|\n))*+")
_BREAK = re.compile(r"\r\n|\r|\n")


def without_lines(text: str) -> str:
    """Return a text of the same length in which single line breaks are spaces; blank lines go on parting paragraphs."""
    return _BREAKS.sub(lambda found: found.group() if _is_blank(found) else " " * len(found.group()), text)


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where paragraphs start and end."""
    start = 0
    for found in _BREAKS.finditer(text):
        if _is_blank(found):
            yield start, found.start()
            start = found.end()
    yield start, len(text)


def _is_blank(found: re.Match[str]) -> bool:
    return len(_BREAK.findall(found.group())) > 1
