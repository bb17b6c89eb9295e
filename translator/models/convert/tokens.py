"""The vocabulary of a model in Hugging Face's form, by number, read from whichever files its family has."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import SetupError
from translator.engines.vocabulary import source_vocabulary

# What fairseq puts before a SentencePiece vocabulary, in place of its first three.
_FAIRSEQ = ("<s>", "<pad>", "</s>", "<unk>")
_REPLACED = 3
_PAD = _FAIRSEQ[1]
# Tables are filled up to a round number, or a few unused tokens are in none of the files.
_UNUSED = 1024
# M2M100's languages, in the order of their tokens; its newer files do not say them.
_M2M100 = (
    "af am ar ast az ba be bg bn br bs ca ceb cs cy da de el en es et fa ff fi fr fy ga gd gl gu ha he hi hr ht hu hy id"
    " ig ilo is it ja jv ka kk km kn ko lb lg ln lo lt lv mg mk ml mn mr ms my ne nl no ns oc or pa pl ps pt ro ru sd si"
    " sk sl so sq sr ss su sv sw ta th tl tn tr uk ur uz vi wo xh yi yo zh zu"
)


@dataclass(frozen=True)
class Vocabularies:
    """The tokens of a model, each at the place of its number."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    pads: tuple[int | None, int | None] = (None, None)
    """Where in each a row for padding was that is no longer among the tokens."""


def read_vocabularies(folder: Path, config: Mapping[str, Any], sizes: tuple[int, int]) -> Vocabularies:
    """Return the vocabularies of a model whose tables have so many rows. Raises `SetupError` where they do not fit."""
    if config["model_type"] != "marian":
        tokens = _filled(_by_number(folder, config), sizes[0], folder)
        return Vocabularies(tokens, tokens)
    source = _filled(_object(folder / "vocab.json"), sizes[0], folder)
    other = folder / "target_vocab.json"
    target = _filled(_object(other), sizes[1], folder) if other.is_file() else source
    # The decoder begins from nothing; with the row left out the token is never written either.
    (source, first), (target, second) = _without_pad(source), _without_pad(target)
    return Vocabularies(source, target, (first, second))


def _without_pad(tokens: tuple[str, ...]) -> tuple[tuple[str, ...], int | None]:
    if _PAD not in tokens:
        return tokens, None
    place = tokens.index(_PAD)
    return tokens[:place] + tokens[place + 1 :], place


def _by_number(folder: Path, config: Mapping[str, Any]) -> dict[str, int]:
    """Return the tokens with their numbers."""
    if (path := folder / "tokenizer.json").is_file():
        told = _json(path)
        vocabulary = told["model"]["vocab"]
        found = vocabulary if isinstance(vocabulary, dict) else {piece: at for at, (piece, _) in enumerate(vocabulary)}
        return found | {one["content"]: one["id"] for one in told.get("added_tokens", ())}
    if config["model_type"] == "m2m_100" and (path := folder / "vocab.json").is_file():
        return _followed(_object(path), _languages(folder) or [f"__{code}__" for code in _M2M100.split()])
    spm = source_vocabulary(folder)
    pieces = [spm.id_to_piece(number) for number in range(spm.get_piece_size())]
    if config["model_type"] in ("t5", "mt5"):
        return _followed({piece: number for number, piece in enumerate(pieces)}, [])
    numbered = {piece: number for number, piece in enumerate((*_FAIRSEQ, *pieces[_REPLACED:]))}
    return _followed(numbered, [*_languages(folder), "<mask>"])


def _followed(numbered: dict[str, int], tokens: list[str]) -> dict[str, int]:
    first = max(numbered.values(), default=-1) + 1
    return numbered | {token: first + place for place, token in enumerate(one for one in tokens if one not in numbered)}


def _languages(folder: Path) -> list[str]:
    """Return the tokens of languages as the tokenizer's files list them, in the order of their numbers."""
    for name in ("special_tokens_map.json", "tokenizer_config.json"):
        path = folder / name
        told = _json(path) if path.is_file() else {}
        for field in ("additional_special_tokens", "extra_special_tokens"):
            if isinstance(told.get(field), list) and told[field]:
                return [one if isinstance(one, str) else one["content"] for one in told[field]]
    return []


def _filled(numbered: dict[str, int], size: int, folder: Path) -> tuple[str, ...]:
    """Return the tokens in order; numbers that no file names get tokens that no text has."""
    found = {number: token for token, number in numbered.items() if number < size}
    # A mask is for training; some models have no row for it.
    beyond = sum(number >= size for token, number in numbered.items() if token != "<mask>")  # noqa: S105 (no password)
    if beyond or size - len(found) > max(_UNUSED, 0):
        raise SetupError(
            f"the vocabulary in {folder} has {len(numbered)} tokens, but the weights are for {size}: they do not belong"
            " together; get the model again"
        )
    return tuple(found.get(number, f"<unused_{number}>") for number in range(size))


def _object(path: Path) -> dict[str, int]:
    if not path.is_file():
        raise SetupError(f"{path.parent} has no {path.name}; copy it there from the model's repository")
    return _json(path)


def _json(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_bytes())
    except ValueError as error:
        raise SetupError(f"{path} cannot be read: {error}") from None
    if not isinstance(told, dict):
        raise SetupError(f"{path} has no object, as it should")
    return told


def names(folder: Path) -> Iterator[Path]:
    """Yield the SentencePiece models in a folder, which the converted model needs as well."""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".spm" or path.name in ("sentencepiece.model", "sentencepiece.bpe.model", "spiece.model"):
            yield path
