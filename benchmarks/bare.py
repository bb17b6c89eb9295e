"""CTranslate2 alone: the engine's weights, settings and threads, with nothing of the project around them."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from translator.engines import USUAL, Tokens
from translator.engines.ctranslate2 import CTranslate2Engine
from translator.models.folder import find_models


class Bare:
    """A model, and the one call that translates all that it is given."""

    def __init__(self, model: Path) -> None:
        found = next(
            one
            for one in find_models(model.parent, "ctranslate2")
            if one.folder_for("ctranslate2").is_relative_to(model)
        )
        engine = CTranslate2Engine(found, threads=len(os.sched_getaffinity(0)))
        self.encode = engine.encode
        # A weight of int8 is a byte.
        self.parameters = (found.folder_for("ctranslate2") / "model.bin").stat().st_size
        self._batch_tokens = engine.batch_tokens
        self._translator: Any = engine._translator  # noqa: SLF001 (the engine without anything of ours around it)

    def translate(self, tokens: Sequence[Tokens]) -> None:
        """Translate as the engine does usually."""
        self._translator.translate_batch(
            tokens,
            beam_size=USUAL.beam_size,
            batch_type="tokens",
            max_batch_size=self._batch_tokens,
            max_input_length=0,
            max_decoding_length=256,
        )
