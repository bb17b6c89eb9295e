"""Terms in the forms that a text has them in.

Terms lie in a tree of what all forms of their words share; of those that a text may have at a place, the first counts whose
every word is a form of the term's. So a text takes time for its words, however many terms there are.
"""

import re
from collections.abc import Sequence
from itertools import product, takewhile
from typing import Any

from pipeline.inflection import Inflection

TOKEN = re.compile(r" ?[^\W_]+|[\W_]")
"""What follows the first word of a term: whole words, so that none ends inside of one, and other characters one by one."""

_ALIKE = 16
"""Terms that share all of it, of which the first count: real ones are two or three."""
_WAYS = 8
# Behind what a sentence begins, where words have a capital that are written with a small letter.
_LOOKED_BACK = 4
_BEGINNING = re.compile(rf"(?:^|[.!?:\n„“»«\"'(])\s{{0,{_LOOKED_BACK}}}\Z")

_Known = list[tuple[list[str], str]]
"""Tokens and translations of terms."""


class Inflected:
    """Terms of a language, found in every form of their words."""

    def __init__(self, inflection: Inflection) -> None:
        self._inflection = inflection
        self._tree: dict[str, Any] = {}

    def add(self, tokens: Sequence[str], target: str) -> None:
        """Add a term, in tokens."""
        ways = [self._keys(token) for token in tokens]
        for number, path in enumerate(product(*ways)):
            if number == _WAYS:
                return
            node = self._tree
            for step in path:
                node = node.setdefault(step, {})
            known: _Known = node.setdefault("", [])
            if len(known) < _ALIKE:
                known.append((list(tokens), target))

    def ending(self, text: str, word: re.Match[str]) -> tuple[int, str] | None:
        """Return the end and the translation of the longest term that begins with a word of a text."""
        node = self._tree.get(self._key(word.group()))
        end, tokens = word.end(), [word.group()]
        reached: list[tuple[int, int, _Known]] = []
        while node is not None:
            if "" in node:
                reached.append((end, len(tokens), node[""]))
            token = TOKEN.match(text, end)
            if token is None:
                break
            node, end = node.get(self._key(token.group())), token.end()
            tokens.append(token.group())
        begins = (
            bool(reached) and _BEGINNING.search(text[max(0, word.start() - _LOOKED_BACK) : word.start()]) is not None
        )
        for place, length, known in reversed(reached):
            fitting = [one for one in known if self._fits(one[0], tokens[:length], begins=begins)]
            if fitting:
                # Of Vertrag and Verträge, both of which a glossary may have, Verträgen is a form of the second.
                return place, max(fitting, key=lambda one: _likeness(one[0], tokens))[1]
        return None

    def _fits(self, term: Sequence[str], found: Sequence[str], *, begins: bool) -> bool:
        forms = self._inflection.forms
        for number, (own, form) in enumerate(zip(term, found, strict=True)):
            if own == form:
                continue
            own_word, word = own.removeprefix(" "), form.removeprefix(" ")
            if len(own) - len(own_word) != len(form) - len(word) or not word.isalpha():
                return False
            if not number and begins and own_word[:1].islower():
                word = word[0].lower() + word[1:]
            if word not in forms(own_word):
                return False
        return True

    def _key(self, token: str) -> str:
        bare = token.removeprefix(" ")
        if not bare.isalpha():
            return token
        return self._inflection.key(bare) if bare is token else " " + self._inflection.key(bare)

    def _keys(self, token: str) -> list[str]:
        bare = token.removeprefix(" ")
        if not bare.isalpha():
            return [token]
        space = token[: len(token) - len(bare)]
        return sorted({space + self._inflection.key(form) for form in self._inflection.forms(bare)})


def _likeness(term: Sequence[str], found: Sequence[str]) -> int:
    """Return how many characters words have in common from their beginning."""
    return sum(
        sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(own, form, strict=False)))
        for own, form in zip(term, found, strict=False)
    )
