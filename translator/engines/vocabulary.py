"""Sentences as SentencePiece pieces, for models in CTranslate2's form."""

from pathlib import Path
from typing import Any

import sentencepiece

from translator.engines import Tokens
from translator.models import Model

END = "</s>"
"""Marks the end of a sentence; no text."""


class Encoder:
    """Cuts sentences into pieces, with the end mark that Marian models were trained with."""

    def __init__(self, model: Model) -> None:
        self._vocabulary = read_vocabulary(model.folder_for("ctranslate2") / "source.spm")

    def __call__(self, text: str) -> Tokens:
        """Return the pieces of a sentence."""
        return [*self._vocabulary.encode(text, out_type=str), END]


def read_vocabulary(path: Path) -> Any:
    """Load a SentencePiece model."""
    return sentencepiece.SentencePieceProcessor(model_file=str(path))
