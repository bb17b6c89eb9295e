"""Links between the words of a text and of its translation, as its reader has both."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from pipeline.alignment import Link, Span, carried, words
from translator.attention import Attention, largest

# Below this share, a word of the source has no part in a word of the translation, unless no other has more.
_LEAST = 0.2
# How far a word of the source counts for less the more words it was looked at for: 0, not at all; 1, each as much as all.
_COMPETITION = 0.75


def links(source: str, translation: str, attention: Sequence[Attention | None]) -> list[Link] | None:
    """Return which words of a translation were made from which of its source; None where the engine does not tell.

    `attention`: of the pieces that the model was given, in their order; without pieces the text stayed as it was, but for
    what stands in it anew. The text was made ready for the model, and what it made was worked on, so both are found again by
    what stands beside them (`pipeline.alignment.carried`): line breaks, spelling, names for what is kept, numbers. Words
    that are nowhere in one of the texts have no link.
    """
    if not attention:
        return [Link(start, end, 1.0) for start, end in _unchanged(source, translation)]
    known = [one for one in attention if one is not None]
    if len(known) < len(attention):
        return None
    origins = _carried([part.source for part in known], source)
    targets = _carried([part.target for part in known], translation)
    found = []
    for part, froms, tos in zip(known, origins, targets, strict=True):
        for word, other, weight in _pairs(part):
            start, end = froms[word], tos[other]
            if start is not None and end is not None:
                found.append(Link(start, end, weight))
    return found


def chained(first: Sequence[Link], second: Sequence[Link], between: str) -> list[Link]:
    """Return the links of a translation that was made by way of another language.

    `first`: from the text to the one between; `second`: from that to the translation. How much of a word was made from
    another is the sum over all words between. In time proportional to the words that the links span.
    """
    starts = [start for start, _ in words(between)]
    by_word: dict[int, list[Link]] = defaultdict(list)
    for link in first:
        for start in _within(starts, link.target):
            by_word[start].append(link)
    weights: dict[tuple[Span, Span], float] = defaultdict(float)
    for link in second:
        inner = _within(starts, link.source)
        for start in inner:
            for before in by_word[start]:
                weights[link.target, before.source] += link.weight * before.weight / len(inner)
    best: dict[tuple[bool, Span], float] = defaultdict(float)
    for (target, source), weight in weights.items():
        best[True, target] = max(best[True, target], weight)
        best[False, source] = max(best[False, source], weight)
    return [
        Link(source, target, min(weight, 1.0))
        for (target, source), weight in sorted(weights.items())
        if weight >= _LEAST or weight in (best[True, target], best[False, source])
    ]


def _within(starts: Sequence[int], span: Span) -> Sequence[int]:
    return starts[bisect_left(starts, span[0]) : bisect_left(starts, span[1])]


def _unchanged(source: str, translation: str) -> Iterator[tuple[Span, Span]]:
    spans = words(source)
    for start, end in zip(spans, carried(spans, source, translation), strict=True):
        if end is not None:
            yield start, end


def _carried(parts: Sequence[str], text: str) -> Iterator[list[Span | None]]:
    """Yield for each part of a text where its words are in the whole one."""
    before = " ".join(parts)
    spans = words(before)
    places = carried(spans, before, text)
    first = 0
    for part in parts:
        count = len(words(part))
        yield places[first : first + count]
        first += count


def _pairs(attention: Attention) -> Iterator[tuple[int, int, float]]:
    """Yield words of the source and of the translation that belong together, and how much so; each word once at least."""
    weights = _shared_out(attention)
    made_of = [largest(row) for row in weights]
    became = [largest(column) for column in zip(*weights, strict=True)]
    for other, row in enumerate(weights):
        for word, weight in enumerate(row):
            if weight >= _LEAST or made_of[other] == word or became[word] == other:
                yield word, other, weight


def _shared_out(attention: Attention) -> list[list[float]]:
    """Return the weights with the source's words competing for those of the translation; each row's sum stays.

    A model looks at the word that says most for the small ones beside it, too: `about` in `about bees` is made from
    `Bienen`. A word that was looked at for little else has the better claim to them.
    """
    scales = [1 / max(sum(column), _LEAST) ** _COMPETITION for column in zip(*attention.weights, strict=True)]
    shared = []
    for row in attention.weights:
        scaled = [weight * scale for weight, scale in zip(row, scales, strict=True)]
        total = sum(scaled)
        shared.append([weight / total * sum(row) for weight in scaled] if total else scaled)
    return shared
