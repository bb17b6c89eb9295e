"""Engines for tests: one gives back what it gets, byte for byte, one marks it; they say so in the model's name."""

import time
from collections.abc import Sequence

from pipeline.events import OfferedModel
from translator.engines import Decoding, Hypothesis, Tokens


class IdentityEngine:
    """Takes every pair of languages and changes nothing."""

    model = OfferedModel(id="identity@1", source="de", target="en")
    device = "none"
    verbatim = True
    limit = 1 << 30
    workers = 1

    def __init__(self, batch_seconds: float = 0.0) -> None:
        """`batch_seconds`: how long a batch takes; other than 0, batches have 16 sentences, as on a slow machine."""
        self._batch_seconds = batch_seconds
        self.batch_tokens = 16 if batch_seconds else 1 << 20
        self.round_size = 32 if batch_seconds else 2000

    def encode(self, text: str) -> Tokens:
        """Return the text as its only token."""
        return (text,)

    def _translate(self, text: str) -> str:
        return text

    def stop(self) -> None:
        """Nothing to give back."""

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Return each sentence as it came."""
        del decoding
        time.sleep(self._batch_seconds)
        return [Hypothesis(self._translate(tokens[0])) for tokens in batch]


class MarkingEngine(IdentityEngine):
    """Puts ⟦ ⟧ around each sentence, so that one that is lost, doubled or not translated can be seen."""

    model = OfferedModel(id="marking@1", source="de", target="en")

    def _translate(self, text: str) -> str:
        return f"⟦{text}⟧"
