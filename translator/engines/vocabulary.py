"""Sentences as SentencePiece pieces, for models in CTranslate2's form."""

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import sentencepiece

from pipeline.errors import SetupError
from translator.engines import Tokens
from translator.models.folder import Model

END = "</s>"
"""Marks the end of a sentence."""
MARKS = frozenset((END, "<s>", "<pad>"))
"""Tokens that are no text."""


# SentencePiece writes these as other characters before it looks them up: m2 for m², 11\u20442 for 1½, so that they are lost.
# In the private use area they are left alone; pieces get them back, and are unknown to the model, which copies them.
_CHANGED = "\u00aa\u00b2\u00b3\u00b5\u00b9\u00ba\u00bc\u00bd\u00be" + "".join(map(chr, range(0x2070, 0x209D)))
_GUARDED = {ord(sign): 0xE000 + number for number, sign in enumerate(_CHANGED)}
_BACK = {guard: sign for sign, guard in _GUARDED.items()}
_SIGN = re.compile(f"[{_CHANGED}]")
# While a sentence is prepared it is counted several times, and so are words that stand in many; about 1 MB.
_REMEMBERED, _SHORT = 1024, 500
# As the families of models name it: Marian; Argos and MADLAD; M2M100, NLLB and mBART; T5.
_SOURCES = ("source.spm", "sentencepiece.model", "sentencepiece.bpe.model", "spiece.model")


def guarded(text: str) -> str:
    """Return a text in which no sign is one that SentencePiece would write as another."""
    return text.translate(_GUARDED) if _SIGN.search(text) else text


def restored(pieces: Sequence[str]) -> list[str]:
    """Return the pieces of a guarded text with its own signs."""
    return [piece.translate(_BACK) for piece in pieces]


class Encoder:
    """Cuts sentences into pieces, with the end mark behind them where the model was trained with one."""

    def __init__(self, model: Model) -> None:
        folder = model.folder_for("ctranslate2")
        prompt = model.description.prompt
        self._vocabulary = source_vocabulary(folder)
        # Models from Marian's own files get theirs from CTranslate2.
        self._end = [END] if (prompt is None or prompt.end) and not _adds_end(folder) else []
        self._remembered = lru_cache(_REMEMBERED)(self._pieces)

    def __call__(self, text: str) -> Tokens:
        """Return the pieces of a sentence."""
        return [*(self._remembered if len(text) <= _SHORT else self._pieces)(text), *self._end]

    def _pieces(self, text: str) -> Sequence[str]:
        safe = guarded(text)
        pieces: Sequence[str] = self._vocabulary.encode(safe, out_type=str)
        return pieces if safe is text else restored(pieces)


def source_vocabulary(folder: Path) -> Any:
    """Load the SentencePiece model of the source's language. Raises `SetupError` where there is none."""
    return _read_first(folder, _SOURCES)


def target_vocabulary(folder: Path) -> Any:
    """Load the SentencePiece model of the target's language, or the one of both. Raises `SetupError` as above."""
    return _read_first(folder, ("target.spm", *_SOURCES))


def check_tokens(folder: Path, side: str, tokens: Iterable[str]) -> None:
    """Raise `SetupError` if a model has no such token on this `side`, `source` or `target`.

    It would take it for an unknown word, and say nothing.
    """
    wanted = set(tokens)
    if missing := sorted(wanted.difference(listed_tokens(folder, side) if wanted else ())):
        raise SetupError(f"{folder} has no token {', '.join(missing)}: correct prompt or pairs in model.json")


def listed_tokens(folder: Path, side: str) -> Sequence[str]:
    """Return the tokens of a model on this `side`, `source` or `target`. Raises `SetupError` where they are not listed."""
    lists = [folder / f"{name}_vocabulary.{form}" for name in (side, "shared") for form in ("json", "txt")]
    found = next((path for path in lists if path.is_file()), None)
    if found is None:
        raise SetupError(f"{folder} has no vocabulary (shared_vocabulary.json): it is not a whole CTranslate2 model")
    return _read_list(found)


def _read_first(folder: Path, names: Sequence[str]) -> Any:
    found = next((path for name in names if (path := folder / name).is_file()), None)
    if found is None:
        raise SetupError(
            f"{folder} has no SentencePiece model ({', '.join(names)}); copy it there from the model's repository"
        )
    try:
        return sentencepiece.SentencePieceProcessor(model_file=str(found))
    except RuntimeError as error:
        raise SetupError(f"{found} is no SentencePiece model: {error}") from None


def _adds_end(folder: Path) -> bool:
    config = folder / "config.json"
    return config.is_file() and bool(json.loads(config.read_bytes()).get("add_source_eos"))


def _read_list(path: Path) -> Sequence[str]:
    text = path.read_text(encoding="utf-8")
    tokens: list[str] = text.split("\n") if path.suffix == ".txt" else json.loads(text)
    return tokens
