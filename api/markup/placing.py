"""Tags into a translated sentence, each at the word that corresponds to its place in the source."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from api.markup.tokens import Kind

_WORD = re.compile(r"\S+")
# A word without the punctuation around it.
_BARE = re.compile(r"[^\W_](?:\S*[^\W_])?")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, and the position in the text before which it stands."""

    position: int
    raw: str
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """Characters of the source that stand for something; where they come out in the translation, `raw` takes their place."""

    position: int
    text: str
    raw: str


@dataclass(frozen=True, slots=True)
class _Insertion:
    """`raw` in place of the characters from `start` to `end` of the translation."""

    start: int
    end: int
    raw: str


def place(source: str, translation: str, tags: Sequence[Tag], anchors: Sequence[Anchor]) -> str:
    """Return the translation, escaped, with all tags and anchors; tags keep their order, so elements stay nested.

    An element whose content stands in the translation as it was (a name, a number) goes around that; any other tag goes to
    the word as far into the translation as it was into the source.
    """
    anchored = _anchored(source, translation, anchors)
    insertions = [*_tagged(source, translation, tags, anchored), *anchored]
    out: list[str] = []
    position = 0
    # A tag at an anchor's place goes before it; sorting is stable, so tags keep their order.
    for one in sorted(insertions, key=lambda one: (one.start, one.end > one.start)):
        out += (html.escape(translation[position : one.start], quote=False), one.raw)
        position = max(position, one.end)
    return "".join((*out, html.escape(translation[position:], quote=False)))


def _anchored(source: str, translation: str, anchors: Sequence[Anchor]) -> list[_Insertion]:
    found: list[_Insertion] = []
    taken: set[int] = set()
    for anchor in anchors:
        start = translation.find(anchor.text)
        while start in taken:
            start = translation.find(anchor.text, start + 1)
        if start >= 0:
            taken.add(start)
            found.append(_Insertion(start, start + len(anchor.text), anchor.raw))
        else:
            # The model left it out; it must not be lost.
            start = _nearest(_starts(translation, ""), anchor.position / len(source) * len(translation))
            found.append(_Insertion(start, start, anchor.raw))
    return found


def _tagged(source: str, translation: str, tags: Sequence[Tag], anchored: Sequence[_Insertion]) -> list[_Insertion]:
    partners = _partners(tags)
    places: dict[int, int] = {}
    last = 0
    for number, tag in enumerate(tags):
        place = places.get(number)
        if place is None:
            place = _place_of(source, translation, tag)
            end = partners.get(number)
            if end is not None:
                inside = source[tag.position : tags[end].position].strip()
                if inside and translation.count(inside) == 1:
                    place = translation.index(inside)
                    places[end] = place + len(inside)
                else:
                    ends = [one for one in _ends(translation, source[tags[end].position - 1]) if one > place] or [
                        len(translation)
                    ]
                    places[end] = _nearest(ends, tags[end].position / len(source) * len(translation))
        for one in anchored:
            if one.start < place < one.end:
                place = one.start
        last = places[number] = max(last, place)
    return [_Insertion(places[number], places[number], tag.raw) for number, tag in enumerate(tags)]


def _place_of(source: str, translation: str, tag: Tag) -> int:
    if tag.position == 0:
        return 0
    aim = tag.position / len(source) * len(translation)
    if tag.kind == "close":
        return _nearest(_ends(translation, source[tag.position - 1]), aim)
    return _nearest(_starts(translation, source[tag.position : tag.position + 1]), aim)


def _partners(tags: Sequence[Tag]) -> dict[int, int]:
    """Return for each opening tag the number of the tag that closes it in the same sentence."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for number, tag in enumerate(tags):
        if tag.kind == "open":
            opened.append(number)
        elif tag.kind == "close" and opened and tags[opened[-1]].name == tag.name:
            found[opened.pop()] = number
    return found


def _starts(text: str, after: str) -> list[int]:
    """Return where words begin; behind opening punctuation, if what follows the tag in the source is a letter."""
    word = _BARE if after.isalnum() else _WORD
    return [match.start() for match in word.finditer(text)] or [0]


def _ends(text: str, before: str) -> list[int]:
    """Return where words end; before closing punctuation, if what stands before the tag in the source is a letter."""
    word = _BARE if before.isalnum() else _WORD
    return [match.end() for match in word.finditer(text)] or [len(text)]


def _nearest(places: Sequence[int], aim: float) -> int:
    return min(places, key=lambda one: abs(one - aim))
