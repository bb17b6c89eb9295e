"""Text into sentence spans."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import spacy
from spacy.language import Language
from thinc.api import NumpyOps, set_current_ops

from pipeline.errors import SetupError
from segmenter import tokenizer  # noqa: F401 (registers the tokenizer that the German model names)
from segmenter.boundaries import MARKER, Boundaries

Span = tuple[int, int]

# Punctuation without end is no sentence, and spaCy's tokenizer takes quadratic time on it.
_PUNCTUATION_RUN = re.compile(r"[^\w\s]{50,}|_{50,}")

# Characters that the model sees at once: what it computes for so many stays in the processor's cache. Its verdict on a
# token depends on three tokens of at most 40 characters on either side, so with this context windows change nothing.
_WINDOW = 4000
_CONTEXT = 200


class Splitter:
    """Finds the sentences of a text.

    Guarantee: spans are in order, do not overlap, and hold at least one letter each. What is outside them (white space,
    list markers, rules, numbers alone) is not translated, so it stays as it is. Time is linear in the length of the text.
    """

    def __init__(self, models: Path) -> None:
        """Load the boundary models from `models`. Raises `SetupError` when they are not there."""
        # Matrix products through NumPy's BLAS; the one that comes with spaCy takes three times as long on models this small.
        set_current_ops(NumpyOps(use_blis=False))
        self._german = _load(models / "senter-de")
        self._other = _load(models / "senter-xx")

    def spans(self, text: str, language: str) -> list[Span]:
        """Return start and end of each sentence in code points."""
        model = self._german if language.partition("-")[0] == "de" else self._other
        stretches = list(_stretches(text))
        guesses = [place for start, end in stretches for place in _guesses(model, text, start, end)]
        cuts = [place for stretch in stretches for place in stretch]
        starts = sorted({*Boundaries(text).find(guesses), *cuts, 0, len(text)})
        return [span for start, end in pairwise(starts) if (span := _trim(text, start, end))]


def _load(folder: Path) -> Language:
    try:
        return spacy.load(folder)
    except OSError:
        raise SetupError(f"no boundary model in {folder}; set SATZSTROM_MODELS to the folder 'models'") from None


def _stretches(text: str) -> Iterator[Span]:
    """Yield the stretches of text between runs of punctuation."""
    start = 0
    for run in _PUNCTUATION_RUN.finditer(text):
        if start < run.start():
            yield start, run.start()
        start = run.end()
    if start < len(text):
        yield start, len(text)


def _guesses(model: Language, text: str, start: int, end: int) -> Iterator[int]:
    """Yield where the model thinks that sentences begin, window by window."""
    for begin in range(start, end, _WINDOW):
        first = max(start, begin - _CONTEXT)
        last = min(end, begin + _WINDOW)
        for sentence in model(text[first : min(end, last + _CONTEXT)]).sents:
            place = first + int(sentence.start_char)
            # The beginning of a window is a sentence to the model, whatever it is.
            if begin <= place < last and (place > first or place == start):
                yield place


def _trim(text: str, start: int, end: int) -> Span | None:
    """Leave white space and a list marker outside; None if nothing is left to translate."""
    line = text.rfind("\n", max(0, start - 200), start) + 1
    if not text[line:start].strip() and (marker := MARKER.match(text, line, end)):
        start = max(start, marker.end())
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return (start, end) if any(map(str.isalpha, text[start:end])) else None
