"""The network of MarianMT: a transformer whose parts have the names that Hugging Face gives them.

Its embedding of <pad> stays zero and <pad> is never predicted, because CTranslate2 begins a translation with a zero
embedding where Hugging Face's Marian begins it with <pad>.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (everybody calls it so)
from torch import nn

from trainer.vocabulary import Vocabulary

Tensor = Any
LONGEST = 512
"""Positions that a model knows."""
_ACTIVATIONS = {"relu": F.relu, "swish": F.silu}


@dataclass(frozen=True)
class Shape:
    """How large a network is."""

    width: int
    inner: int
    heads: int
    encoder_layers: int
    decoder_layers: int
    activation: str = "relu"


SIZES = {
    # With 8,000 pieces 7 million parameters, 8 MB as int8.
    "tiny": Shape(256, 1024, 4, 4, 2),
    # With 16,000 pieces 36 million parameters, 36 MB as int8.
    "base": Shape(512, 2048, 8, 6, 2),
}


class Attention(nn.Module):
    """Attention with several heads."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.k_proj, self.v_proj, self.q_proj, self.out_proj = (nn.Linear(shape.width, shape.width) for _ in range(4))
        self.heads = shape.heads

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor | None, *, causal: bool = False) -> Tensor:
        """Return what each position of `x` takes from `memory`."""

        def split(y: Tensor) -> Tensor:
            return y.view(y.shape[0], y.shape[1], self.heads, -1).transpose(1, 2)

        queries, keys, values = split(self.q_proj(x)), split(self.k_proj(memory)), split(self.v_proj(memory))
        y = F.scaled_dot_product_attention(queries, keys, values, mask, is_causal=causal)
        return self.out_proj(y.transpose(1, 2).reshape(x.shape))


class Layer(nn.Module):
    """A layer, normalised behind each of its steps."""

    def __init__(self, shape: Shape, dropout: float, *, decodes: bool) -> None:
        super().__init__()
        self.self_attn, self.self_attn_layer_norm = Attention(shape), nn.LayerNorm(shape.width)
        if decodes:
            self.encoder_attn, self.encoder_attn_layer_norm = Attention(shape), nn.LayerNorm(shape.width)
        self.fc1, self.fc2 = nn.Linear(shape.width, shape.inner), nn.Linear(shape.inner, shape.width)
        self.final_layer_norm = nn.LayerNorm(shape.width)
        self.activation, self.dropout = _ACTIVATIONS[shape.activation], dropout

    def forward(self, x: Tensor, mask: Tensor | None, memory: Tensor | None = None) -> Tensor:
        """Return the layer's output; with `memory` it is a decoder's, and `mask` is that of the memory."""
        if memory is None:
            x = self.self_attn_layer_norm(self._added(x, self.self_attn(x, x, mask)))
        else:
            x = self.self_attn_layer_norm(self._added(x, self.self_attn(x, x, None, causal=True)))
            x = self.encoder_attn_layer_norm(self._added(x, self.encoder_attn(x, memory, mask)))
        return self.final_layer_norm(self._added(x, self.fc2(self.activation(self.fc1(x)))))

    def _added(self, x: Tensor, y: Tensor) -> Tensor:
        return x + F.dropout(y, self.dropout, self.training)


class Side(nn.Module):
    """The encoder or the decoder."""

    def __init__(self, layers: list[Layer]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)


class Marian(nn.Module):
    """A whole network with new weights, which depend on torch's seed alone."""

    def __init__(self, shape: Shape, vocabulary: Vocabulary, dropout: float) -> None:
        super().__init__()
        self.shape, self.dropout = shape, dropout
        self.pad, self.end = vocabulary.pad, vocabulary.end
        self.shared = nn.Embedding(vocabulary.size, shape.width)
        self.encoder = Side([Layer(shape, dropout, decodes=False) for _ in range(shape.encoder_layers)])
        self.decoder = Side([Layer(shape, dropout, decodes=True) for _ in range(shape.decoder_layers)])
        self.register_buffer("bias", torch.zeros(1, vocabulary.size))
        self.register_buffer("positions", _positions(shape.width), persistent=False)
        for side in (self.encoder, self.decoder):
            for depth, layer in enumerate(side.layers, 1):
                _begin(layer, depth**-0.5)
        nn.init.normal_(self.shared.weight, std=shape.width**-0.5)
        self.settle()

    def settle(self) -> None:
        """Make the embedding of <pad> zero."""
        with torch.no_grad():
            self.shared.weight[self.pad].zero_()

    def forward(self, x: Tensor, y: Tensor, smoothing: float = 0.0) -> Tensor:
        """Return the mean loss a token of `y` (nats), each told after those before it."""
        wanted = y.masked_fill(y == self.pad, -100).reshape(-1)
        scores = self.scores(x, y).float().reshape(-1, self.pad)
        return F.cross_entropy(scores, wanted, label_smoothing=smoothing)

    def scores(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the scores of all ids but <pad> at each position of `y`, given those before it."""
        mask = (x != self.pad)[:, None, None, :]
        memory = self._embedded(x)
        for layer in self.encoder.layers:
            memory = layer(memory, mask)
        h = self._embedded(F.pad(y[:, :-1], (1, 0), value=self.pad))
        for layer in self.decoder.layers:
            h = layer(h, mask, memory)
        # All columns, and <pad> is cut off afterwards: a width that is no multiple of 8, as 15,999, suits no tensor core.
        return (F.linear(h, self.shared.weight) + self.bias)[..., : self.pad]

    def _embedded(self, ids: Tensor) -> Tensor:
        x = self.shared(ids) * math.sqrt(self.shape.width) + self.positions[: ids.shape[1]]
        return F.dropout(x, self.dropout, self.training)


def _begin(layer: Layer, gain: float) -> None:
    """Give a layer new weights, smaller in deeper layers.

    Without it six layers that are normalised behind each step make all of an encoder's outputs alike within the first
    hundred steps, and what comes out of it is a language model (docs/decisions/0063-use-of-source.md).
    """
    for name, parameter in layer.named_parameters():
        if name.endswith("bias"):
            nn.init.zeros_(parameter)
        elif parameter.dim() == 2:
            nn.init.xavier_uniform_(parameter, gain)


def _positions(width: int) -> Tensor:
    """Positions as Marian has them: sines in the first half, cosines in the second."""
    angles = np.arange(LONGEST)[:, None] / np.power(10000, 2 * (np.arange(width) // 2) / width)
    return torch.tensor(np.concatenate([np.sin(angles[:, 0::2]), np.cos(angles[:, 1::2])], 1), dtype=torch.float32)
