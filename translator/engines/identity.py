"""Engines for tests: one gives back what it gets, byte for byte, one marks it; they say so in the model's name.

On words that no document has by chance the marking engine goes wrong, so that a test can say in its text where:

- `FAILS`: it raises;
- `DIES`: its process is killed, as by the kernel when memory is short;
- `SLOW`: the batch takes twenty times as long.

Engines that translate know nothing of these words.
"""

import os
import signal
import time
from collections.abc import Sequence

from pipeline.events import OfferedModel
from translator.engines import Decoding, Hypothesis, Tokens

FAILS = "ENGINE-FAILS"
DIES = "ENGINE-DIES"
SLOW = "ENGINE-SLOW"
_SLOWER = 20


class IdentityEngine:
    """Takes every pair of languages and changes nothing."""

    model = OfferedModel(id="identity@1", source="de", target="en")
    device = "none"
    verbatim = True
    limit = 1 << 30
    workers = 1
    spare = 0

    def __init__(self, batch_seconds: float = 0.0) -> None:
        """`batch_seconds`: how long a batch takes; other than 0, batches have 16 sentences, as on a slow machine."""
        self._batch_seconds = batch_seconds
        self.batch_tokens = 16 if batch_seconds else 1 << 20
        self.round_size = 32 if batch_seconds else 2000

    def encode(self, text: str) -> Tokens:
        """Return the text as its only token."""
        return encode(text)

    def stop(self) -> None:
        """Nothing to give back."""

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Return each sentence as it came."""
        del decoding
        time.sleep(self._batch_seconds)
        return [Hypothesis(tokens[0]) for tokens in batch]


class MarkingEngine(IdentityEngine):
    """Puts ⟦ ⟧ around each sentence, so that one that is lost, doubled or not translated can be seen.

    Has to run in a process of its own, because it ends its process on `DIES`.
    """

    def __init__(self, batch_seconds: float = 0.0, revision: str = "1") -> None:
        """`revision`: of the model that it says it has, so that translators can differ."""
        super().__init__(batch_seconds)
        self.model = OfferedModel(id=f"marking@{revision}", source="de", target="en")

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Return each sentence marked. Raises `ValueError` on `FAILS`."""
        texts = [tokens[0] for tokens in batch]
        if any(DIES in text for text in texts):
            os.kill(os.getpid(), signal.SIGKILL)
        if any(FAILS in text for text in texts):
            raise ValueError(f"the text says {FAILS}")
        if any(SLOW in text for text in texts):
            time.sleep(self._batch_seconds * (_SLOWER - 1))
        return [Hypothesis(f"⟦{one.text}⟧") for one in super().generate(batch, decoding)]


def encode(text: str) -> Tokens:
    """Return the text as its only token."""
    return (text,)
