"""The parts of the data: the licence of each, and how often it is seen."""

import math
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SetupError


@dataclass(frozen=True)
class Part:
    """What the table says of a part."""

    licence: str
    weight: float = 1.0
    """How often its pairs are seen an epoch; 0 leaves it out."""


def read_parts(path: Path) -> dict[str, Part]:
    """Read a table `part<TAB>licence[<TAB>weight]`; lines that begin with # are notes. Raises `SetupError`."""
    parts: dict[str, Part] = {}
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, licence, *rest = (field.strip() for field in (*line.split("\t"), "")[: max(2, line.count("\t") + 1)])
        if not name or not licence or len(rest) > 1:
            raise SetupError(
                f"{path}: line {number} must be: part, licence and perhaps a weight, with tabs between them"
            )
        parts[name] = Part(licence, _weight(rest[0], path, number) if rest else 1.0)
    return parts


def _weight(text: str, path: Path, number: int) -> float:
    try:
        weight = float(text)
    except ValueError:
        weight = -1.0
    if not 0 <= weight < math.inf:
        raise SetupError(
            f"{path}: line {number}: {text!r} is no weight; it says how often pairs are seen an epoch (0, 0.5, 2)"
        )
    return weight
