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

# Runs of letters, digits or white space of bounded length; runs of one punctuation mark; any other character alone.
# The bounds and the alternatives are part of the model: change them and it has to be trained again.
_TOKEN = re.compile(r"[^\W\d_]{1,40}|\d{1,20}|\s{1,40}|([^\w\s])\1{0,7}|_{1,8}", re.DOTALL)


class LinearTokenizer:
    """Cuts text into tokens in linear time and loses no character."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return the tokens of `text`."""
        words: list[str] = []
        spaces: list[bool] = []
        end = 0
        for match in _TOKEN.finditer(text):
            if match.start() != end:  # no alternative fits, as for an underscore between digits of other scripts
                words.append(text[end : match.start()])
                spaces.append(False)
            end = match.end()
            word = match.group()
            # spaCy keeps one space as a property of the word before it.
            if word[0] == " " and words and not spaces[-1] and not words[-1].isspace():
                spaces[-1] = True
                word = word[1:]
                if not word:
                    continue
            words.append(word)
            spaces.append(False)
        if end < len(text):
            words.append(text[end:])
            spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)

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
