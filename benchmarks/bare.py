"""CTranslate2 alone: the engine's weights, settings and threads, with nothing of the project around them."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from translator.engines import USUAL, Tokens
from translator.engines.ctranslate2 import CTranslate2Engine
from translator.models.folder import find_models

_LONGEST = 256


class Bare:
    """The model of a folder, and the one call that translates all that it is given."""

    def __init__(self, folder: Path) -> None:
        models = find_models(folder.parent, "ctranslate2")
        model = next(one for one in models if one.folder_for("ctranslate2").parent == folder)
        engine = CTranslate2Engine(model, threads=len(os.sched_getaffinity(0)))
        self.encode = engine.encode
        # A weight of int8 is a byte.
        self.parameters = (folder / "ctranslate2" / "model.bin").stat().st_size
        self._batch_tokens = engine.batch_tokens
        self._translator: Any = engine._translator  # noqa: SLF001 (the engine without anything of ours around it)
        listener = _Listener(self._translator)
        engine._translator = listener  # noqa: SLF001 (so that whatever the engine asks for usually is asked for here)
        engine.generate([self.encode("Guten Morgen.")], USUAL)
        self._settings = listener.settings | {"max_decoding_length": _LONGEST, "target_prefix": None}

    def translate(self, tokens: Sequence[Tokens]) -> None:
        """Translate as the engine does usually."""
        self._translator.translate_batch(
            tokens, batch_type="tokens", max_batch_size=self._batch_tokens, **self._settings
        )


class _Listener:
    """Hears with which settings an engine searches."""

    def __init__(self, translator: Any) -> None:
        self.settings: dict[str, Any] = {}
        self._translator = translator

    def translate_batch(self, tokens: Sequence[Tokens], **settings: Any) -> Any:
        self.settings = self.settings or settings
        return self._translator.translate_batch(tokens, **settings)
