"""Terms of a glossary in a text. They are found as they are written: inflected forms are other words."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.errors import InputError

_WORD = re.compile(r"\w+")
_UNSUITABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LONGEST = 1024
"""Bytes of a term in UTF-8."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where a term stands in a text, and what is to stand there in its translation."""

    start: int
    end: int
    target: str


class Terms:
    """Terms with their translations. Finding them takes time for the words of the text, however many terms there are."""

    def __init__(self, terms: Mapping[str, str]) -> None:
        """Index the terms. Raises `InputError` for one that no text can have, or that no translation should get."""
        self._terms = terms
        # By the first word of a term: where that stands in it, and the term; longer ones first.
        self._by_word: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for term, target in terms.items():
            first = _first_word(term)
            _checked(target)
            self._by_word[first.group()].append((first.start(), term))
        for found in self._by_word.values():
            found.sort(key=lambda one: -len(one[1]))

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._terms)

    def find(self, text: str) -> Iterator[Occurrence]:
        """Yield where terms stand, in order; of two that overlap the first, of two that begin together the longer."""
        position = 0
        for word in _WORD.finditer(text):
            for offset, term in self._by_word.get(word.group(), ()):
                start = word.start() - offset
                end = start + len(term)
                if start >= position and text.startswith(term, start) and _stands_free(text, start, end):
                    yield Occurrence(start, end, self._terms[term])
                    position = end
                    break

    def within(self, text: str) -> dict[str, str]:
        """Return the terms that stand in a text; a line break in a term counts as a space."""
        line = " ".join(text.split())
        return {line[one.start : one.end]: one.target for one in self.find(line)}

    def within_each(self, texts: Iterable[str]) -> dict[str, str]:
        """Return the terms that stand in any of the texts; in each of them, these find what all terms would find."""
        return {term: target for text in texts for term, target in self.within(text).items()}


def check(terms: Mapping[str, str]) -> None:
    """Raise `InputError` for a term that no text can have, or that no translation should get."""
    for term, target in terms.items():
        _first_word(term)
        _checked(target)


def _first_word(term: str) -> re.Match[str]:
    first = _WORD.search(_checked(term))
    if first is None:
        raise InputError(f"the term {term[:40]!r} has no letter and no digit")
    return first


def _stands_free(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit of another word touches a term."""
    before = start and text[start].isalnum() and text[start - 1].isalnum()
    after = end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    return not (before or after)


def _checked(term: str) -> str:
    if not term.strip() or len(term.encode("utf-8", "replace")) > LONGEST:
        raise InputError(f"the term {term[:40]!r} is empty or longer than {LONGEST} bytes")
    if term != term.strip() or _UNSUITABLE.search(term):
        raise InputError(
            f"the term {term[:40]!r} begins or ends with a space, or has a line break or control character"
        )
    return term
