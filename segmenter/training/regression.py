"""Weights of features from examples: a logistic regression."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Example(NamedTuple):
    """The features of a candidate, whether a sentence begins there, and how much that counts."""

    features: list[str]
    label: bool
    weight: float


def fit(examples: Sequence[Example], least: int, steps: int, l1: float = 0.5, l2: float = 0.05) -> dict[str, float]:
    """Return the weights of a logistic regression, most of them zero and left out.

    Accelerated proximal gradient with a step of its own for each feature: the same examples give the same weights.
    """
    counts = Counter(feature for example in examples for feature in example.features)
    numbers = {feature: number for number, feature in enumerate(f for f, count in counts.items() if count >= least)}
    known = [[numbers[f] for f in example.features if f in numbers] for example in examples]
    sizes = np.array([len(row) for row in known])
    columns = np.array([column for row in known for column in row], dtype=np.int32)
    rows = np.repeat(np.arange(len(known)), sizes)
    labels = np.array([example.label for example in examples], dtype=float)
    importance = np.array([example.weight for example in examples])

    def over_columns(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(columns, weights=values[rows], minlength=len(numbers)).astype(np.float64)

    curvature = 0.25 * over_columns(importance * sizes) + l2
    weights = np.zeros(len(numbers))
    ahead, momentum = weights, 1.0
    for _ in range(steps):
        scores = np.bincount(rows, weights=ahead[columns], minlength=len(known))
        slope = over_columns(importance * (1 / (1 + np.exp(-scores)) - labels)) + l2 * ahead
        moved = ahead - slope / curvature
        moved = np.sign(moved) * np.maximum(np.abs(moved) - l1 / curvature, 0)
        faster = (1 + np.sqrt(1 + 4 * momentum * momentum)) / 2
        if np.dot(ahead - moved, moved - weights) > 0:
            ahead, faster = moved, 1.0
        else:
            ahead = moved + (momentum - 1) / faster * (moved - weights)
        weights, momentum = moved, faster
    return {feature: round(float(weights[n]), 2) for feature, n in numbers.items() if abs(weights[n]) >= 0.02}
