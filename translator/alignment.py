"""Links between the words of a text and of its translation, as its reader has both."""

from collections.abc import Iterator, Sequence

from pipeline.alignment import Link, Span, carried, words
from translator.attention import Attention

# Below this share, a word of the source has no part in a word of the translation, unless no other has more.
_LEAST = 0.2


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
    became = attention.became()
    made_of = attention.made_of()
    for other, row in enumerate(attention.weights):
        for word, weight in enumerate(row):
            if weight >= _LEAST or made_of[other] == word or became[word] == other:
                yield word, other, weight
