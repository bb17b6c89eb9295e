"""Telling the language of a text, without any server: `source: auto`."""

import threading
from collections.abc import Collection
from typing import Any, NamedTuple

from pipeline import languages
from pipeline.errors import LanguageError

AUTO = "auto"
"""What a sender writes in place of a language code when the text should tell it."""

# The model decides from so much as well as from all of it, and its time grows with the text.
_LOOKED_AT = 4000
# Of 98 texts of one to nine words none is told wrong to which the model gives more than 0.11; below stand single words and
# greetings (docs/decisions/0017-detection.md).
_CERTAIN = 0.2


class Detected(NamedTuple):
    """A language that a text may be in, and how probable that is (0 to 1)."""

    language: str
    confidence: float


class Detector:
    """Tells languages. The same text and candidates always give the same answer. May be used from several threads.

    The model (90 MB of memory, a second to load) is loaded with the first text.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._identifier: Any = None

    def detect(self, text: str, candidates: Collection[str] = ()) -> Detected:
        """Return the language of a text, decided on its first 4,000 characters.

        `candidates` count where the text is too short to be certain: then the most probable of them is the answer.
        """
        ranked = self.rank(text)
        if ranked[0].confidence < _CERTAIN:
            wanted = {code.partition("-")[0] for code in candidates}
            ranked = [one for one in ranked if one.language in wanted] or ranked
        return ranked[0]

    def rank(self, text: str) -> list[Detected]:
        """Return all languages, the most probable first."""
        ranked = self._loaded().rank(text.strip()[:_LOOKED_AT])
        return [Detected(code, confidence) for code, confidence in ranked if _is_language(code)]

    def _loaded(self) -> Any:
        with self._lock:
            if self._identifier is None:
                from py3langid.langid import MODEL_FILE, LanguageIdentifier

                self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        return self._identifier


def _is_language(code: str) -> bool:
    """Whether the model's label is a code as documents have them; one label stands for texts of no language."""
    if code == "zxx":
        return False
    try:
        languages.check(code)
    except LanguageError:
        return False
    return True
