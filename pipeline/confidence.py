"""How far a translation can be relied on: from 0 to 100, in three levels, with the reason in words.

The number is the agreement (chrF) with a person's translation that sentences like this one had on average, as a model's
calibration says (docs/decisions/0054-confidence.md). It is made of two things that are known anyway: how sure the search
was of its words, and how many characters there are.
"""

import math
from bisect import bisect_left
from collections.abc import Collection
from itertools import pairwise
from typing import Annotated, Literal

from msgspec import Meta, Struct

Level = Literal["high", "medium", "low"]
LEVELS: tuple[Level, ...] = ("high", "medium", "low")

LOW, HIGH = 40, 60
"""Less than the first is low, the second or more is high. Of the bundled model's test sets a tenth is low."""

_FEW = 25
"""In so few characters one word decides."""

_Percent = Annotated[float, Meta(ge=0, le=100)]


class Calibration(Struct, frozen=True):
    """What a model's scores are worth.

    Guarantee: of two translations of the same length the one of which the model was surer never has less confidence.
    """

    points: Annotated[tuple[tuple[float, _Percent], ...], Meta(min_length=2, max_length=32)]
    """Adjusted scores and the mean chrF of sentences that had them, both ascending; between and beyond them a line."""
    short: Annotated[int, Meta(ge=1)] = 50
    """In a text of fewer characters one unlikely word is a larger part."""
    power: Annotated[float, Meta(ge=0, le=1)] = 0.5
    """How much larger: by which power of the share that a text has of `short` its score is divided."""

    def __post_init__(self) -> None:
        """Raise `ValueError` unless the points ascend: msgspec makes it an error of whoever wrote them."""
        for (first, low), (second, high) in pairwise(self.points):
            if first >= second or low > high:
                raise ValueError(f"the points of a calibration ascend; {second, high} follows {first, low}")

    def adjusted(self, score: float, characters: int) -> float:
        """Return a score, the mean log-probability of a text's tokens, made comparable with those of other lengths."""
        return score / math.pow(min(1.0, max(1, characters) / self.short), self.power)

    def worth(self, adjusted: float) -> float:
        """Return what a translation with an adjusted score is worth, from 0 to 100."""
        behind = bisect_left(self.points, adjusted, lo=1, hi=len(self.points) - 1, key=lambda point: point[0])
        (first, low), (second, high) = self.points[behind - 1], self.points[behind]
        return min(100.0, max(0.0, low + (adjusted - first) * (high - low) / (second - first)))

    def confidence(self, score: float, characters: int) -> float:
        """Return what a translation with a score and a length is worth, from 0 to 100."""
        return self.worth(self.adjusted(score, characters))


GENERAL = Calibration(
    (
        (-1.505, 28.0), (-1.1399, 32.5), (-1.0041, 36.3), (-0.892, 41.8), (-0.7983, 44.9), (-0.7224, 48.8),
        (-0.6553, 50.0), (-0.592, 53.7), (-0.5322, 57.7), (-0.4639, 60.7), (-0.3773, 69.1), (-0.2859, 78.7),
        (-0.1942, 89.4),
    )
)  # fmt: skip
"""For models that have none of their own: that of the bundled German-English model."""


def level(confidence: int) -> Level:
    """Return the level of a confidence."""
    return "low" if confidence < LOW else "medium" if confidence < HIGH else "high"


def rounded(confidence: float, suspect: Collection[str]) -> int:
    """Return a confidence as it is stored; what looks wrong is never high."""
    return min(round(confidence), HIGH - 1) if suspect else round(confidence)


def reason(confidence: int, suspect: Collection[str], characters: int) -> str:
    """Return in words why a translation of so many characters has its confidence."""
    found = level(confidence)
    if found == "high":
        return "the model was sure of its words"
    words = "the model was not sure of all words"
    if found == "low":
        words = "the model was unsure of its words"
        if characters < _FEW:
            words += ", and in a text so short one word decides"
    return f"{words}; and it looks wrong ({', '.join(suspect)})" if suspect else words
