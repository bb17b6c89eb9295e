"""Which words of a translation belong to which of its source.

Words are counted here, alike wherever it is asked. An `Alignment` is what a translation carries: links between a text and
its translation as both are read in the end, whatever was done to either on the way (`carried`).
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

# What changes or joins letters belongs to their word: marks, joiners, soft hyphens, vowel signs of Indic and other scripts.
_PART = r"[^\W_]|[\u00ad\u0300-\u036f\u0900-\u0eff\u200c\u200d]"
# These are written without spaces; a character is about a word.
_IDEOGRAPH = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
_WORD = re.compile(
    rf"\d++(?:[.,:]\d++)*+(?:(?!{_IDEOGRAPH})(?:{_PART}))*+|{_IDEOGRAPH}"
    rf"|(?:(?!{_IDEOGRAPH})(?:{_PART}))++(?:['’](?:(?!{_IDEOGRAPH})(?:{_PART}))++)*+|\S"
)
# How far to look for the place from which two texts go on alike, and at how many places that have the same word.
_REACH, _PLACES = 300, 8
_LONG = 3

Span = tuple[int, int]
"""Start and end in a text, in code points."""


class Link(NamedTuple):
    """That a word (or a few) of a translation was made from one of its source; `weight`: how much of it, 0 to 1."""

    source: Span
    target: Span
    weight: float


def words(text: str) -> list[Span]:
    """Return where the words of a text stand, in order: runs of letters and digits, numbers, and each other sign alone.

    So a comma behind a word is one of its own, and `don't` and `1.234,50` are one each. All but white space is in a word.
    """
    return [match.span() for match in _WORD.finditer(text)]


def pack(links: Iterable[Link]) -> list[int]:
    """Return links as events have them: five numbers each, the weight in percent."""
    return [number for one in links for number in (*one.source, *one.target, round(one.weight * 100))]


def unpack(numbers: Sequence[int]) -> list[Link]:
    """Return the links that `pack` wrote. Raises `ValueError` unless there are five numbers for each."""
    if len(numbers) % 5:
        raise ValueError(f"{len(numbers)} numbers; each link has five")
    return [Link((a, b), (c, d), weight / 100) for a, b, c, d, weight in zip(*[iter(numbers)] * 5, strict=True)]


def transferred(links: Sequence[Link], before: str, after: str) -> list[Link]:
    """Return the links of a translation for another one of the same text, by the words at the same places."""
    if before == after or not links:
        return list(links)
    spans = words(before)
    numbers = {start: number for number, (start, _) in enumerate(spans)}
    places = carried(spans, before, after)
    moved = []
    for link in links:
        target = places[numbers[link.target[0]]] if link.target[0] in numbers else None
        if target is not None:
            moved.append(link._replace(target=target))
    return moved


def followed(links: Sequence[Link], before: str, after: str) -> list[Link]:
    """Return the links of a translation for what a person has made of it, who may have moved words.

    A word goes where the other text has it in the same order, or something else in its place; else where the same word
    stands for which no other word has gone there.
    """
    if before == after or not links:
        return list(links)
    spans, places = words(before), words(after)
    target: dict[Span, Span] = {}
    free: dict[str, list[Span]] = defaultdict(list)
    goals = carried(spans, before, after)
    same = {goal: span for span, goal in zip(spans, goals, strict=True) if goal and _alike(before, span, after, goal)}
    for place in places:
        if place not in same:
            free[after[slice(*place)].casefold()].append(place)
    for span, goal in zip(spans, goals, strict=True):
        if goal is not None and same.get(goal) == span:
            target[span] = goal
        elif elsewhere := free.get(before[slice(*span)].casefold()):
            target[span] = elsewhere.pop(0)
        elif goal is not None:
            target[span] = goal
    return [link._replace(target=target[link.target]) for link in links if link.target in target]


def _alike(before: str, span: Span, after: str, goal: Span) -> bool:
    return before[slice(*span)].casefold() == after[slice(*goal)].casefold()


def carried(spans: Sequence[Span], before: str, after: str) -> list[Span | None]:
    """Return where words of one text stand in another that was made from it without changing their order.

    `spans`: all `words` of `before`. A word written anew is where the other text has something else at that place; None for
    one that has nothing there. In time proportional to the length.
    """
    if before == after:
        return list(spans)
    places = words(after)
    ranges = corresponding(
        [before[start:end].casefold() for start, end in spans], [after[start:end].casefold() for start, end in places]
    )
    return [(places[first][0], places[last - 1][1]) if first < last else None for first, last in ranges]


def corresponding(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int]]:
    """Return for each word of a sequence which words of another one are in its place (start and end, which may be alike)."""
    shared = 0
    while shared < min(len(first), len(second)) and first[-1 - shared] == second[-1 - shared]:
        shared += 1
    ends = len(first) - shared, len(second) - shared
    places: dict[str, list[int]] = defaultdict(list)
    for place in range(ends[1]):
        places[second[place]].append(place)
    found: list[tuple[int, int]] = []
    here = there = 0
    while here < ends[0]:
        if there < ends[1] and first[here] == second[there]:
            found.append((there, there + 1))
            here, there = here + 1, there + 1
            continue
        skipped, other = _next_alike(first, second, (here, there), ends, places)
        # As many words as there: one for one; else each its share, and one at least if there is any.
        for number in range(skipped):
            begin = number * other // skipped
            found.append((there + begin, there + max(begin + min(1, other), (number + 1) * other // skipped)))
        here, there = here + skipped, there + other
    return found + [(place, place + 1) for place in range(ends[1], len(second))]


def _next_alike(
    first: Sequence[str],
    second: Sequence[str],
    start: tuple[int, int],
    ends: tuple[int, int],
    places: Mapping[str, Sequence[int]],
) -> tuple[int, int]:
    """Return how many words to leave out in both, as few as can be, so that two words behind them are alike."""
    here, there = start
    best = ends[0] - here, ends[1] - there
    for skipped in range(min(_REACH, best[0])):
        if skipped >= sum(best):
            break
        for place in _from(places.get(first[here + skipped], ()), there):
            if skipped + place - there >= sum(best):
                break
            # A word may be alike by chance, unless it is long and there is no other, or the next one is alike, too.
            word = first[here + skipped]
            alone = len(word) >= _LONG and len(places[word]) == 1
            if alone or first[here + skipped + 1 : here + skipped + 2] == second[place + 1 : place + 2]:
                best = skipped, place - there
    return best


def _from(places: Sequence[int], start: int) -> Iterator[int]:
    first = bisect_left(places, start)
    return iter(places[first : first + _PLACES])
