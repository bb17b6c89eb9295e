"""How like two sentences are, and what is different between them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from pipeline.memory.digests import normal

Change = Literal["same", "added", "removed"]

# A word, a figure, or one other character, with the white space behind it.
_TOKEN = re.compile(r"(?:[^\W\d_]+|[0-9]+(?:[.,:][0-9]+)*+|.)\s*+", re.DOTALL)
# Comparing is quadratic: a sentence of this many characters with another takes milliseconds.
LONGEST = 4096
"""Characters: longer sentences are like nothing but themselves."""


class Piece(NamedTuple):
    """Words of the one text (`removed`), of the other (`added`), or of both, with the spaces behind them."""

    change: Change
    text: str


def likest(text: str, others: Sequence[str], least: int) -> list[tuple[int, int]]:
    """Return which of other sentences are like one, `least` percent or more: percent and index, the most like first.

    How like they are is how many of the characters of the longer one need no change (Levenshtein).
    """
    wanted = normal(text)
    if len(wanted) > LONGEST:
        return []
    found: Iterable[tuple[str, float, int]] = process.extract(
        wanted,
        [normal(one) if len(one) <= LONGEST else "" for one in others],
        scorer=Levenshtein.normalized_similarity,
        score_cutoff=least / 100,
        limit=None,
    )
    # Only what is the same is 100.
    return [(100 if score == 1 else min(99, round(score * 100)), index) for _, score, index in found]


def difference(before: str, after: str) -> list[Piece]:
    """Return how one text becomes the other, word by word: all of both, in order.

    What is `same` is as it stands in `after`.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    codes = Levenshtein.opcodes([one.strip() for one in old], [one.strip() for one in new])
    return list(
        _pieces(((one.tag, one.src_start, one.src_end, one.dest_start, one.dest_end) for one in codes), old, new)
    )


def _pieces(codes: Iterable[tuple[str, int, int, int, int]], old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for kind, start, end, new_start, new_end in codes:
        removed, added = "".join(old[start:end]), "".join(new[new_start:new_end])
        if kind == "equal":
            yield Piece("same", added)
            continue
        if removed:
            yield Piece("removed", removed)
        if added:
            yield Piece("added", added)
