"""T5 and those built as it is: mT5, MADLAD."""

from typing import Any

import numpy as np
from ctranslate2.specs.transformer_spec import TransformerSpec

from translator.models.convert.filling import Filler, activation
from translator.models.convert.tokens import Vocabularies

_PROJECTIONS = ("q", "k", "v", "o")
_OUTPUT = "lm_head.weight"
KINDS = ("t5", "mt5")
"""Values of `model_type` in config.json."""


def fill(config: dict[str, Any], filler: Filler, vocabularies: Vocabularies) -> Any:
    """Return the specification of a model with its weights and vocabularies. Raises `SetupError`, `KeyError`."""
    gated, _, name = config.get("feed_forward_proj", "relu").rpartition("-")
    if gated:
        # What transformers takes it for, as models were trained with it.
        name = {"gelu": "gelu_new"}.get(name, name)
    spec = TransformerSpec.from_config(
        (config["num_layers"], config.get("num_decoder_layers") or config["num_layers"]),
        config["num_heads"],
        pre_norm=True,
        activation=activation(name),
        ffn_glu=bool(gated),
        relative_attention_bias=True,
        rms_norm=True,
    )
    encoder, decoder = spec.encoder, spec.decoder
    filler.matrix(encoder.embeddings[0], filler.weights.read("shared.weight", "encoder.embed_tokens.weight"))
    filler.same(decoder.embeddings, encoder.embeddings[0])
    if _OUTPUT in filler.weights:
        filler.matrix(decoder.projection, filler.weights.read(_OUTPUT))
    else:
        filler.same(decoder.projection, decoder.embeddings)
    # Newer files say it themselves; older ones by whether the table of the output is that of the input.
    if config.get("scale_decoder_outputs", config.get("tie_word_embeddings", config["model_type"] == "t5")):
        decoder.scale_outputs = config["d_model"] ** -0.5
    for side, name in ((encoder, "encoder"), (decoder, "decoder")):
        side.scale_embeddings = False
        filler.norm(side.layer_norm, f"{name}.final_layer_norm")
        first = side.layer[0].self_attention
        first.relative_attention_bias = filler.weights.read(
            f"{name}.block.0.layer.0.SelfAttention.relative_attention_bias.weight"
        )
        first.relative_attention_max_distance = np.dtype("int32").type(
            config.get("relative_attention_max_distance", 128)
        )
        for number, layer in enumerate(side.layer):
            # Places are weighed alike in all layers.
            layer.self_attention.relative_attention_bias = first.relative_attention_bias
            layer.self_attention.relative_attention_max_distance = first.relative_attention_max_distance
            _fill_layer(layer, f"{name}.block.{number}.layer", filler, decoder=side is decoder)
    spec.register_source_vocabulary(list(vocabularies.source))
    spec.register_target_vocabulary(list(vocabularies.target))
    return spec


def _fill_layer(layer: Any, name: str, filler: Filler, *, decoder: bool) -> None:
    layer.self_attention.queries_scale = 1.0
    filler.attention(layer.self_attention, f"{name}.0.SelfAttention", _PROJECTIONS, of_itself=True)
    filler.norm(layer.self_attention.layer_norm, f"{name}.0.layer_norm")
    if decoder:
        layer.attention.queries_scale = 1.0
        filler.attention(layer.attention, f"{name}.1.EncDecAttention", _PROJECTIONS, of_itself=False)
        filler.norm(layer.attention.layer_norm, f"{name}.1.layer_norm")
    inner = f"{name}.{2 if decoder else 1}"
    if hasattr(layer.ffn, "linear_0_noact"):
        filler.linear(layer.ffn.linear_0, f"{inner}.DenseReluDense.wi_0")
        filler.linear(layer.ffn.linear_0_noact, f"{inner}.DenseReluDense.wi_1")
    else:
        filler.linear(layer.ffn.linear_0, f"{inner}.DenseReluDense.wi")
    filler.linear(layer.ffn.linear_1, f"{inner}.DenseReluDense.wo")
    filler.norm(layer.ffn.layer_norm, f"{inner}.layer_norm")
