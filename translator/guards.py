"""What can be seen to be wrong with a translation without understanding it.

Small models fail in a few ways: they stop too early, go round in circles, leave words out, copy the source, or change
numbers. Each reason here is a word in `suspect` of the sentence's translation (docs/fidelity.md).
"""

import re

from translator.engines import Hypothesis
from translator.masks import missing

_LETTER = re.compile(r"[^\W\d_]")
_DIGITS = re.compile(r"\d+")
# A time of day changes its numbers on the way from 24 to 12 hours.
_TIME = re.compile(r"\d{1,2}(?:[.:]\d{2})?\s*Uhr")
_WORD = re.compile(r"\w+")
# Numbers up to twelve are often written as words by translators; longer ones are not.
_WRITTEN_OUT = 12
# Words of German and English that look alike ("in", "was", "so") are short. None of 2,000 sentences of the test sets has
# two in three of four longer ones in common with its translation.
_ORDINARY, _COPIED_WORDS, _COPIED_SHARE = 4, 4, 0.67
# Translations from German into English have 0.7 to 1.4 times the characters of their source; of 10,000 sentences of the
# test sets none that is right lies outside these bounds. Very short sentences vary more and are left alone.
_SHORTEST, _LONGEST, _MIN_CHARACTERS = 0.4, 2.5, 40


def reasons(source: str, hypothesis: Hypothesis) -> list[str]:
    """Return why a reader should check this translation; nothing if it looks right."""
    text = hypothesis.text
    if not text.strip():
        return ["empty"] if _LETTER.search(source) else []
    found = []
    if hypothesis.capped:
        found.append("capped")
    if _circles(text) > max(2, _circles(source)):
        found.append("repetition")
    if len(source) >= _MIN_CHARACTERS and not _SHORTEST <= len(text) / len(source) <= _LONGEST:
        found.append("length")
    if missing(source, text):
        found.append("kept")
    if _is_copy(source, text):
        found.append("copy")
    if _numbers(source) - _numbers(text):
        found.append("numbers")
    return found


def _is_copy(source: str, text: str) -> bool:
    """Whether most of the ordinary words of the source stand in the translation as they were.

    Ordinary words begin with a small letter: names, titles and abbreviations may well stay, and a sentence with few such
    words says nothing.
    """
    ordinary = {word for word in _WORD.findall(source) if len(word) >= _ORDINARY and word[0].islower()}
    return len(ordinary) >= _COPIED_WORDS and len(ordinary & set(_WORD.findall(text))) >= _COPIED_SHARE * len(ordinary)


def _circles(text: str) -> int:
    """Return how often the same one to eight words follow each other at most; two and fewer are not told apart."""
    words = _WORD.findall(text.casefold())
    # Three times the same word needs two that were there before; most sentences are done here.
    if len(words) - len(set(words)) < 2:
        return 1
    return max(_longest_run(words, size) for size in range(1, 9))


def _longest_run(words: list[str], size: int) -> int:
    """Return how often the same `size` words follow each other at most."""
    most = same = 0
    for first, second in zip(words, words[size:], strict=False):
        same = same + 1 if first == second else 0
        most = max(most, same)
    # `size` equal pairs in a row are one repetition.
    return 1 + most // size


def _numbers(text: str) -> set[int]:
    """Return the groups of digits that a translation keeps, whatever separators its language puts between them."""
    return {number for digits in _DIGITS.findall(_TIME.sub("", text)) if (number := int(digits)) > _WRITTEN_OUT}
