"""How a vocabulary map is made: which pieces of its target's vocabulary a model weighs for a sentence.

Most of a vocabulary is hardly ever written: of the bundled model's 8,000 pieces 5,000 make all English, and 2,000 of them
make 91 of 100 pieces of it. Those that come often are weighed for every sentence, each of the others only where a piece of
the source stands with which it comes. CTranslate2 weighs for a batch what any of its sentences asks for: the more is weighed
for every sentence, the less a translation depends on the company in which it is made.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import SetupError
from translator.calibrating import Pair
from translator.engines.vocabulary import listed_tokens, source_vocabulary, target_vocabulary
from translator.models.folder import Model

FILE = "vmap.txt"
"""Its name beside the weights, as CTranslate2 knows it."""

Array = Any
"""An array of numpy."""

_SPACE = "\u2581"
_PASSES, _CHUNK = 4, 20_000
# So many sentences tell of which pieces of the source one comes; more would say the same.
_ENOUGH = 1_000
# Of a source piece it must have come so often, and that in so many of a hundred times that it came at all; less is chance.
_LEAST, _SHARE = 0.5, 0.5


def write(model: Model, pairs: Sequence[Pair], always: int, sources: int) -> Path:
    """Write the map of a model beside its weights, and return where it is.

    `pairs`: sentences and their translations, as many as there are; `always`: how many pieces are weighed for every
    sentence; `sources`: for how many pieces of the source each of the others is weighed, at most. Raises `SetupError`.
    """
    folder = model.folder_for("ctranslate2")
    if not pairs:
        raise SetupError("a vocabulary map needs sentences with their translations")
    names = listed_tokens(folder, "source"), listed_tokens(folder, "target")
    source = Side(source_vocabulary(folder), names[0], [one for one, _ in pairs])
    target = Side(target_vocabulary(folder), names[1], [one for _, one in pairs])
    path = folder / FILE
    # Written beside it and renamed: a translator may be reading it.
    fresh = path.with_name(f".{FILE}.new")
    fresh.write_text("".join(f"{line}\n" for line in lines(source, target, always, sources)), encoding="utf-8")
    fresh.replace(path)
    return path


class Side:
    """The texts of one language, as the numbers of their pieces."""

    def __init__(self, vocabulary: Any, names: Sequence[str], texts: Sequence[str]) -> None:
        numbers = {name: number for number, name in enumerate(names)}
        pieces = map(vocabulary.id_to_piece, range(vocabulary.get_piece_size()))
        listed = np.array([numbers.get(piece, -1) for piece in pieces], np.int32)
        self.names = names
        parts = [
            listed[np.array(one, np.int32)]
            for start in range(0, len(texts), _CHUNK)
            for one in vocabulary.encode(texts[start : start + _CHUNK], out_type=int)
        ]
        self.ends = np.cumsum([len(part) for part in parts])
        self.starts = self.ends - [len(part) for part in parts]
        self.pieces = np.concatenate(parts)
        self.counts = np.bincount(self.pieces[self.pieces >= 0], minlength=len(names))

    def of(self, places: Sequence[int]) -> tuple[Array, Array]:
        """Return the pieces of some texts, and to which of them each belongs."""
        found = [self.pieces[self.starts[place] : self.ends[place]] for place in places]
        pieces, texts = np.concatenate(found), np.repeat(np.arange(len(found)), [len(one) for one in found])
        return pieces[pieces >= 0], texts[pieces >= 0]


def lines(source: Side, target: Side, always: int, sources: int) -> Iterator[str]:
    """Yield the lines of a map: a piece of the source, a tab, and what is weighed for it; first what always is."""
    # Single characters spell every name and number.
    fixed = {number for number, name in enumerate(target.names) if len(name.removeprefix(_SPACE)) <= 1}
    fixed |= {int(one) for one in np.argsort(-target.counts, kind="stable")[:always] if target.counts[one]}
    # A piece may be copied.
    numbers = {name: number for number, name in enumerate(target.names)}
    found = [{numbers[name]} if name in numbers else set() for name in source.names]
    for piece, places in _standing(target, fixed):
        for one in made_of(*source.of(places), source.counts)[:sources]:
            found[one].add(piece)
    yield "\t" + " ".join(target.names[one] for one in sorted(fixed))
    for name, mine in zip(source.names, found, strict=True):
        if rest := sorted(mine - fixed):
            yield f"{name}\t" + " ".join(target.names[one] for one in rest)


def made_of(pieces: Array, texts: Array, counts: Array) -> list[int]:
    """Return of which source pieces a target piece comes that stands in the translations of texts, the first most often.

    `pieces`: those of these texts, `texts`: to which of them each belongs, `counts`: how often each stands in all texts.
    Found as IBM's first model does it: whatever stands in the others, too, explains little of it.
    """
    kinds, cells = np.unique(pieces, return_inverse=True)
    if not len(kinds):
        return []
    likely = 1 / counts[kinds]
    came = likely
    for _ in range(_PASSES):
        weights = likely[cells]
        came = np.bincount(cells, weights / np.bincount(texts, weights)[texts])
        likely = came / counts[kinds]
    enough = max(_LEAST, came.sum() * _SHARE / 100)
    return [int(kinds[one]) for one in np.argsort(-came, kind="stable") if came[one] >= enough]


def _standing(target: Side, but: set[int]) -> Iterator[tuple[int, Array]]:
    """Yield each piece with the places of texts in which it stands, of all but some pieces."""
    wanted = np.ones(len(target.names), bool)
    wanted[list(but)] = False
    places = np.flatnonzero((target.pieces >= 0) & wanted[target.pieces])
    places = places[np.argsort(target.pieces[places], kind="stable")]
    for mine in np.split(places, np.flatnonzero(np.diff(target.pieces[places])) + 1):
        if len(mine):
            texts = np.unique(np.searchsorted(target.ends, mine, side="right"))
            yield int(target.pieces[mine[0]]), texts[:: 1 + len(texts) // _ENOUGH]
