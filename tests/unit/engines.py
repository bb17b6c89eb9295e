"""Engines that are none, for tests; they are made in processes of their own too, so nothing large is imported here."""

import os
import time
from collections.abc import Sequence

from pipeline.errors import SetupError
from pipeline.events import OfferedModel
from translator.engines import SECOND_TRY, Decoding, Engine, Hypothesis, Tokens


class UpperEngine:
    """A fake engine: words are tokens, the translation is the source in capitals, and some words go wrong."""

    model = OfferedModel(id="upper@1", source="de", target="en")
    device = "none"
    verbatim = False
    limit = 8
    batch_tokens = 24
    workers = 2
    spare = 0
    round_size = 100

    def __init__(self) -> None:
        self.batches: list[list[Tokens]] = []

    def encode(self, text: str) -> Tokens:
        # The full stop with which a model understands a fragment better says nothing to this one.
        return text.removesuffix(".").split()

    def stop(self) -> None:
        pass

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        self.batches.append(list(batch))
        return [self._one([str(token) for token in tokens], decoding) for tokens in batch]

    def _one(self, words: list[str], decoding: Decoding) -> Hypothesis:
        if "leer" in words or ("erst" in words and decoding != SECOND_TRY):
            return Hypothesis("")
        if "endlos" in words:
            return Hypothesis("so und so und so und so und so und", capped=True)
        best = " ".join(words).upper()
        others = (best, f"{best} ZWEI", f"{best} ZWEI", "", f"{best} DREI", f"{best} VIER")
        return Hypothesis(best, others=others[: decoding.hypotheses - 1])


class FragileEngine(UpperEngine):
    """Dies on one word, and takes its time on another."""

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        if any("absturz" in tokens for tokens in batch):
            os._exit(3)
        if any("langsam" in tokens for tokens in batch):
            time.sleep(30)
        if any("gift" in tokens for tokens in batch):
            raise KeyError("gift")
        return super().generate(batch, decoding)


def refuse(problem: str) -> Engine:
    raise SetupError(problem)


def die() -> Engine:
    os._exit(9)
