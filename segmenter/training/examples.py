"""Candidates of texts with their features and labels."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence

from segmenter.candidates import find
from segmenter.features import features
from segmenter.training.regression import Example
from segmenter.training.texts import joined

# Lines of pairs that are joined to one text.
_RUN = 8
# What stands before the item of a list in the gold texts; to the model it is layout, which it does not see.
_MARKER = re.compile(r"[\W\d]*+(?:[a-zA-Z]{1,2}|[IVX]{1,5})?[\W\d]*+")
# Verdicts of the first model on places that nobody labelled are taken from this score on.
_SURE = 3.0


def examples_of(gold: Sequence[tuple[str, set[int]]], lexicon: Mapping[str, str], kinds: str) -> list[Example]:
    """Return the candidates of gold texts; `kinds`: of words that begin one without a stop before them."""
    return [
        # Most small letters at the beginning were put there to vary the texts: they count less.
        Example(
            features(text, candidate, lexicon),
            candidate.place in starts,
            0.3 if text[candidate.place].islower() else 1.0,
        )
        for text, starts in gold
        for candidate in find(text, lexicon, kinds)
        if not _MARKER.fullmatch(text, text.rfind("\n", 0, candidate.end) + 1, candidate.place)
    ]


def examples_of_pairs(
    lines: Sequence[tuple[str, str]], lexicon: Mapping[str, str], kinds: str, first: Mapping[str, float]
) -> Iterator[Example]:
    """Yield the candidates of joined lines whose label is known, or clear to the first model."""
    chance = random.Random(5)  # noqa: S311 (no secret; the same each time)
    for begin in range(0, len(lines), _RUN):
        text, labels = joined(lines[begin : begin + _RUN], lexicon, chance)
        for candidate in find(text, lexicon, kinds):
            found = features(text, candidate, lexicon)
            score = sum(first.get(feature, 0.0) for feature in found)
            label = labels.get(candidate.place)
            if label is None or (label is False and score > 1 and not text[candidate.place].islower()):
                if abs(score) < _SURE:
                    continue
                label = score > 0
            yield Example(found, label, 0.5)
