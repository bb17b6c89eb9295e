"""Text into sentence spans."""

import re
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import spacy
from thinc.api import NumpyOps, set_current_ops

from pipeline.errors import SetupError
from pipeline.events import Splitting
from pipeline.parts import before_joined
from segmenter import (
    blocks,
    given,
    marks,
    tokenizer,  # noqa: F401 (registers the tokenizer that the German model names)
)
from segmenter.boundaries import Boundaries

Span = tuple[int, int]

# Punctuation without end is no sentence, and spaCy's tokenizer takes quadratic time on it.
_PUNCTUATION_RUN = re.compile(r"[^\w\s]{50,}|_{50,}")

# Characters that the model sees at once: what it computes for so many stays in the processor's cache. Its verdict on a
# token depends on three tokens of at most 40 characters on either side, so with this context windows change nothing.
_WINDOW = 4000
_CONTEXT = 200

LONGEST = 2000
"""Characters of a sentence at most; the longest sentences of ordinary books have about 900."""
# Where a longer one is cut, best first: after the end of something, after a pause, after a line, after white space. Each
# match ends where the next sentence begins.
_CUTS = (
    re.compile(r"[.!?;:…]\s+|[。！？；：]"),  # noqa: RUF001 (full-width punctuation is meant)
    re.compile(r",\s+|\s[-–—]\s+|[、，]"),  # noqa: RUF001
    re.compile(r"\n\s*"),
    re.compile(r"\s+"),
)


class Splitter:
    """Finds the sentences of a text. May be used from several threads.

    Guarantee: spans are in order, do not overlap, hold at least one letter each and at most `LONGEST` characters. What is
    outside them (white space, list markers, rules, numbers alone) is not translated, so it stays as it is. Time is linear in
    the length of the text; memory does not grow, however many different words there are.
    """

    def __init__(self, models: Path) -> None:
        """Load the boundary models from `models`. Raises `SetupError` when they are not there."""
        # Matrix products through NumPy's BLAS; the one that comes with spaCy takes three times as long on models this small.
        set_current_ops(NumpyOps(use_blis=False))
        self._german = _Model(models / "senter-de")
        self._other = _Model(models / "senter-xx")

    def spans(self, text: str, language: str, splitting: Splitting = "all") -> list[Span]:
        """Return start and end of each sentence in code points; `splitting` says what ends one."""
        if splitting == "none":
            return [piece for start, end in given.paragraphs(text) for piece in _bounded(text, start, end)]
        if splitting == "punctuation":
            text = given.without_lines(text)
        model = self._german if language.partition("-")[0] == "de" else self._other
        layout = blocks.read(text)
        stretches = list(_stretches(layout.text))
        guesses = [place for start, end in stretches for place in _guesses(model, layout.text, start, end)]
        starts = Boundaries(layout.text).find([*guesses, *(place for stretch in stretches for place in stretch)])
        return [
            piece
            for block in layout.blocks
            for start, end in pairwise((block[0], *_inside(starts, block), block[1]))
            for piece in _bounded(text, start, end)
        ]


class _Model:
    """A model that guesses where sentences begin. It forgets the words of a text with the text."""

    def __init__(self, folder: Path) -> None:
        try:
            self._language = spacy.load(folder)
        except OSError:
            raise SetupError(f"no boundary model in {folder}; set SATZSTROM_MODELS to the folder 'models'") from None
        # What the vocabulary forgets at the end of a zone must not be another thread's.
        self._lock = threading.Lock()

    def __call__(self, text: str) -> list[int]:
        """Return where sentences begin, as far as the model sees."""
        with self._lock, self._language.memory_zone():
            return [int(sentence.start_char) for sentence in self._language(text).sents]


def _stretches(text: str) -> Iterator[Span]:
    """Yield the stretches of text between runs of punctuation."""
    start = 0
    for run in _PUNCTUATION_RUN.finditer(text):
        if start < run.start():
            yield start, run.start()
        start = run.end()
    if start < len(text):
        yield start, len(text)


def _guesses(model: _Model, text: str, start: int, end: int) -> Iterator[int]:
    """Yield where the model thinks that sentences begin, window by window."""
    for begin in range(start, end, _WINDOW):
        first = max(start, begin - _CONTEXT)
        last = min(end, begin + _WINDOW)
        for guess in model(text[first : min(end, last + _CONTEXT)]):
            place = first + guess
            # The beginning of a window is a sentence to the model, whatever it is.
            if begin <= place < last and (place > first or place == start):
                yield place


def _inside(starts: Sequence[int], block: Span) -> Sequence[int]:
    """Return those of sorted places that lie inside of a block."""
    return starts[bisect_right(starts, block[0]) : bisect_left(starts, block[1])]


def _trim(text: str, start: int, end: int) -> Span | None:
    """Leave outside what is no part of a sentence at its ends; None if nothing is left to translate."""
    start, end = marks.trim(text, start, end)
    return (start, end) if marks.has_letter(text[start:end]) else None


def _bounded(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield a sentence that is not too long; one that is (a file of JSON, a word without end) in pieces."""
    while end - start > LONGEST:
        cut = _cut(text, start)
        if span := _trim(text, start, cut):
            yield span
        start = cut
    if span := _trim(text, start, end):
        yield span


def _cut(text: str, start: int) -> int:
    """Return where to cut a sentence that is too long, in the second half of what it may have."""
    for pause in _CUTS:
        ends = [match.end() for match in pause.finditer(text, start + LONGEST // 2, start + LONGEST)]
        if ends:
            return before_joined(text, ends[-1])
    return before_joined(text, start + LONGEST)
