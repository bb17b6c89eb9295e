"""Models in Hugging Face's form, by architecture."""

import json
import shutil
from pathlib import Path
from typing import Any

from pipeline.errors import SetupError
from translator.models.convert import bart, t5, tokens
from translator.models.convert.filling import Filler, finish
from translator.models.convert.weights import read_weights

_FAMILIES = {**dict.fromkeys(bart.KINDS, bart), **dict.fromkeys(t5.KINDS, t5)}


def write(folder: Path, out: Path, quantization: str) -> dict[str, Any]:
    """Write the model as CTranslate2 reads it, with its tokenizer, and return its config. Raises `SetupError` and others."""
    config = _config(folder)
    weights = read_weights(folder)
    target = config.get("decoder_vocab_size") or config["vocab_size"]
    vocabularies = tokens.read_vocabularies(folder, config, (config["vocab_size"], target))
    spec = _FAMILIES[config["model_type"]].fill(config, Filler(weights, quantization == "int8"), vocabularies)
    _name_marks(spec.config, config, vocabularies)
    tokenizers = list(tokens.names(folder))
    if not tokenizers:
        raise SetupError(f"{folder} has no SentencePiece model (source.spm or the like); get it from the repository")
    finish(spec, out)
    for path in tokenizers:
        shutil.copyfile(path, out / path.name)
    return config


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        config = json.loads(path.read_bytes())
        kind = config.get("model_type")
    except (ValueError, AttributeError) as error:
        raise SetupError(f"{path} cannot be read: {error}") from None
    if kind not in _FAMILIES:
        named = ", ".join(config.get("architectures") or [str(kind)])
        raise SetupError(
            f"a model of the architecture {named} ({kind}) cannot be converted; there are Marian, M2M100 and NLLB (dense),"
            " mBART-50, T5, mT5 and MADLAD"
        )
    if kind == "mbart" and config.get("decoder_start_token_id") != config.get("eos_token_id", 2):
        raise SetupError(
            "mBART-25 names the language behind each sentence, which is not supported; take an mBART-50 model"
            " (facebook/mbart-large-50-many-to-many-mmt)"
        )
    return dict(config)


def _name_marks(settings: Any, config: dict[str, Any], vocabularies: tokens.Vocabularies) -> None:
    """Tell CTranslate2 which tokens are marks."""
    kind, known = config["model_type"], vocabularies.target
    for name in ("</s>", "<unk>"):
        if name not in known:
            raise SetupError(f"the vocabulary has no {name}; models without one cannot be converted")
    if kind in t5.KINDS:
        settings.bos_token = known[config.get("pad_token_id", 0)]
    # What Marian's decoder begins with does not matter.
    start = config.get("decoder_start_token_id", config.get("pad_token_id", 0))
    settings.decoder_start_token = "</s>" if kind == "marian" else known[start]
