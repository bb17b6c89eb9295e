"""What stands around sentences, as far as one round of them tells."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from translator.engines import Surroundings
from translator.preparation import Prepared


class Place(NamedTuple):
    """Where a sentence stands: in which text (a part of a document, in one revision), and its number there."""

    text: str
    number: int


def surroundings(texts: Sequence[Prepared], places: Sequence[Place], most: int) -> dict[int, Surroundings]:
    """Return for each text that has a place what stands around it: at most so many sentences on either side.

    Neighbours are those of the same text whose numbers follow each other, among these texts: a round has what this
    translator read at once, so a sentence at the edge of a round or a part knows fewer, and so do sentences whose neighbours
    another translator has. They are shown as the model sees them, with names for what is kept. A text without a place is no
    neighbour of any.
    """
    at = {place: number for number, place in enumerate(places)}
    return {
        number: Surroundings(
            place.text,
            before=tuple(_beside(texts, at, place, range(-1, -most - 1, -1)))[::-1],
            after=tuple(_beside(texts, at, place, range(1, most + 1))),
            terms=tuple(_terms(texts[number])),
        )
        for number, place in enumerate(places)
    }


def _beside(texts: Sequence[Prepared], at: Mapping[Place, int], place: Place, steps: range) -> Iterator[str]:
    for step in steps:
        neighbour = at.get(place._replace(number=place.number + step))
        if neighbour is None:
            return
        if said := " ".join(piece.text for piece in texts[neighbour].pieces):
            yield said


def _terms(text: Prepared) -> Iterator[tuple[str, str]]:
    wanted = set(text.given.values())
    yield from ((name, written) for name, written in text.masked.kept.items() if written in wanted)
