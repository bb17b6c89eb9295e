"""How like a translation is to one by people."""

from collections import Counter
from collections.abc import Iterable

_LONGEST = 6
# Recall counts twice, as is usual.
_BETA = 2.0


def likeness(pairs: Iterable[tuple[str, str]]) -> float:
    """Return how many runs of one to six characters translations and references share, from 0 to 100 (chrF, over all)."""
    matching, made, wanted = Counter[int](), Counter[int](), Counter[int]()
    for translation, reference in pairs:
        for size in range(1, _LONGEST + 1):
            one, other = _runs(translation, size), _runs(reference, size)
            matching[size] += (one & other).total()
            made[size] += one.total()
            wanted[size] += other.total()
    scores = []
    for size in range(1, _LONGEST + 1):
        if not (made[size] or wanted[size]):
            continue
        precision = matching[size] / made[size] if made[size] else 0.0
        recall = matching[size] / wanted[size] if wanted[size] else 0.0
        both = _BETA**2 * precision + recall
        scores.append((1 + _BETA**2) * precision * recall / both if both else 0.0)
    return 100 * sum(scores) / len(scores) if scores else 0.0


def _runs(text: str, size: int) -> Counter[str]:
    letters = "".join(text.split())
    return Counter(letters[place : place + size] for place in range(len(letters) - size + 1))
