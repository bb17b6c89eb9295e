"""Marian, M2M100, NLLB and mBART: one architecture with small differences."""

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from ctranslate2.specs.transformer_spec import TransformerSpec

from translator.models.convert.filling import Filler, activation
from translator.models.convert.tokens import Vocabularies
from translator.models.convert.weights import Array

_PROJECTIONS = ("q_proj", "k_proj", "v_proj", "out_proj")
# The first two learned or computed positions are for padding.
_OFFSET = 2


@dataclass(frozen=True)
class _Kind:
    """How a family differs."""

    pre_norm: bool
    embedding_norm: bool
    positions: str
    """`marian`, `fairseq` (both computed) or `learned`."""
    starts_from_zero: bool = False
    """Whether the decoder begins with an embedding of zeros, for which Hugging Face's form has a row `<pad>`."""


KINDS = {
    "marian": _Kind(pre_norm=False, embedding_norm=False, positions="marian", starts_from_zero=True),
    "m2m_100": _Kind(pre_norm=True, embedding_norm=False, positions="fairseq"),
    "mbart": _Kind(pre_norm=True, embedding_norm=True, positions="learned"),
}
"""By `model_type` of config.json; NLLB says that it is M2M100."""


def fill(config: dict[str, Any], filler: Filler, vocabularies: Vocabularies) -> Any:
    """Return the specification of a model with its weights and vocabularies. Raises `SetupError`, `KeyError`."""
    kind = KINDS[config["model_type"]]
    spec = TransformerSpec.from_config(
        (config["encoder_layers"], config["decoder_layers"]),
        config["encoder_attention_heads"],
        pre_norm=kind.pre_norm,
        activation=activation(config["activation_function"]),
        layernorm_embedding=kind.embedding_norm,
    )
    encoder, decoder = spec.encoder, spec.decoder
    _fill_embeddings(spec, config, filler, vocabularies)
    for side, name in ((encoder, "model.encoder"), (decoder, "model.decoder")):
        side.scale_embeddings = sqrt(config["d_model"]) if config.get("scale_embedding") else 1.0
        side.position_encodings.encodings = _positions(kind.positions, config, filler, name)
        if kind.embedding_norm:
            filler.norm(side.layernorm_embedding, f"{name}.layernorm_embedding")
        if kind.pre_norm:
            filler.norm(side.layer_norm, f"{name}.layer_norm")
        for number, layer in enumerate(side.layer):
            _fill_layer(layer, f"{name}.layers.{number}", filler, decoder=side is decoder)
    decoder.start_from_zero_embedding = kind.starts_from_zero
    spec.register_source_vocabulary(list(vocabularies.source))
    spec.register_target_vocabulary(list(vocabularies.target))
    return spec


def _fill_layer(layer: Any, name: str, filler: Filler, *, decoder: bool) -> None:
    filler.attention(layer.self_attention, f"{name}.self_attn", _PROJECTIONS, of_itself=True)
    filler.norm(layer.self_attention.layer_norm, f"{name}.self_attn_layer_norm")
    if decoder:
        filler.attention(layer.attention, f"{name}.encoder_attn", _PROJECTIONS, of_itself=False)
        filler.norm(layer.attention.layer_norm, f"{name}.encoder_attn_layer_norm")
    filler.linear(layer.ffn.linear_0, f"{name}.fc1")
    filler.linear(layer.ffn.linear_1, f"{name}.fc2")
    filler.norm(layer.ffn.layer_norm, f"{name}.final_layer_norm")


def _fill_embeddings(spec: Any, config: dict[str, Any], filler: Filler, vocabularies: Vocabularies) -> None:
    """Fill what has a row for each token, without the one for padding where the decoder begins from nothing."""
    source, target = spec.encoder.embeddings[0], spec.decoder.embeddings
    names = ("model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight", "lm_head.weight")
    shared = ("model.shared.weight", *names)
    read, written = vocabularies.pads

    def fill(part: Any, left_out: int | None, *tensors: str) -> None:
        filler.matrix(part, _without(filler.weights.read(*tensors), left_out))

    if config.get("share_encoder_decoder_embeddings", True):
        fill(source, read, *shared)
        filler.same(target, source)
    else:
        fill(source, read, names[0])
        fill(target, written, names[1])
    if config.get("tie_word_embeddings", True):
        filler.same(spec.decoder.projection, target)
    else:
        fill(spec.decoder.projection, written, names[2])
    if "final_logits_bias" in filler.weights:
        bias = filler.weights.read("final_logits_bias").reshape(-1)
        if bias.any():
            spec.decoder.projection.bias = _without(bias, written)


def _without(rows: Array, row: int | None) -> Array:
    return rows if row is None or row >= len(rows) else np.delete(rows, row, axis=0)


def _positions(how: str, config: dict[str, Any], filler: Filler, name: str) -> Array:
    """Return what is added to each place of a sentence."""
    count, width = config["max_position_embeddings"], config["d_model"]
    if how == "learned":
        return filler.weights.read(f"{name}.embed_positions.weight")[_OFFSET:]
    if how == "marian":
        angles = np.arange(count)[:, None] / np.power(10_000, 2 * (np.arange(width) // 2) / width)
        parts = [np.sin(angles[:, 0::2]), np.cos(angles[:, 1::2])]
    else:
        half = width // 2
        rates = np.exp(np.arange(half) * -(np.log(10_000) / (half - 1)))
        angles = np.arange(_OFFSET, count + _OFFSET)[:, None] * rates
        parts = [np.sin(angles), np.cos(angles)]
    table: Array = np.concatenate(parts, axis=1).astype(np.float32)
    return table
