"""Models of other forms made into CTranslate2's, with numpy alone: no PyTorch is needed.

What cannot be converted is said with the name of its architecture.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pipeline import languages
from pipeline.errors import LanguageError, SetupError
from translator.engines.vocabulary import listed_tokens, source_vocabulary
from translator.models.convert.prompts import check_pairs, prompt_of

Pairs = Iterable[tuple[str, str]]

_LONGEST = 200
_SHORTEST = 16


def convert(
    folder: Path, out: Path, pairs: Pairs = (), *, quantization: Literal["int8", "float32"] = "int8"
) -> dict[str, Any]:
    """Make a CTranslate2 model in the folder `out` from one in Hugging Face's or Marian's own form (OPUS-MT zips).

    Return what `model.json` has to say of it: `max_tokens`, `prompt` if it has to be told its languages, `pairs` if its
    files say which it translates between. `pairs`: those that are asked for.

    Raises `SetupError` where files are missing, damaged or do not belong together, where the architecture cannot be
    converted, and where the model does not know one of the pairs; nothing in `out` is to be used then.
    """
    from translator.models.convert import huggingface, marian

    try:
        config = huggingface.write(folder, out, quantization) if (folder / "config.json").is_file() else None
        if config is None:
            marian.write(folder, out, quantization)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise SetupError(f"the model in {folder} cannot be converted: {error!r}") from error
    except MemoryError:
        raise SetupError(
            f"there is not enough memory to convert the model in {folder}; use a machine with more"
        ) from None
    config = config or {}
    fields = describe(out, pairs, instructed=config.get("model_type") == "t5")
    if positions := config.get("max_position_embeddings"):
        # A translation may have twice as many tokens and some more, and has to have a place for each.
        fields["max_tokens"] = max(_SHORTEST, min(_LONGEST, (positions - 32) // 2))
    if told := _pairs_of(folder):
        fields.setdefault("pairs", told)
    return fields


def describe(folder: Path, pairs: Pairs = (), *, instructed: bool = False) -> dict[str, Any]:
    """Return what `model.json` has to say of a CTranslate2 model: `max_tokens`, `prompt` if it has to be told its languages.

    `instructed`: whether it was trained with instructions in English (T5). Raises `SetupError` where it does not know one of
    the pairs.
    """
    vocabulary = source_vocabulary(folder)
    prompt = prompt_of(
        listed_tokens(folder, "source"), lambda text: vocabulary.encode(text, out_type=str), instructed=instructed
    )
    check_pairs(prompt, pairs)
    fields: dict[str, Any] = {"max_tokens": _LONGEST}
    return fields if prompt is None else fields | {"prompt": prompt}


def _pairs_of(folder: Path) -> list[tuple[str, str]]:
    """Return the pair of languages that the tokenizer's settings name, if they name one and it is clear."""
    path = folder / "tokenizer_config.json"
    told = json.loads(path.read_bytes()) if path.is_file() else {}
    try:
        pair = languages.check(str(told["source_lang"])), languages.check(str(told["target_lang"]))
    except (KeyError, LanguageError):
        return []
    return [pair] if all(len(code) == 2 for code in pair) else []
