"""How like a translation is to one by people."""

from collections import Counter
from collections.abc import Iterable

_LONGEST = 6
# Recall counts twice, as is usual.
_BETA = 2.0


def likeness(pairs: Iterable[tuple[str, str]]) -> float:
    """Return how many runs of one to six characters translations and references share, from 0 to 100.

    It is chrF over all of them, as sacrebleu counts it; of one pair it is that sentence's.
    """
    matching, made, wanted = Counter[int](), Counter[int](), Counter[int]()
    for translation, reference in pairs:
        for size in range(1, _LONGEST + 1):
            one, other = _runs(translation, size), _runs(reference, size)
            matching[size] += (one & other).total()
            made[size] += one.total()
            wanted[size] += other.total()
    # Texts that are too short for a run say nothing about runs of that size.
    sizes = [size for size in range(1, _LONGEST + 1) if made[size] and wanted[size]]
    if not sizes:
        return 0.0
    precision = sum(matching[size] / made[size] for size in sizes) / len(sizes)
    recall = sum(matching[size] / wanted[size] for size in sizes) / len(sizes)
    both = _BETA**2 * precision + recall
    return 100 * (1 + _BETA**2) * precision * recall / both if both else 0.0


def _runs(text: str, size: int) -> Counter[str]:
    letters = "".join(text.split())
    return Counter(letters[place : place + size] for place in range(len(letters) - size + 1))
