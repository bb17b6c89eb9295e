"""Tags into a translated sentence, each around the words that its words became."""

import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from formats.markup.aligning import Aligned
from formats.markup.siblings import place_siblings
from formats.markup.tree import Border, Element, Item, Mark, Tag, tree, written
from pipeline.alignment import Link, Span

# What stands for something: a line break, a placeholder.
_ANCHOR = re.compile(r"\n|\{\w{1,40}\}")
# Words looked at for borders in one sentence; further ones are placed in proportion.
_BORDER_WORK = 20_000


@dataclass(frozen=True, slots=True)
class Anchor:
    """A line break or a name in braces, which stands for something: where it comes out, `raw` takes its place."""

    position: int
    text: str
    raw: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its translation, and what has to come back into that."""

    source: str
    translation: str
    tags: Sequence[Tag]
    anchors: Sequence[Anchor]
    spaces: Sequence[Anchor]
    """Spaces that are written as something else: they come back between words that are still beside each other."""
    links: Sequence[Link]
    """Which words belong together; none: tags are placed in proportion."""


def place(sentence: Sentence, escape: Callable[[str], str]) -> str:
    """Return the translation, `escape`d, with all tags and anchors.

    Each element that begins and ends in the sentence stands around the words that its words became, and inside the same
    elements as before; beside each other they may change their order. What stands at one place follows the word before it.
    """
    found, lost = _anchored(sentence)
    tags = [*sentence.tags, *(Tag(one.position, one.raw, "empty", "") for one in lost)]
    if lost:
        tags.sort(key=lambda tag: tag.position)
    return "".join(
        _Writer(sentence, found, escape).level(tree(tags), (0, len(sentence.source)), (0, len(sentence.translation)))
    )


def _anchored(sentence: Sentence) -> tuple[list[tuple[int, int, str]], list[Anchor]]:
    """Return where anchors came out, in order, and those that did not."""
    found: list[tuple[int, int, str]] = []
    lost: list[Anchor] = []
    places: dict[str, deque[int]] = defaultdict(deque)
    for match in _ANCHOR.finditer(sentence.translation) if sentence.anchors else ():
        places[match.group()].append(match.start())
    for anchor in sentence.anchors:
        if places[anchor.text]:
            start = places[anchor.text].popleft()
            found.append((start, start + len(anchor.text), anchor.raw))
        else:
            lost.append(anchor)
    return sorted(found), lost


class _Writer:
    """Writes one translation with its tags."""

    def __init__(
        self, sentence: Sentence, anchors: Sequence[tuple[int, int, str]], escape: Callable[[str], str]
    ) -> None:
        self._aligned = Aligned(sentence.source, sentence.translation, sentence.links)
        self._source, self._text = sentence.source, sentence.translation
        self._anchors = sorted([*anchors, *self._spaces(sentence.spaces)])
        self._anchor_starts = [start for start, _, _ in self._anchors]
        self._escape = escape
        self._work = _BORDER_WORK

    def _spaces(self, spaces: Sequence[Anchor]) -> Iterator[tuple[int, int, str]]:
        """Yield where spaces of the source are between the words that its words beside them became."""
        for one in spaces:
            ends = self._aligned.beside(one.position)
            if ends is not None and self._text[slice(*ends)] in (" ", one.text):
                yield *ends, one.raw

    def level(self, items: Sequence[Item], source: Span, target: Span) -> Iterator[str]:
        """Yield a stretch of the translation with the items of a stretch of the source."""
        before: list[Item] = []
        for item in items:
            if isinstance(item, Border):
                place = self._outside_anchor(self._border(item, source, target), -1 if item.opens else 1)
                yield from self._siblings(before, (source[0], item.start), (target[0], place))
                yield item.raw
                before, source, target = [], (item.start, source[1]), (place, target[1])
            else:
                before.append(item)
        yield from self._siblings(before, source, target)

    def _siblings(self, items: Sequence[Item], source: Span, target: Span) -> Iterator[str]:
        elements = [item for item in items if isinstance(item, Element)]
        spans = dict(zip(map(id, elements), place_siblings(self._aligned, elements, source, target), strict=True))
        spans = {key: self._around_anchors(span, target) for key, span in spans.items()}
        whole = sorted(span for span in spans.values() if span[0] < span[1])
        spaced = {item.start for item in items if isinstance(item, Mark) and item.raw.isspace()}
        places: dict[int, int] = {}
        placed: list[tuple[int, int, int, Item]] = []
        for number, item in enumerate(items):
            if isinstance(item, Element):
                placed.append((*spans[id(item)], number, item))
            else:
                if item.start not in places:
                    place = self._mark(item.start, source, target, spaced=item.start in spaced)
                    places[item.start] = _outside(place, whole)
                placed.append((places[item.start], places[item.start], number, item))
        position = target[0]
        for wanted, end, _, item in sorted(placed, key=lambda one: (one[0], one[2])):
            start = max(wanted, position)
            yield from self._plain(position, start)
            position = max(start, end)
            if isinstance(item, Element):
                yield item.opening
                if start < end:
                    yield from self.level(item.children, (item.start, item.end), (start, end))
                else:
                    yield from written(item.children)
                yield item.closing
            else:
                yield item.raw
        yield from self._plain(position, target[1])

    def _plain(self, start: int, end: int) -> Iterator[str]:
        """Yield a stretch of the translation without tags."""
        first = bisect_left(self._anchor_starts, start)
        for place, behind, raw in self._anchors[first : bisect_left(self._anchor_starts, end)]:
            yield self._escape(self._text[start:place])
            yield raw
            start = behind
        yield self._escape(self._text[start:end])

    def _around_anchors(self, span: Span, target: Span) -> Span:
        """Return a span that has whole anchors only."""
        start, end = self._outside_anchor(span[0], -1), self._outside_anchor(span[1], 1)
        return max(start, target[0]), min(end, target[1])

    def _outside_anchor(self, place: int, direction: int) -> int:
        """Return a place before or behind the anchor in which it is."""
        number = bisect_left(self._anchor_starts, place) - 1
        if number >= 0 and self._anchors[number][1] > place:
            return self._anchors[number][0] if direction < 0 else self._anchors[number][1]
        return place

    def _mark(self, place: int, source: Span, target: Span, *, spaced: bool) -> int:
        """Return where what stands at a place of the source goes: behind the word before it, or before the next one.

        `spaced`: there is space before the next one.
        """
        aligned = self._aligned
        before, behind = aligned.numbers(source[0], place), aligned.numbers(place, source[1])
        if before[0] == before[1]:
            return target[0]
        if behind[0] == behind[1]:
            return target[1]
        glued = not self._source[place - 1].isspace()
        if not glued and not spaced and not self._source[place].isspace():
            following = aligned.best_of(behind[0])
            if following is not None and target[0] <= aligned.targets[following][0] <= target[1]:
                return self._outside_anchor(aligned.targets[following][0], -1)
        found = aligned.end_of(place, source[0])
        if found is None:
            found = target[0] + round((place - source[0]) / (source[1] - source[0]) * (target[1] - target[0]))
            found = aligned.word_end(found)
        found = self._outside_anchor(found, 1)
        if not glued and self._text[found : found + 1].isspace():
            found += 1
        return max(target[0], min(found, target[1]))

    def _border(self, border: Border, source: Span, target: Span) -> int:
        """Return the place with most of what is before a border in the source before it, and behind it what is behind."""
        aligned = self._aligned
        before = aligned.letters(source[0], border.start)
        behind = aligned.letters(border.start, source[1])
        first, last = aligned.targets_in(*target)
        if not before:
            return target[0]
        if not behind:
            signs = len(range(*aligned.numbers(border.start, source[1])))
            return target[1] if not signs else aligned.without_signs((first, last), signs, target)
        self._work -= len(before) + len(behind)
        if self._work < 0 or first == last:
            ratio = (border.start - source[0]) / (source[1] - source[0])
            return max(target[0], min(target[1], aligned.word_end(target[0] + round(ratio * (target[1] - target[0])))))
        place = aligned.divide(before, behind, (first, last))
        if border.opens:
            return aligned.targets[place][0] if place < last else target[1]
        return aligned.targets[place - 1][1] if place > first else target[0]


def _outside(place: int, spans: Sequence[Span]) -> int:
    """Return a place that is in none of the spans: the end of the one that it is in."""
    number = bisect_left(spans, (place, 0)) - 1
    return spans[number][1] if number >= 0 and spans[number][1] > place else place
