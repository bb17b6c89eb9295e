"""Quotation marks that a model lost, put where its attention says that they belong."""

from collections.abc import Iterable

from pipeline.alignment import Span, carried, words
from translator.attention import Attention
from translator.writing import quotes

# What stands inside of a closing mark with its sentence, or outside with what is around.
_STOPS = ",.!?…"


def place(text: str, attention: Attention) -> str | None:
    """Return a translation with the quotation marks of its source, plain ones; None if they have no place.

    `attention`: of the translation as the model wrote it; `text` may have been written anew in places since then. A mark
    goes before the first, or behind the last, of the words that were made from those in its pair.
    """
    there = carried(words(attention.target), attention.target, text)
    made_of = [
        (source, span) for source, span in zip(attention.made_of(), there, strict=True) if source is not None and span
    ]
    source_words = words(attention.source)
    marks = quotes.find(attention.source)
    places: list[int] = []
    for mark in marks:
        partner = None if mark.partner is None else marks[mark.partner]
        first = mark.end if mark.opens else (partner.end if partner else 0)
        last = mark.start if not mark.opens else (partner.start if partner else len(attention.source))
        inside = {number for number, (start, end) in enumerate(source_words) if first <= start and end <= last}
        spans = [span for source, span in made_of if source in inside and text[span[1] - 1].isalnum()]
        if not spans:
            return None
        places.append(
            min(spans)[0] if mark.opens else _behind(text, max(end for _, end in spans), attention.source, mark.start)
        )
    return _with_marks(text, places)


def _behind(text: str, end: int, source: str, mark: int) -> int:
    """Return where a closing mark goes: behind the stop too, if it does so in the source."""
    if source[mark - 1 : mark] in tuple(_STOPS):
        while text[end : end + 1] in tuple(_STOPS):
            end += 1
    return end


def _with_marks(text: str, places: Iterable[int]) -> str:
    """Return a text with marks at these places and no others."""
    old: list[Span] = [(mark.start, mark.end) for mark in quotes.find(text)]
    edits = sorted([*((start, end, "") for start, end in old), *((place, place, quotes.PLAIN) for place in places)])
    out: list[str] = []
    position = 0
    for start, end, mark in edits:
        out += (text[position:start], mark)
        position = max(position, end)
    return "".join((*out, text[position:]))
