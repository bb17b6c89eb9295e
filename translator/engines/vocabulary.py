"""Sentences as SentencePiece pieces, for models in CTranslate2's form."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import sentencepiece

from translator.engines import Tokens
from translator.models.folder import Model

END = "</s>"
"""Marks the end of a sentence; no text."""


# SentencePiece writes these as other characters before it looks them up: m2 for m², 11\u20442 for 1½, so that they are lost.
# In the private use area they are left alone; pieces get them back, and are unknown to the model, which copies them.
_CHANGED = "\u00aa\u00b2\u00b3\u00b5\u00b9\u00ba\u00bc\u00bd\u00be" + "".join(map(chr, range(0x2070, 0x209D)))
_GUARDED = {ord(sign): 0xE000 + number for number, sign in enumerate(_CHANGED)}
_BACK = {guard: sign for sign, guard in _GUARDED.items()}
_SIGN = re.compile(f"[{_CHANGED}]")
# While a sentence is prepared it is counted several times, and so are words that stand in many; about 1 MB.
_REMEMBERED, _SHORT = 1024, 500


def guarded(text: str) -> str:
    """Return a text in which no sign is one that SentencePiece would write as another."""
    return text.translate(_GUARDED) if _SIGN.search(text) else text


def restored(pieces: Sequence[str]) -> list[str]:
    """Return the pieces of a guarded text with its own signs."""
    return [piece.translate(_BACK) for piece in pieces]


class Encoder:
    """Cuts sentences into pieces, with the end mark that Marian models were trained with."""

    def __init__(self, model: Model) -> None:
        self._vocabulary = read_vocabulary(model.folder_for("ctranslate2") / "source.spm")
        self._remembered = lru_cache(_REMEMBERED)(self._pieces)

    def __call__(self, text: str) -> Tokens:
        """Return the pieces of a sentence."""
        return [*(self._remembered if len(text) <= _SHORT else self._pieces)(text), END]

    def _pieces(self, text: str) -> Sequence[str]:
        safe = guarded(text)
        pieces: Sequence[str] = self._vocabulary.encode(safe, out_type=str)
        return pieces if safe is text else restored(pieces)


def read_vocabulary(path: Path) -> Any:
    """Load a SentencePiece model."""
    return sentencepiece.SentencePieceProcessor(model_file=str(path))
