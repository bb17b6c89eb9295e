"""Words of a text, as the search compares them: without case, accents and other dress.

The same for every language: no stemming and no list of words to leave out. What the index holds and what a query asks for
are made by the same function, so that a match can be shown where it is, to the character.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from pipeline.errors import InputError

# Scripts written without spaces: each character counts as a word, and several side by side as a phrase.
_ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Letters and digits with the marks that combine with them, and soft hyphens between them.
_WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}](?:[^\W_{_ALONE}]|[\u0300-\u036f\u00ad])*")
_CHUNK = re.compile(r'"([^"]*)"?|([^\s"]+)')
# Soft hyphens, and the marks that combine with letters.
_UNSEEN = re.compile("[\u00ad\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_SPACE = re.compile(r"\s+")
_LONGEST = 64
_MOST_WORDS = 32

Phrase = tuple[str, ...]
"""Words that have to stand side by side, in this order."""


@lru_cache(1 << 16)
def fold(word: str) -> str:
    """Return a word without case, accents, soft hyphens and ligatures; at most its first 64 characters count."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word[:_LONGEST]).casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter) and letter != "\u00ad")


def plain(text: str) -> str:
    """Return a text without case, accents, soft hyphens and ligatures, and with one space for each white space."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    if not folded.isascii():
        folded = _UNSEEN.sub("", folded)
    return _SPACE.sub(" ", folded)


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word of a text, folded, with its start and end in code points."""
    for match in _WORD.finditer(text):
        yield fold(match.group()), match.start(), match.end()


def vocabulary(texts: Iterable[str]) -> set[str]:
    """Return which words texts have: those of `words`, each once, in a fraction of the time."""
    written = {word for text in texts for word in _WORD.findall(text)}
    return {fold(word) for word in written} - {""}


def phrases(query: str) -> list[Phrase]:
    """Return what a query asks for: single words, and what stands in quotation marks or without spaces as phrases.

    Raises `InputError` if it has no word, or more than 32.
    """
    found = [
        phrase
        for match in _CHUNK.finditer(query)
        if (phrase := tuple(word for word, _, _ in words(match.group(1) or match.group(2) or "") if word))
    ]
    if not found:
        raise InputError("the query has no word; give at least one, with letters or digits")
    if sum(map(len, found)) > _MOST_WORDS:
        raise InputError(f"the query has more than {_MOST_WORDS} words; leave some out")
    return found


def marks(wanted: Sequence[Phrase], text: str) -> list[tuple[int, int]]:
    """Return where the phrases stand in a text (start and end in code points); nothing unless all of them do."""
    there = list(words(text))
    folded = [word for word, _, _ in there]
    known = set(folded)
    places: set[tuple[int, int]] = set()
    for phrase in wanted:
        if not known.issuperset(phrase):
            return []
        size = len(phrase)
        starts = [at for at in range(len(folded) - size + 1) if tuple(folded[at : at + size]) == phrase]
        if not starts:
            return []
        places |= {(there[at][1], there[at + size - 1][2]) for at in starts}
    return _apart(sorted(places))


def _apart(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join places that overlap."""
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    assert all(first[1] <= second[0] for first, second in pairwise(joined))
    return joined
