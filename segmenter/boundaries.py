"""Where sentences begin in running text: a spaCy pipeline over candidates.

The tokenizer cuts a text at every place where a sentence may begin (`candidates.py`), so that a token is what lies between
two of them; the component decides for each token whether a sentence begins with it. What decides is a logistic regression
over `features.py`, trained by `training/`.
"""

import json
import threading
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.errors import SetupError
from segmenter.candidates import find
from segmenter.features import features
from segmenter.spacy_alone import Doc, Language, Vocab

_COMPONENT = "satzstrom_boundaries"
_CANDIDATES = "candidates"


class Model(NamedTuple):
    """What is known of words, which of them begin a sentence without a stop before it, and weights of features.

    `lexicon`: for a word in small letters how it is written inside of a sentence, and, behind that, whether it ends one
    hardly ever (`n`), seldom (`f`) or often (`o`).

    `without_stop`: the score that a sentence has to have where no stop ends the one before: titles and names begin with
    such words, too.
    """

    lexicon: dict[str, str]
    kinds: str
    weights: dict[str, float]
    without_stop: float


@lru_cache(maxsize=4)
def read(folder: Path) -> Model:
    """Return the model in `folder`. Raises `SetupError` when there is none."""
    try:
        model = json.loads((folder / "weights.json").read_bytes())
    except OSError:
        raise SetupError(f"no boundary model in {folder}; set SATZSTROM_MODELS to the folder 'models'") from None
    lexicon = lexicon_from(model["lexicon"], model.get("endings", {}))
    return Model(lexicon, model["kinds"], model["weights"], model["without_stop"])


def lexicon_from(written: Mapping[str, str], endings: Mapping[str, str]) -> dict[str, str]:
    """Return the lexicon of a model. Both have for each kind its words, with spaces between."""
    lexicon = {word: kind for kind, words in written.items() for word in words.split()}
    for kind, words in endings.items():
        for word in words.split():
            lexicon[word] = lexicon.get(word, "?") + kind
    return lexicon


class Boundaries:
    """Finds where sentences begin. May be used from several threads; forgets the words of a text with the text."""

    def __init__(self, folder: Path) -> None:
        """Load the model in `folder`. Raises `SetupError` when there is none."""
        # A plain vocabulary: one that computes what spaCy knows about words would do so for each stretch of text.
        self._language = Language(Vocab(), max_length=2**31)
        self._language.tokenizer = CandidateTokenizer(self._language.vocab, read(folder))
        self._language.add_pipe(_COMPONENT, config={"folder": str(folder)})
        # What the vocabulary forgets at the end of a zone must not be another thread's.
        self._lock = threading.Lock()

    def find(self, text: str) -> list[int]:
        """Return the positions of the first characters of sentences, in code points and in order."""
        with self._lock, self._language.memory_zone():
            doc = self._language(text)
            places = [0, *(candidate.place for candidate in doc.user_data[_CANDIDATES])]
            # An object of spaCy for each sentence would take longer than to decide about it.
            return [places[token] for token in np.flatnonzero(doc.to_array(["SENT_START"]) == 1)]


class CandidateTokenizer:
    """Cuts a text where a sentence may begin, in linear time, and loses no character."""

    def __init__(self, vocab: Vocab, model: Model) -> None:
        """Use the words of a model."""
        self._vocab = vocab
        self._model = model

    def __call__(self, text: str) -> Doc:
        """Return the text with a token for each candidate, and one for what stands before the first."""
        candidates = [one for one in find(text, self._model.lexicon, self._model.kinds) if one.place]
        words = [text[start:end] for start, end in pairwise([0, *(one.place for one in candidates), len(text)])]
        if not text:
            words = []
        return Doc(self._vocab, words=words, spaces=[False] * len(words), user_data={_CANDIDATES: candidates})


class BoundaryComponent:
    """Decides with which tokens of a `CandidateTokenizer` sentences begin."""

    def __init__(self, model: Model) -> None:
        """Use the words and weights of a model."""
        self._model = model

    def __call__(self, doc: Doc) -> Doc:
        """Set the sentence starts."""
        text, lexicon, weight = doc.text, self._model.lexicon, self._model.weights.get
        scores = [
            sum(filter(None, map(weight, features(text, candidate, lexicon))))
            - (0.0 if candidate.stop else self._model.without_stop)
            for candidate in doc.user_data[_CANDIDATES]
        ]
        # 1 says that a sentence begins, -1 that none does; spaCy stores them without a sign.
        starts = np.where(np.array([1.0, *scores]) > 0, 1, -1).astype(np.uint64)
        # spaCy takes one column as well as several.
        return doc.from_array(["SENT_START"], starts) if text else doc  # type: ignore[arg-type]


@Language.factory(_COMPONENT)
def create(nlp: Language, name: str, folder: str) -> BoundaryComponent:  # noqa: ARG001 (spaCy passes all three)
    """Return the component with the model in a folder."""
    return BoundaryComponent(read(Path(folder)))
