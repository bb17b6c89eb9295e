"""Sentences as token ids, for models in Hugging Face's form."""

import threading
from collections.abc import Sequence
from typing import Any

from transformers import AutoTokenizer

from translator.engines import Tokens
from translator.engines.vocabulary import guarded, restored
from translator.models.folder import Model


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

    def __call__(self, text: str) -> Tokens:
        """Return the ids of a sentence."""
        text = guarded(text)
        with self.lock:
            ids = Ids(self.tokenizer(text, truncation=False, verbose=False)["input_ids"])
            if (unknown := self.tokenizer.unk_token_id) in ids:
                pieces = self.tokenizer.tokenize(text)
                known = self.tokenizer.convert_tokens_to_ids(pieces)
                ids.unknown = restored(
                    [piece for piece, number in zip(pieces, known, strict=True) if number == unknown]
                )
        return ids
