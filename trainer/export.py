"""Models in Hugging Face's form: written for what was trained, and read to begin with."""

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from pipeline.errors import SetupError
from trainer import vocabulary
from trainer.checkpoints import Weights
from trainer.network import LONGEST, Marian, Shape
from trainer.pairs import Languages
from trainer.vocabulary import Vocabulary

_WEIGHTS = "model.safetensors"
# What Hugging Face writes beside the weights that are trained, or names twice.
_DERIVED = ("embed_positions", "embed_tokens", "lm_head")
_ELSEWHERE = {"final_logits_bias": "bias"}


def write(folder: Path, model: Marian, weights: Weights, languages: Languages, files: Path) -> None:
    """Write a model with the vocabulary in `files`; weights as bfloat16, as far as they count in int8."""
    folder.mkdir(parents=True, exist_ok=True)
    there = {ours: theirs for theirs, ours in _ELSEWHERE.items()}
    tensors = {
        there.get(name, f"model.{name}"): value.to(torch.bfloat16).contiguous() for name, value in weights.items()
    }
    save_file(tensors, folder / _WEIGHTS, metadata={"format": "pt"})
    for name in vocabulary.FILES:
        shutil.copyfile(files / name, folder / name)
    _write_json(folder / "config.json", _config(model))
    marks = {name: value for name, value in _config(model).items() if name.endswith("_token_id")}
    _write_json(folder / "generation_config.json", {"bad_words_ids": [[model.pad]], "max_length": LONGEST, **marks})
    _write_json(
        folder / "tokenizer_config.json",
        {
            "source_lang": languages.source,
            "target_lang": languages.target,
            "tokenizer_class": "MarianTokenizer",
            "model_max_length": LONGEST,
        },
    )


def shape_of(folder: Path) -> Shape:
    """Return the size of a MarianMT model. Raises `SetupError` for any other, and for one that cannot be trained here."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        shape = Shape(
            config["d_model"],
            config["encoder_ffn_dim"],
            config["encoder_attention_heads"],
            config["encoder_layers"],
            config["decoder_layers"],
            {"silu": "swish"}.get(config["activation_function"], config["activation_function"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetupError(f"--init {folder}: its config.json cannot be read ({error})") from None
    needed = {
        "model_type": ("marian",),
        "decoder_ffn_dim": (shape.inner,),
        "decoder_attention_heads": (shape.heads,),
        "activation_function": ("relu", "swish", "silu"),
        "share_encoder_decoder_embeddings": (True, None),
        "normalize_embedding": (False, None),
        "add_final_layer_norm": (False, None),
        "scale_embedding": (True,),
    }
    if wrong := [name for name, values in needed.items() if config.get(name) not in values]:
        told = ", ".join(f"{name} is {config.get(name)!r}" for name in wrong)
        raise SetupError(f"--init {folder}: only MarianMT models with one vocabulary can be trained on ({told})")
    return shape


def read_weights(folder: Path, model: Marian) -> None:
    """Take over the weights of a model in Hugging Face's form. Raises `SetupError`."""
    try:
        stored = _stored(folder)
    except (OSError, RuntimeError, ValueError, SafetensorError) as error:
        raise SetupError(f"--init {folder}: its weights cannot be read ({error})") from None
    weights = {
        _ELSEWHERE.get(name, name.removeprefix("model.")): value.float()
        for name, value in stored.items()
        if not any(part in name for part in _DERIVED)
    }
    if "bias" not in weights:
        weights["bias"] = torch.zeros_like(model.bias)
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise SetupError(f"--init {folder}: its weights are not those its config.json describes ({error})") from None
    model.settle()


def _stored(folder: Path) -> dict[str, Any]:
    if (folder / _WEIGHTS).exists():
        found: dict[str, Any] = load_file(folder / _WEIGHTS)
        return found
    weights: dict[str, Any] = torch.load(folder / "pytorch_model.bin", map_location="cpu", weights_only=True)
    return weights


def _config(model: Marian) -> dict[str, Any]:
    shape, size = model.shape, model.pad + 1
    return {
        "architectures": ["MarianMTModel"],
        "model_type": "marian",
        "vocab_size": size,
        "decoder_vocab_size": size,
        "d_model": shape.width,
        "encoder_layers": shape.encoder_layers,
        "decoder_layers": shape.decoder_layers,
        "encoder_attention_heads": shape.heads,
        "decoder_attention_heads": shape.heads,
        "encoder_ffn_dim": shape.inner,
        "decoder_ffn_dim": shape.inner,
        "activation_function": shape.activation,
        "max_position_embeddings": LONGEST,
        "scale_embedding": True,
        "static_position_embeddings": True,
        "share_encoder_decoder_embeddings": True,
        "tie_word_embeddings": True,
        "normalize_embedding": False,
        "add_final_layer_norm": False,
        "is_encoder_decoder": True,
        "pad_token_id": model.pad,
        "eos_token_id": model.end,
        "forced_eos_token_id": model.end,
        "decoder_start_token_id": model.pad,
        "dropout": model.dropout,
        "dtype": "bfloat16",
    }


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def begun(shape: Shape, pieces: Vocabulary, dropout: float, seed: int, init: Path | None) -> Marian:
    """Return the network with which a training begins. Raises `SetupError`."""
    torch.manual_seed(seed)
    model = Marian(shape, pieces, dropout)
    if init is not None:
        read_weights(init, model)
        # What is drawn while it trains is the same whether weights were read or made.
        torch.manual_seed(seed)
    return model
