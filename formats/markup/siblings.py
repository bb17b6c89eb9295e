"""Where in a translation the elements go that stand beside each other in its source."""

from collections.abc import Sequence

from formats.markup.aligning import Aligned, is_whole
from formats.markup.taken import Taken, Words
from formats.markup.tree import Element
from pipeline.alignment import Span

# What an element may have in it that is looked for in the translation.
_LONGEST = 500
# A small sign beside a word is never put around another word.
_SMALL = frozenset(("sub", "sup"))


def place_siblings(aligned: Aligned, elements: Sequence[Element], source: Span, target: Span) -> list[Span]:
    """Return a span of `target` for each element of the stretch `source`; none overlaps another.

    A span without length: other elements have taken all that the words became.
    """
    return _Siblings(aligned, elements, source, target).place() if elements else []


class _Siblings:
    def __init__(self, aligned: Aligned, elements: Sequence[Element], source: Span, target: Span) -> None:
        self._aligned = aligned
        self._elements = elements
        self._source, self._target = source, target
        self._allowed = aligned.targets_in(*target)
        self._taken = Taken()
        self._inside = [
            aligned.letters(one.start, one.end) or list(range(*aligned.numbers(one.start, one.end))) for one in elements
        ]
        self._runs: dict[int, Words] = {}
        self._exact: dict[int, Span] = {}

    def place(self) -> list[Span]:
        """Return the spans: what stays as it was first, then what is surest."""
        aligned = self._aligned
        # A word that is cut in two by elements is one.
        inside = len({word for one in self._elements for word in aligned.letters(one.start, one.end)})
        outside = len(aligned.letters(*self._source)) - inside
        if (
            len(self._elements) == 1
            and inside
            and outside <= 0
            and self._allowed[0] < self._allowed[1]
            and not self._is_part(0)
        ):
            self._runs[0] = self._all_but_signs()
            return [self._span(0)]
        for number in range(len(self._elements)):
            self._find_same(number)
        left = [number for number in range(len(self._elements)) if number not in self._runs | self._exact]
        scored = []
        for number in left:
            best = self._aligned.best_run(self._inside[number], self._allowed, self._taken)
            scored.append((best[0] if best else -1e9, number))
        for _, number in sorted(scored, key=lambda one: (-one[0], one[1])):
            self._find_run(number)
        if inside and outside <= 0:
            self._fill()
        for number in range(len(self._elements)):
            if number in self._runs:
                self._take_signs(number)
        return [self._span(number) for number in range(len(self._elements))]

    def _is_part(self, number: int) -> bool:
        """Whether an element is a part of one word."""
        one = self._elements[number]
        first, last = self._aligned.numbers(one.start, one.end)
        return last - first == 1 and not is_whole(self._aligned.source, (one.start, one.end))

    def _find_same(self, number: int) -> None:
        """Place an element whose text, or whose word, stands in the translation as it was."""
        one, aligned = self._elements[number], self._aligned
        if self._is_part(number):
            start, end = aligned.words[aligned.numbers(one.start, one.end)[0]]
            found = self._same(aligned.source[start:end], self._inside[number])
            if found is not None:
                self._exact[number] = found[0] + one.start - start, found[0] + one.end - start
            elif self._is_initial(one, start):
                first = aligned.word_start(self._target[0])
                self._exact[number] = first, first + 1
            elif one.name in _SMALL:
                place = aligned.end_of(one.start, self._source[0])
                place = max(self._target[0], min(self._target[1], self._target[1] if place is None else place))
                self._exact[number] = place, place
            return
        text = aligned.source[one.start : one.end].strip()
        found = self._same(text, self._inside[number])
        if found is not None:
            words = aligned.targets_in(*found)
            if not self._taken.any(*words):
                self._runs[number] = words
                self._taken.add(words)

    def _is_initial(self, one: Element, word: int) -> bool:
        """Whether an element is the large letter with which a text begins."""
        source, target = self._aligned.source, self._target
        return (
            word == one.start == self._source[0]
            and one.end == one.start + 1
            and source[one.start].isupper()
            and self._aligned.translation[target[0] : target[0] + 1].isalpha()
        )

    def _same(self, text: str, inside: Sequence[int]) -> Span | None:
        """Return where a text stands in the translation once; a word that both languages may have only if it was linked."""
        if not text or len(text) > _LONGEST:
            return None
        start = self._aligned.find(text, self._target)
        if start is None:
            return None
        span = start, start + len(text)
        if text.islower() and text.isalpha():
            words = range(*self._aligned.targets_in(*span))
            if not self._aligned.linked or not any(word in words for word in self._aligned.shares(inside)):
                return None
        return span

    def _find_run(self, number: int) -> None:
        """Place an element around what its words became; in proportion if they became nothing."""
        best = self._aligned.best_run(self._inside[number], self._allowed, self._taken)
        if best is not None:
            self._runs[number] = best[1]
            self._taken.add(best[1])
            return
        one, (start, end) = self._elements[number], self._target
        became = [word for word in self._aligned.shares(self._inside[number]) if self._taken.has(word)]
        if became:
            place = self._aligned.targets[min(became)][1]
        else:
            ratio = (one.start - self._source[0]) / max(1, self._source[1] - self._source[0])
            place = self._aligned.word_start(start + round(ratio * (end - start)))
            word = self._aligned.targets_in(place, place + 1)[0]
            if self._allowed[0] <= word < self._allowed[1] and not self._taken.has(word):
                self._runs[number] = word, word + 1
                self._taken.add((word, word + 1))
                return
        place = max(start, min(end, place))
        self._exact[number] = place, place

    def _all_but_signs(self) -> Words:
        """Return all words for an element that has all of the source's, but for signs that stand outside of it."""
        one, (first, last) = self._elements[0], self._allowed
        before = len(range(*self._aligned.numbers(self._source[0], one.start)))
        behind = len(range(*self._aligned.numbers(one.end, self._source[1])))
        while before and first + 1 < last and self._aligned.is_target_sign(first):
            first, before = first + 1, before - 1
        while behind and first + 1 < last and self._aligned.is_target_sign(last - 1):
            last, behind = last - 1, behind - 1
        return first, last

    def _fill(self) -> None:
        """Let no word stand outside where none did in the source: each goes to the element before it."""
        order = sorted(self._runs, key=lambda number: self._runs[number])
        if not order:
            return
        first = self._runs[order[0]]
        if self._aligned.has_letters((self._allowed[0], first[0])):
            self._runs[order[0]] = self._allowed[0], first[1]
        ends = [*(self._runs[number][0] for number in order[1:]), self._allowed[1]]
        for number, following in zip(order, ends, strict=True):
            (start, last), end = self._runs[number], following
            while end > last and self._aligned.is_target_sign(end - 1):
                end -= 1
            self._runs[number] = start, max(last, end)
            self._taken.add((last, max(last, end)))

    def _take_signs(self, number: int) -> None:
        """Take in as many signs before and behind as the element has in the source."""
        one, aligned = self._elements[number], self._aligned
        words = range(*aligned.numbers(one.start, one.end))
        first, last = self._runs[number]
        for word in reversed(words):
            if not aligned.is_sign(word) or last >= self._allowed[1]:
                break
            if aligned.is_target_sign(last - 1) or not aligned.is_target_sign(last) or self._taken.has(last):
                break
            self._taken.add((last, last + 1))
            last += 1
        for word in words:
            if not aligned.is_sign(word) or first <= self._allowed[0]:
                break
            if aligned.is_target_sign(first) or not aligned.is_target_sign(first - 1) or self._taken.has(first - 1):
                break
            first -= 1
            self._taken.add((first, first + 1))
        self._runs[number] = first, last

    def _span(self, number: int) -> Span:
        """Return the place of an element in the translation, with the space at its ends that it had."""
        if number in self._exact:
            return self._exact[number]
        one, aligned = self._elements[number], self._aligned
        first, last = self._runs[number]
        start, end = aligned.targets[first][0], aligned.targets[last - 1][1]
        if aligned.source[one.end - 1].isspace() and aligned.translation[end : end + 1].isspace():
            end += 1
        if aligned.source[one.start].isspace() and start and aligned.translation[start - 1].isspace():
            start -= 1
        return max(start, self._target[0]), min(end, self._target[1])
