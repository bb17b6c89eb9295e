"""Sentences as token ids, for models in Hugging Face's form."""

import threading
from collections.abc import Sequence
from typing import Any

from transformers import AutoTokenizer

from pipeline.errors import SetupError
from translator.engines import Tokens
from translator.engines.vocabulary import guarded, restored
from translator.models.folder import Model

# A text that has a token's name in it ("</s>", "fra_Latn") is text.
_AS_TEXT = {"split_special_tokens": True}


class Ids(list[int]):
    """Token ids of a sentence, with the text of those that are not in the vocabulary, in their order."""

    unknown: Sequence[str] = ()


class Encoder:
    """Cuts sentences into token ids, the end mark included."""

    def __init__(self, model: Model) -> None:
        folder = model.folder_for("transformers")
        self.tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        # A tokenizer may not be used by two threads at once.
        self.lock = threading.Lock()
        prompt = model.description.prompt
        # With a prompt the tokenizer is not asked for what is before and behind a sentence: it knows one pair at a time.
        self._marks = prompt is None
        self._end = [self.tokenizer.eos_token_id] if prompt is not None and prompt.end else []

    def __call__(self, text: str) -> Tokens:
        """Return the ids of a sentence."""
        text = guarded(text)
        with self.lock:
            found = self.tokenizer(text, truncation=False, verbose=False, add_special_tokens=self._marks, **_AS_TEXT)
            found = found["input_ids"]
            ids = Ids([*found, *self._end])
            if (unknown := self.tokenizer.unk_token_id) in ids:
                pieces = self.tokenizer.tokenize(text, **_AS_TEXT)
                known = self.tokenizer.convert_tokens_to_ids(pieces)
                ids.unknown = restored(
                    [piece for piece, number in zip(pieces, known, strict=True) if number == unknown]
                )
        return ids

    def of_tokens(self, tokens: Sequence[str]) -> list[int]:
        """Return the ids of tokens of a prompt. Raises `SetupError` if the model does not have one of them."""
        ids: list[int] = self.tokenizer.convert_tokens_to_ids(list(tokens)) if tokens else []
        unknown = self.tokenizer.unk_token_id
        if missing := [token for token, number in zip(tokens, ids, strict=True) if number in (None, unknown)]:
            raise SetupError(f"the model has no token {', '.join(missing)}: correct prompt or pairs in model.json")
        return ids
