"""What a training's data was."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trainer.pairs import Pair
from trainer.parts import Part


@dataclass(frozen=True)
class PartReport:
    """What of a part was used."""

    licence: str
    pairs: int
    weight: float


@dataclass(frozen=True)
class DataReport:
    """Where the data is from and what became of it."""

    checksum: str
    """SHA-256 of the pairs that are trained on, as lines with tabs, in their order."""
    files: dict[str, str]
    """SHA-256 of the files, by name."""
    parts: dict[str, PartReport]
    pairs: int
    held_out: int
    dropped: dict[str, int]
    tests: dict[str, str]
    """SHA-256 of the pairs of the test sets, by name."""


def checksum(pairs: Sequence[Pair]) -> str:
    """Return the SHA-256 of pairs as lines with tabs."""
    digest = hashlib.sha256()
    for pair in pairs:
        digest.update(f"{pair.source}\t{pair.target}\n".encode())
    return digest.hexdigest()


def reports(pairs: Sequence[Pair], parts: Mapping[str, Part], licence: str) -> dict[str, PartReport]:
    """Return what is used of each part, the largest first. `licence`: that of parts which `parts` does not name."""
    found = {name: parts.get(name) or Part(licence) for name in dict.fromkeys(pair.part for pair in pairs)}
    counts = Counter(pair.part for pair in pairs)
    return {name: PartReport(found[name].licence, count, found[name].weight) for name, count in counts.most_common()}
