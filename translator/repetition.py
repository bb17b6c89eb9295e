"""Words that follow each other again and again: the way in which small models fail most."""

import re
from collections import Counter
from itertools import pairwise

_WORD = re.compile(r"\w+")
# Three times the same is still good prose ("nein, nein, nein"), and may be two in the translation.
_ON_PURPOSE = 4
_TWO = 2
_LONGEST = 8
# Two words in a row that begin with as many of the same letters: "Switzer Switzerland's".
_BEGINNING = 5
# Letters of words that say something; the regular expression below has them too.
_SAYING = 4
# "in his bed in his bed"; "the fifth attempt, however, the fifth attempt". Of 2,000 ordinary sentences 24 translations have
# one, all of them wrong, and one of the references.
_PHRASE, _LONGER_PHRASE, _BETWEEN = 2, 3, 3
# A source that says a word again within so many words may have the phrase twice; endings differ.
_NEAR, _STEM = 4, 5

# Also figures ("17 17"), and in the source with a comma or hyphen between ("sehr, sehr", "Baden-Baden").
_TWICE = re.compile(r"(?<![\w.,:/'’-])(\w{1,40}) \1(?![\w'’-]|[.,]\d)", re.IGNORECASE)
_TWICE_IN_SOURCE = re.compile(r"(?<!\w)(\w{1,40})\W{1,3}\1(?!\w)", re.IGNORECASE)
# "the fact that that man had had it".
_MAY_BE_TWICE = frozenset(("that", "had"))
# "the second quarter of the quarter", "no sugar without sugar"; "step by step", "day after day" and "face to face" are well.
_OF_ITSELF = re.compile(
    r"(?<![\w'’-])([^\W\d_]{4,40}) (?:of|for|at|before|with|without|in|on|from|against|during|under|over|about|as|the) "
    r"(?:(?:the|an?|his|her|its|their|this|that) )?\1(?![\w'’-])"
)
_NOT_OF_ITSELF = frozenset(("that", "more", "much", "many", "well", "long", "soon", "such", "just"))


def differs(source: str, text: str) -> bool:
    """Whether a translation repeats words that its source does not, or less often than one that does so on purpose."""
    words, wanted = _words(source), 1
    written = _words(text)
    if _may_repeat(words):
        wanted = _circles(_runs(words))
        if wanted >= _ON_PURPOSE:
            return _circles(_runs(written)) != wanted or _most(written) != _most(words)
    if not _may_repeat(written):
        return False
    runs = _runs(written)
    return _circles(runs) > max(_TWO, wanted) or (_has_phrase_twice(runs) and not _says_again(words))


def once(source: str, text: str) -> str:
    """Return a translation in which no word stands twice in a row, if none does in the source: "the the", "3 May May".

    A word that stands there more often is a circle, for a search to leave.
    """
    if not _TWICE.search(text) or _TWICE_IN_SOURCE.search(source) or _circles(_runs(_words(text))) > _TWO:
        return text
    return _TWICE.sub(lambda match: match[0] if match[1].casefold() in _MAY_BE_TWICE else match[1], text)


def echoes(source: str, text: str) -> bool:
    """Whether a translation says a word again where its source says nothing again.

    Two different words in a row begin alike, or a word is said of itself. Of 2,000 ordinary sentences 28 translations do so,
    all wrong, and one of the references.
    """
    written = _words(text)
    if _has_stem_twice(written):
        return not _has_stem_twice(_words(source))
    long = [word for word in written if len(word) >= _SAYING]
    # Most sentences have no such word twice.
    return len(set(long)) < len(long) and _is_of_itself(text) and not _repeats(_words(source))


def _is_of_itself(text: str) -> bool:
    return any(match[1] not in _NOT_OF_ITSELF for match in _OF_ITSELF.finditer(text.casefold()))


def _repeats(words: list[str]) -> bool:
    """Whether two words that are long enough to say something begin alike."""
    stems = [word[:_BEGINNING] for word in words if len(word) >= _SAYING]
    return len(set(stems)) < len(stems)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _may_repeat(words: list[str]) -> bool:
    """Whether enough words are there twice; most sentences are done here."""
    return len(words) - len(set(words)) >= _PHRASE


def _most(words: list[str]) -> int:
    """Return how often the most frequent word is there."""
    return max(Counter(words).values(), default=0)


def _circles(runs: dict[int, int]) -> int:
    """Return how often the same one to eight words follow each other at most; two and fewer are not told apart."""
    # So many equal pairs in a row as words are apart are one repetition.
    return 1 + max((length // apart for apart, length in runs.items() if apart <= _LONGEST), default=0)


def _has_phrase_twice(runs: dict[int, int]) -> bool:
    """Whether a phrase of two words stands there twice in a row, or one of three with a few words between."""
    for apart, length in runs.items():
        between = max(0, apart - length)
        if min(length, apart) >= (_LONGER_PHRASE if between else _PHRASE) and between <= _BETWEEN:
            return True
    return False


def _runs(words: list[str]) -> dict[int, int]:
    """Return for each number of words how many in a row are each the same as the one so many words further on."""
    found: dict[int, int] = {}
    # A word that stands there again says at which distances it is worth looking.
    last: dict[str, list[int]] = {}
    ends: dict[int, tuple[int, int]] = {}
    for place, word in enumerate(words):
        before = last.setdefault(word, [])
        for other in reversed(before):
            apart = place - other
            if apart > _LONGEST + _BETWEEN:
                break
            end, length = ends.get(apart, (-1, 0))
            length = length + 1 if end == place - 1 else 1
            ends[apart] = place, length
            found[apart] = max(found.get(apart, 0), length)
        before.append(place)
    return found


def _has_stem_twice(words: list[str]) -> bool:
    """Whether two different words in a row begin alike."""
    return any(
        one[0] == other[0]
        and one[:_BEGINNING] == other[:_BEGINNING]
        and one != other
        and len(one) >= _BEGINNING
        and not one.isdigit()
        for one, other in pairwise(words)
    )


def _says_again(words: list[str]) -> bool:
    stems = [word[:_STEM] for word in words]
    return any(stem in stems[place + 1 : place + 1 + _NEAR] for place, stem in enumerate(stems) if len(stem) > 1)
