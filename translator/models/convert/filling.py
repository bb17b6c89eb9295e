"""Parts of a CTranslate2 model filled with weights, each quantised at once: the rest takes a quarter of its memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from ctranslate2.specs.common_spec import Activation

from pipeline.errors import SetupError
from translator.models.convert.weights import Array, Weights

# By the names of transformers; CTranslate2's GELUTanh is the approximation, GELU the exact one.
_ACTIVATIONS = {
    "relu": Activation.RELU,
    "gelu": Activation.GELU,
    "gelu_new": Activation.GELUTanh,
    "gelu_fast": Activation.GELUTanh,
    "gelu_pytorch_tanh": Activation.GELUTanh,
    "swish": Activation.SWISH,
    "silu": Activation.SWISH,
}
_ROWS = 8192


def activation(name: str) -> Activation:
    """Return an activation function by the name that `config.json` has for it. Raises `SetupError`."""
    if name not in _ACTIVATIONS:
        raise SetupError(f"models with the activation function {name} cannot be converted; use the transformers engine")
    return _ACTIVATIONS[name]


@dataclass(frozen=True)
class Filler:
    """Puts tensors into a specification of `ctranslate2.specs`, whose parts it takes by their places there."""

    weights: Weights
    int8: bool

    def linear(self, spec: Any, *names: str) -> None:
        """Fill a linear layer; several become one, beneath each other. Names are without `.weight` and `.bias`."""
        parts = [self.weights.read(f"{name}.weight") for name in names]
        self.matrix(spec, np.concatenate(parts) if len(parts) > 1 else parts[0])
        if f"{names[0]}.bias" in self.weights:
            spec.bias = np.concatenate([self.weights.read(f"{name}.bias") for name in names])

    def matrix(self, spec: Any, matrix: Array) -> None:
        """Fill the weights of an embedding or a linear layer."""
        if not self.int8:
            spec.weight = np.ascontiguousarray(matrix)
            return
        # A few rows at a time: tables of large vocabularies take a gigabyte, and so would each step.
        parts = [_quantised(matrix[first : first + _ROWS]) for first in range(0, len(matrix), _ROWS)]
        spec.weight = np.concatenate([numbers for numbers, _ in parts])
        spec.weight_scale = np.concatenate([scale for _, scale in parts])

    def same(self, spec: Any, other: Any) -> None:
        """Let a layer have the very weights of another one."""
        spec.weight, spec.weight_scale = other.weight, other.weight_scale

    def norm(self, spec: Any, name: str) -> None:
        """Fill a layer normalisation."""
        spec.gamma = self.weights.read(f"{name}.weight")
        if f"{name}.bias" in self.weights:
            spec.beta = self.weights.read(f"{name}.bias")

    def attention(self, spec: Any, name: str, projections: Sequence[str], *, of_itself: bool) -> None:
        """Fill an attention; `projections`: the names of those of queries, keys, values and the output."""
        query, key, value, output = (f"{name}.{one}" for one in projections)
        if of_itself:
            self.linear(spec.linear[0], query, key, value)
        else:
            self.linear(spec.linear[0], query)
            self.linear(spec.linear[1], key, value)
        self.linear(spec.linear[-1], output)


def _quantised(rows: Array) -> tuple[npt.NDArray[np.int8], Array]:
    """Return numbers of 8 bits, and by what each row was multiplied, as CTranslate2 does it."""
    largest = np.abs(rows).max(axis=1)
    largest[largest == 0] = 127.0
    largest = np.maximum(largest, np.float32(127) / np.finfo(np.float32).max)
    scale = (127.0 / largest).astype(np.float32)
    return np.rint(rows * scale[:, None]).astype(np.int8), scale


def finish(spec: Any, out: Path) -> None:
    """Write a filled specification to the folder `out`. Raises `SetupError` where something is missing."""
    # All heads of the last layer tell what words were made from: the first alone does only in models trained for it.
    spec.decoder.alignment_heads = np.dtype("int16").type(0)
    try:
        spec.validate()
    except ValueError as error:
        raise SetupError(f"the model cannot be converted: {error}") from None
    # What is to be quantised is so already; here the same weights are written only once.
    spec.optimize()
    out.mkdir(parents=True, exist_ok=True)
    spec.save(str(out))
