"""Sentences that are too long for the model, split where a reader would pause."""

import re
from collections.abc import Callable
from dataclasses import dataclass

# Best first: after a semicolon, colon or dash; after a comma; at a space.
_PAUSES = (re.compile(r"(?:[;:]|\s[-–—]{1,2})\s+"), re.compile(r",\s+"), re.compile(r"\s+"))


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a sentence, and what goes between its translation and the next one's."""

    text: str
    joiner: str = ""


def split(text: str, limit: int, count: Callable[[str], int]) -> list[Piece]:
    """Return pieces of at most `limit` tokens as `count` counts them; one piece if the sentence is short enough.

    Nothing is lost: apart from white space at the cuts, the pieces joined are the sentence.
    """
    if count(text) <= limit or len(text) < 2:
        return [Piece(text)]
    left, joiner, right = _halve(text)
    *pieces, last = split(left, limit, count)
    return [*pieces, Piece(last.text, joiner), *split(right, limit, count)]


def _halve(text: str) -> tuple[str, str, str]:
    """Cut near the middle, at the best kind of pause in the middle half of the text."""
    middle = len(text) / 2
    for pause in _PAUSES:
        cuts = list(pause.finditer(text, len(text) // 4, 3 * len(text) // 4 + 1))
        if cuts:
            best = min(cuts, key=lambda match: abs(match.end() - middle))
            return text[: best.end()].rstrip(), " ", text[best.end() :]
    return text[: len(text) // 2], "", text[len(text) // 2 :]
