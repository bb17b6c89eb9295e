"""What a sentence that is like another one shares with it: pairs of neighbouring words, of which few are looked at.

Each word that is changed, put in or left out costs a sentence at most two of its pairs. So if of each of two sentences the
first 2 k + 1 pairs are shown, in one order for all, two that differ in k words show one in common. First come the pairs of
long words, which are seldom; those of `in der` come last, and are hardly ever shown.
"""

import re
import unicodedata
from itertools import pairwise

# The longest endings of a word may change and it still counts as the same.
_LETTERS = 8
# As `store.words`: scripts without spaces have a word in each character.
_WORD = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    "|[^\\W_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_MOST_WORDS = 1024
"""Longer texts are no sentences that somebody would want to see beside another one."""


def words(text: str) -> list[str]:
    """Return the words of a sentence as they are compared: eight letters, without case; all figures are the same."""
    found = [match[0] for match in _WORD.finditer(unicodedata.normalize("NFKC", text).casefold())]
    return ["0" if word[0].isdigit() else word[:_LETTERS] for word in found]


def sizes(count: int) -> tuple[int, int]:
    """Return how many words a sentence has at least and at most that is like one of `count` words."""
    return max(1, count - allowed(count)), max(count + 1, count * 4 // 3 + 1)


def allowed(count: int) -> int:
    """Return how many words of a sentence may change: a quarter, and one more of a short one."""
    return max(count // 4, min(3, count // 4 + 1))


def shown(text: str) -> tuple[list[str], int]:
    """Return the pairs of words that a sentence shows, and how many words it has; none for what is no sentence."""
    found = words(text)
    if not 0 < len(found) <= _MOST_WORDS:
        return [], len(found)
    pairs = {f"{one} {other}" for one, other in pairwise(["", *found, ""])}
    return sorted(pairs, key=lambda pair: (-len(pair), pair))[: 2 * allowed(len(found)) + 1], len(found)
