"""The tokenizer that the German boundary model was trained with.

spaCy's own tokenizer splits punctuation off one character at a time and starts anew after each, which takes quadratic
time on long runs of it (300 KB of "(" never end). This one reads the text once.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

# Runs of letters, of digits, of one punctuation mark or of underscores, each with the space behind it; runs of white space.
# The bounds and the kinds are part of the model: change them and it has to be trained again. Every character is of one
# kind, so none is lost.
_TOKEN = re.compile(r"([^\W\d_]{1,40}|\d{1,20}|([^\w\s])\2{0,7}|_{1,8})( ?)|(\s{1,40})", re.DOTALL)


class LinearTokenizer:
    """Cuts text into tokens in linear time and loses no character."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return the tokens of `text`."""
        found = _TOKEN.findall(text)
        return Doc(
            self.vocab,
            words=[word or space for word, _, _, space in found],
            spaces=[behind == " " for _, _, behind, _ in found],
        )

    # spaCy stores a tokenizer with its model; this one has nothing to store.

    def to_bytes(self, **_: Any) -> bytes:
        """Return nothing."""
        return b""

    def from_bytes(self, _: bytes, **__: Any) -> "LinearTokenizer":
        """Return itself."""
        return self

    def to_disk(self, path: Path, **_: Any) -> None:
        """Write an empty file, which spaCy expects."""
        Path(path).write_bytes(b"")

    def from_disk(self, _: Path, **__: Any) -> "LinearTokenizer":
        """Return itself."""
        return self


@registry.tokenizers("satzstrom.LinearTokenizer.v1")  # type: ignore[untyped-decorator]
def create_tokenizer() -> Callable[[Language], LinearTokenizer]:
    """Return what spaCy calls to make the tokenizer that a model's config names."""
    return lambda nlp: LinearTokenizer(nlp.vocab)
