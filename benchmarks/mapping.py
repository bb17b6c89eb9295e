"""Makes a vocabulary map for CTranslate2 (`vmap.txt`): which pieces may come of which, so that a search weighs only those.

`python -m benchmarks.mapping PAIRS OUT` takes a file with a source, a tab and its translation a line, of the kind that the
model was trained on. The more of them, the less is forbidden that a translation needs: 150,000 are a beginning. It needs a
gigabyte of memory, and some minutes of a core for so many.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.pipelines import ROOT
from translator import calibrating
from translator.engines.vocabulary import Encoder, listed_tokens
from translator.models.folder import find_models

# Of each source piece the pieces that come of it most often; of each of the others the sources of which it comes most often;
# and those that come most often of all. Of three times as many a third of the gain in speed is lost.
_OF_EACH, _BACK, _ALWAYS = 30, 3, 1000
_PASSES, _CHUNK, _LONGEST = 4, 2000, 50
_LEAST = 0.3

Array = Any
"""An array of numpy."""


def main(arguments: Sequence[str]) -> None:
    """Make a map for the bundled model."""
    pairs, out = map(Path, arguments)
    model = next(one for one in find_models(ROOT / "models", "ctranslate2") if one.folder.name == "de-en")
    names = listed_tokens(model.folder_for("ctranslate2"), "source")
    numbers = {name: number for number, name in enumerate(names)}
    encode = Encoder(model)

    def pieces(text: str) -> Array:
        return np.unique([numbers[piece] for piece in encode(text) if piece in numbers])

    sides = [(pieces(source), pieces(target)) for source, target in calibrating.read_pairs(str(pairs))]
    sides = [pair for pair in sides if max(map(len, pair)) < _LONGEST]
    counts = aligned(sides, len(names))
    common = np.bincount(np.concatenate([target for _, target in sides]), minlength=len(names))
    out.write_text("\n".join(_lines(counts, common, names)) + "\n", encoding="utf-8")


def aligned(sides: Sequence[tuple[Array, Array]], size: int) -> Array:
    """Return how often each of `size` pieces came of each, source by target, as IBM's first model finds it."""
    likely = np.full((size, size), 1 / size, np.float32)
    counts = likely
    for _ in range(_PASSES):
        counts = np.zeros((size, size), np.float32)
        for start in range(0, len(sides), _CHUNK):
            source, target, group = _cells(sides[start : start + _CHUNK])
            weights = likely[source, target]
            shares = weights / np.maximum(np.bincount(group, weights)[group], 1e-12)
            np.add.at(counts, (source, target), shares)
        likely = counts / np.maximum(counts.sum(1, keepdims=True), 1e-9)
    return counts


def _cells(sides: Sequence[tuple[Array, Array]]) -> tuple[Array, Array, Array]:
    """Return every pair of a source and a target piece in the same sentence, and to which target piece it belongs."""
    source = [np.repeat(one, len(other)) for one, other in sides]
    target = [np.tile(other, len(one)) for one, other in sides]
    starts = np.cumsum([0, *(len(other) for _, other in sides)])
    group = [start + np.tile(np.arange(len(b)), len(a)) for start, (a, b) in zip(starts, sides, strict=False)]
    return np.concatenate(source), np.concatenate(target), np.concatenate(group)


def _lines(counts: Array, common: Array, names: Sequence[str]) -> Iterator[str]:
    # Single characters spell every name and number.
    always = {int(one) for one in np.argsort(-common)[:_ALWAYS]}
    always |= {number for number, name in enumerate(names) if len(name.removeprefix("\u2581")) <= 1}
    # A piece may be copied.
    found = [{number} for number in range(len(names))]
    forward = np.argpartition(-counts, _OF_EACH, axis=1)[:, :_OF_EACH]
    back = np.argpartition(-counts / np.maximum(counts.sum(0, keepdims=True), 1e-9), _BACK, axis=0)[:_BACK]
    for number in range(len(names)):
        found[number].update(int(one) for one in forward[number] if counts[number, one] > _LEAST)
        for one in back[:, number]:
            if counts[one, number] > _LEAST:
                found[int(one)].add(number)
    yield "\t" + " ".join(names[one] for one in sorted(always))
    for number, mine in enumerate(found):
        if mine - always:
            yield f"{names[number]}\t" + " ".join(names[one] for one in sorted(mine - always))


if __name__ == "__main__":
    main(sys.argv[1:])
