"""Pairs cut into tokens, as a training reads them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import SetupError
from trainer.batches import flattened
from trainer.pairs import Pair
from trainer.parts import Part
from trainer.vocabulary import Vocabulary

Arrays = dict[str, npt.NDArray[Any]]
KINDS = ("training", "held_out")


def cut(pairs: Mapping[str, list[Pair]], vocabulary: Vocabulary, longest: int, parts: Mapping[str, Part]) -> Arrays:
    """Return the tokens of the pairs of both `KINDS`, and how often each pair to train on is seen an epoch.

    Pairs with as many tokens as `longest` or more are taken out of the lists. Raises `SetupError` where none is left.
    """
    arrays: Arrays = {}
    for kind in KINDS:
        sources = vocabulary.encode_sources([pair.source for pair in pairs[kind]])
        targets = vocabulary.encode_targets([pair.target for pair in pairs[kind]])
        fits = [max(len(s), len(t)) < longest for s, t in zip(sources, targets, strict=True)]
        if not any(fits):
            raise SetupError(f"no pair has less than {longest} tokens; bring shorter sentences, or set --longest")
        for side, sentences in (("sources", sources), ("targets", targets)):
            fitting = [sentence for sentence, fit in zip(sentences, fits, strict=True) if fit]
            name = f"{kind}_{side}"
            arrays[name], arrays[f"{name}_lengths"] = flattened(fitting, vocabulary.end, longest)
        pairs[kind][:] = [pair for pair, fit in zip(pairs[kind], fits, strict=True) if fit]
    weights = {name: part.weight for name, part in parts.items()}
    arrays["weights"] = np.array([weights.get(pair.part, 1.0) for pair in pairs["training"]])
    return arrays
