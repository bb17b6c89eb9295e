"""Tags into a translated sentence, each at the word that corresponds to its place in the source."""

import html
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from api.markup.tokens import Kind

_WORD = re.compile(r"\S+")
# A word without the punctuation around it.
_BARE = re.compile(r"[^\W_](?:\S*[^\W_])?")
# What stands for something: a line break, a placeholder.
_MARK = re.compile(r"\n|\{\w{1,40}\}")
# What an element may have in it that is looked for in the translation, and how many such are.
_LONGEST, _SEARCHES = 500, 500


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, and the position in the text before which it stands."""

    position: int
    raw: str
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A line break or a name in braces, which stands for something: where it comes out, `raw` takes its place."""

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
    words = _Words(translation)
    anchored = _anchored(source, translation, anchors, words)
    insertions = [*_tagged(source, translation, tags, anchored, words), *anchored]
    out: list[str] = []
    position = 0
    # A tag at an anchor's place goes before it; sorting is stable, so tags keep their order.
    for one in sorted(insertions, key=lambda one: (one.start, one.end > one.start)):
        out += (html.escape(translation[position : one.start], quote=False), one.raw)
        position = max(position, one.end)
    return "".join((*out, html.escape(translation[position:], quote=False)))


def _anchored(source: str, translation: str, anchors: Sequence[Anchor], words: "_Words") -> list[_Insertion]:
    found: list[_Insertion] = []
    marks: dict[str, deque[int]] = defaultdict(deque)
    for match in _MARK.finditer(translation) if anchors else ():
        marks[match.group()].append(match.start())
    for anchor in anchors:
        if marks[anchor.text]:
            start = marks[anchor.text].popleft()
            found.append(_Insertion(start, start + len(anchor.text), anchor.raw))
        else:
            # The model left it out; it must not be lost.
            start = words.start(anchor.position / len(source) * len(translation), "")
            found.append(_Insertion(start, start, anchor.raw))
    return found


def _tagged(
    source: str, translation: str, tags: Sequence[Tag], anchored: Sequence[_Insertion], words: "_Words"
) -> list[_Insertion]:
    partners = _partners(tags)
    places: dict[int, int] = {}
    wide = sorted((one.start, one.end) for one in anchored if one.end > one.start)
    unchanged = _Unchanged(translation)
    last = 0
    for number, tag in enumerate(tags):
        place = places.get(number)
        if place is None:
            place = _place_of(source, translation, tag, words)
            end = partners.get(number)
            if end is not None:
                inside = source[tag.position : min(tags[end].position, tag.position + _LONGEST + 1)].strip()
                where = unchanged.find(inside)
                if where is not None:
                    place = where
                    places[end] = place + len(inside)
                else:
                    aim = tags[end].position / len(source) * len(translation)
                    places[end] = words.end(aim, source[tags[end].position - 1], behind=place)
        # Nothing comes between the characters of an anchor.
        before = bisect_left(wide, (place, 0)) - 1
        if before >= 0 and place < wide[before][1]:
            place = wide[before][0]
        last = places[number] = max(last, place)
    return [_Insertion(places[number], places[number], tag.raw) for number, tag in enumerate(tags)]


def _place_of(source: str, translation: str, tag: Tag, words: "_Words") -> int:
    if tag.position == 0:
        return 0
    aim = tag.position / len(source) * len(translation)
    if tag.kind == "close":
        return words.end(aim, source[tag.position - 1])
    return words.start(aim, source[tag.position : tag.position + 1])


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


class _Words:
    """Where the words of a translation begin and end. It is read once; each question takes the logarithm of its length."""

    def __init__(self, text: str) -> None:
        self._text = text

    def start(self, aim: float, after: str) -> int:
        """Return the beginning of the nearest word; behind opening punctuation, if `after`, which follows, is a letter."""
        starts, _ = self._bare if after.isalnum() else self._whole
        return _nearest(starts, aim) if starts else 0

    def end(self, aim: float, before: str, behind: int = -1) -> int:
        """Return the end of the nearest word, before closing punctuation if `before`, which stands there, is a letter.

        It is the end of one that ends behind a place, and that of the text if there is none.
        """
        _, ends = self._bare if before.isalnum() else self._whole
        first = bisect_right(ends, behind)
        return _nearest(ends, aim, first) if first < len(ends) else len(self._text)

    @cached_property
    def _bare(self) -> tuple[list[int], list[int]]:
        return self._spans(_BARE)

    @cached_property
    def _whole(self) -> tuple[list[int], list[int]]:
        return self._spans(_WORD)

    def _spans(self, word: re.Pattern[str]) -> tuple[list[int], list[int]]:
        spans = [match.span() for match in word.finditer(self._text)]
        return [start for start, _ in spans], [end for _, end in spans]


class _Unchanged:
    """Finds what stands in a translation once, as it was in the source: names and numbers. So many times at most."""

    def __init__(self, translation: str) -> None:
        self._translation = translation
        self._found: dict[str, int | None] = {}

    def find(self, text: str) -> int | None:
        """Return where a text stands; None if it is nowhere, more than once, or too long for a name."""
        if text not in self._found:
            if not text or len(text) > _LONGEST or len(self._found) >= _SEARCHES:
                return None
            once = self._translation.count(text) == 1
            self._found[text] = self._translation.index(text) if once else None
        return self._found[text]


def _nearest(places: Sequence[int], aim: float, first: int = 0) -> int:
    """Return the place nearest to `aim` from the one at `first` on; of two the first."""
    found = bisect_left(places, aim, first)
    if found == len(places) or (found > first and aim - places[found - 1] <= places[found] - aim):
        found -= 1
    return places[found]
