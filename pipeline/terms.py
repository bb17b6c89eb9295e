"""Terms of a glossary in a text: as they are written, and in languages whose inflection is known in every form."""

import re
from bisect import insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline import inflection as inflections
from pipeline.errors import InputError
from pipeline.inflection.finding import TOKEN, Inflected

_WORD = re.compile(r"\w+")
_UNSUITABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LONGEST = 1024
"""Bytes of a term in UTF-8."""
PART_LIMIT = 256 * 1024
"""Bytes of all terms of a part and their translations in UTF-8. They travel with the part and its sentences, and no record
of Kafka has more than 4 MB. A part whose every word is a term has about 180 KB."""
MOST_WORDS = 50
"""Words and signs of a term; at each word of a text so many may have to be looked at."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where a term stands in a text, and what is to stand there in its translation."""

    start: int
    end: int
    target: str


# What may follow the words of terms so far: a translation where a term ends, then "" has that if others go on.
_Node = dict[str, Any] | str


class Terms:
    """Terms with their translations, as a tree of words.

    Finding them takes time for the words of the text, however many terms there are.
    """

    def __init__(self, terms: Mapping[str, str], language: str = "") -> None:
        """Index the terms. `language`: theirs; without it only the forms that they are given in are found.

        Raises `InputError` for one that no text can have, or that no translation should get.
        """
        self.mapping = terms
        """The terms as they were given."""
        self.language = language
        inflection = inflections.of(language)
        self._inflected = Inflected(inflection) if inflection else None
        self._first: dict[str, _Node] = {}
        # By a term's first word: how many characters of other kinds stand before it (".NET"), if any.
        self._leads: dict[str, list[int]] = {}
        for term, target in terms.items():
            first = _first_word(term)
            _checked(target)
            if first.start() and first.start() not in self._leads.setdefault(first.group(), []):
                insort(self._leads[first.group()], first.start())
            tokens = [term[: first.end()], *_tokens(term, first)]
            _add(self._first, tokens, target)
            if self._inflected is not None and not first.start():
                self._inflected.add(tokens, target)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._first)

    def find(self, text: str) -> Iterator[Occurrence]:
        """Yield where terms stand, in order; of two that overlap the first, of two that begin together the longer.

        Of two that are as long, the one that is written so.
        """
        free = 0
        for word in _WORD.finditer(text):
            found: Occurrence | None = None
            for lead in (0, *self._leads.get(word.group(), ())):
                start = word.start() - lead
                if start < free:
                    break
                node = self._first.get(text[start : word.end()])
                ending = _longest(node, text, word.end()) if node is not None else None
                if ending and (found is None or ending[0] - start > found.end - found.start):
                    found = Occurrence(start, *ending)
            if self._inflected is not None and word.start() >= free:
                other = self._inflected.ending(text, word)
                if other and (found is None or other[0] > found.end):
                    found = Occurrence(word.start(), *other)
            # Characters before a first word are no word themselves.
            free = max(free, word.end())
            if found:
                yield found
                free = max(free, found.end)

    def within(self, text: str) -> dict[str, str]:
        """Return the terms that stand in a text; a line break in a term counts as a space."""
        line = " ".join(text.split())
        return {line[one.start : one.end]: one.target for one in self.find(line)}

    def within_each(self, texts: Iterable[str]) -> dict[str, str]:
        """Return the terms that stand in any of the texts; in each of them, these find what all terms would find."""
        return {term: target for text in texts for term, target in self.within(text).items()}


def _add(node: dict[str, Any], tokens: Sequence[str], target: str) -> None:
    """Put a term into the tree."""
    *path, last = tokens
    for token in path:
        following = node.get(token)
        if not isinstance(following, dict):
            following = node[token] = {} if following is None else {"": following}
        node = following
    if isinstance(following := node.get(last), dict):
        following[""] = target
    else:
        node[last] = target


def _longest(node: _Node, text: str, end: int) -> tuple[int, str] | None:
    """Return the end and the translation of the longest term that goes on at `end`."""
    found: tuple[int, str] | None = None
    while isinstance(node, dict):
        if "" in node:
            found = end, node[""]
        token = TOKEN.match(text, end)
        if token is None or (following := node.get(token.group())) is None:
            return found
        node, end = following, token.end()
    return end, node


def check(terms: Mapping[str, str]) -> None:
    """Raise `InputError` for terms that no text can have or no translation should get, and for too many in a part."""
    check_size(terms)
    for term, target in terms.items():
        check_term(term, target)


def check_term(term: str, target: str) -> None:
    """Raise `InputError` for a term that no text can have, or a translation that none should get."""
    _tokens(term, _first_word(term))
    _checked(target)


def check_size(terms: Mapping[str, str]) -> None:
    """Raise `InputError` if terms are too much for one part."""
    size = sum(
        len(term.encode("utf-8", "replace")) + len(target.encode("utf-8", "replace")) for term, target in terms.items()
    )
    if size > PART_LIMIT:
        raise InputError(
            f"the terms in one part of the text (64 KB) and their translations have {size} bytes, at most {PART_LIMIT}; "
            "use shorter translations, or fewer terms"
        )


def _tokens(term: str, first: re.Match[str]) -> list[str]:
    """Return what follows the first word."""
    found: list[str] = TOKEN.findall(term, first.end())
    if len(found) >= MOST_WORDS:
        raise InputError(f"the term {term[:40]!r} has more than {MOST_WORDS} words and signs")
    return found


def _first_word(term: str) -> re.Match[str]:
    first = _WORD.search(_checked(term))
    if first is None:
        raise InputError(f"the term {term[:40]!r} has no letter and no digit")
    return first


def _checked(term: str) -> str:
    if not term.strip() or len(term.encode("utf-8", "replace")) > LONGEST:
        raise InputError(f"the term {term[:40]!r} is empty or longer than {LONGEST} bytes")
    if term != term.strip() or _UNSUITABLE.search(term):
        raise InputError(
            f"the term {term[:40]!r} begins or ends with a space, or has a line break or control character"
        )
    return term
