"""An engine for tests: it gives back what it gets, byte for byte, and says so in the model's name."""

from collections.abc import Sequence

from pipeline.events import OfferedModel
from translator.engines import Decoding, Hypothesis, Tokens


class IdentityEngine:
    """Takes every pair of languages and changes nothing."""

    model = OfferedModel(id="identity@1", source="de", target="en")
    device = "none"
    verbatim = True
    limit = 1 << 30
    batch_tokens = 1 << 20
    workers = 1
    round_size = 2000

    def encode(self, text: str) -> Tokens:
        """Return the text as its only token."""
        return (text,)

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Return each sentence as it came."""
        del decoding
        return [Hypothesis(tokens[0]) for tokens in batch]
