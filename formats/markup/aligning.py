"""Which words of a translation a stretch of its source became, by the links between their words."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from formats.markup.taken import Taken, Words
from pipeline.alignment import Link, Span, words

# A word belongs to a stretch if more than half of it was made from there.
_HALF = 0.5
# What a word between costs that was not: less than a whole word on its other side brings.
_STRANGER = 0.4
# What brackets cost that the stretch does not have itself: more than any word is worth.
_BRACKETS, _FAR = frozenset("()[]{}«»„“”‚‘’"), 1e6
# Texts that are looked for in one translation.
_SEARCHES = 500


class Aligned:
    """A sentence, its translation, and what became of which words. Questions cost what they ask about."""

    def __init__(self, source: str, translation: str, links: Sequence[Link]) -> None:
        """`links` may be none: then words are taken to have kept their order and their shares of the sentence."""
        self.source, self.translation = source, translation
        self.words, self.targets = words(source), words(translation)
        self._starts = [start for start, _ in self.words]
        self._ends = [end for _, end in self.words]
        self._target_starts = [start for start, _ in self.targets]
        self._target_ends = [end for _, end in self.targets]
        self.linked = bool(links)
        self._searches = _SEARCHES
        self._became = self._shares(links) if links else self._proportional()

    def _shares(self, links: Sequence[Link]) -> list[list[tuple[int, float]]]:
        """Return for each word of the source the words made from it, with the share of each that was."""
        weights: list[dict[int, float]] = [defaultdict(float) for _ in self.words]
        totals: dict[int, float] = defaultdict(float)
        for link in links:
            for word in range(*self.numbers(*link.source)):
                for target in range(*self.targets_in(*link.target)):
                    weights[word][target] += link.weight
                    totals[target] += link.weight
        return [
            [(target, weight / totals[target]) for target, weight in mine.items() if totals[target]] for mine in weights
        ]

    def _proportional(self) -> list[list[tuple[int, float]]]:
        if not self.targets:
            return [[] for _ in self.words]
        count, ratio = len(self.targets), len(self.targets) / max(1, len(self.words))
        firsts = [min(count - 1, round(word * ratio)) for word in range(len(self.words) + 1)]
        return [[(target, 1.0) for target in range(one, max(one + 1, two))] for one, two in pairwise(firsts)]

    def numbers(self, start: int, end: int) -> Words:
        """Return the words of the source that a stretch of it touches."""
        first = bisect_left(self._ends, start + 1)
        return first, max(first, bisect_left(self._starts, end) if start < end else first)

    def targets_in(self, start: int, end: int) -> Words:
        """Return the words of the translation that a stretch of it touches."""
        first = bisect_left(self._target_ends, start + 1)
        return first, max(first, bisect_left(self._target_starts, end) if start < end else first)

    def is_sign(self, word: int) -> bool:
        """Whether a word of the source has neither letters nor digits."""
        return not self.source[self.words[word][0]].isalnum()

    def is_target_sign(self, word: int) -> bool:
        """Whether a word of the translation has neither letters nor digits."""
        return not self.translation[self.targets[word][0]].isalnum()

    def letters(self, start: int, end: int) -> list[int]:
        """Return the words of a stretch of the source that are no mere signs."""
        return [word for word in range(*self.numbers(start, end)) if not self.is_sign(word)]

    def shares(self, inside: Sequence[int]) -> dict[int, float]:
        """Return the words of the translation made from some of the source, with how much of each was."""
        found: dict[int, float] = defaultdict(float)
        for word in inside:
            for target, share in self._became[word]:
                found[target] += share
        return found

    def best_of(self, word: int) -> int | None:
        """Return the word of the translation that a word of the source became most of all; None if it became none."""
        return max(self._became[word], key=lambda one: one[1], default=(None, 0.0))[0]

    def beside(self, place: int) -> Span | None:
        """Return what is between the words that the words before and behind a place became, if those are neighbours."""
        behind = self.numbers(place, len(self.source))[0]
        if not 0 < behind < len(self.words):
            return None
        # What stands for something is several words that became as many: the last of them.
        first = max(self._became[behind - 1], key=lambda one: (one[1], one[0]), default=(None, 0.0))[0]
        second = self.best_of(behind)
        if first is None or second != first + 1:
            return None
        return self.targets[first][1], self.targets[second][0]

    def end_of(self, place: int, start: int) -> int | None:
        """Return where that ends which the words between two places of the source end with: the last word, and its signs."""
        first, last = self.numbers(start, place)
        signs = 0
        while last > first and self.is_sign(last - 1):
            last, signs = last - 1, signs + 1
        while last > first and self.best_of(last - 1) is None:
            last, signs = last - 1, 0
        if last == first:
            return None
        word = self.best_of(last - 1)
        assert word is not None
        while signs and word + 1 < len(self.targets) and self.is_target_sign(word + 1):
            word, signs = word + 1, signs - 1
        return self.targets[word][1]

    def word_end(self, place: int) -> int:
        """Return the end of the word of the translation that ends nearest before or behind a place."""
        return _nearest(self._target_ends, place)

    def word_start(self, place: int) -> int:
        """Return the beginning of the word of the translation that begins nearest before or behind a place."""
        return _nearest(self._target_starts, place)

    def without_signs(self, among: Words, count: int, target: Span) -> int:
        """Return where some words of the translation end, without so many signs at most."""
        first, last = among
        while count and last > first and self.is_target_sign(last - 1):
            last, count = last - 1, count - 1
        return self.targets[last - 1][1] if last > first else target[0]

    def divide(self, before: Sequence[int], behind: Sequence[int], among: Words) -> int:
        """Return the word of the translation with most of what became of some words before it, and of others from it on."""
        gains = self.shares(before)
        for target, share in self.shares(behind).items():
            gains[target] -= share
        best, place, total = 0.0, among[0], 0.0
        for target in sorted(gains):
            if among[0] <= target < among[1]:
                total += gains[target]
                if total > best:
                    best, place = total, target + 1
        return place

    def find(self, text: str, target: Span) -> int | None:
        """Return where a text stands in a stretch of the translation, in whole words; None if nowhere or more than once.

        One with a digit may have got a capital.
        """
        if self._searches <= 0:
            return None
        self._searches -= 1
        written = self.translation
        start = written.find(text, *target)
        if start < 0 and any(map(str.isdigit, text)) and written.isascii():
            text, written = text.lower(), written.lower()
            start = written.find(text, *target)
        if start < 0 or not is_whole(written, (start, start + len(text))):
            return None
        return start if written.find(text, start + 1, target[1]) < 0 else None

    def best_run(self, inside: Sequence[int], allowed: Words, taken: Taken) -> tuple[float, Words] | None:
        """Return the words in a row that were made from those of the source most of all, and how good they are.

        Each word counts for what it has more than a half; so do a few strangers between them. None where no word that is
        allowed and not taken was made from them.
        """
        shares = self.shares(inside)
        own = [self.source[slice(*self.words[word])] for word in inside if self.is_sign(word)]
        hits = sorted(word for word in shares if allowed[0] <= word < allowed[1] and not taken.has(word))
        # "to" that was made from the dash of "Mo–Fr" is no stranger.
        signs = [word for word in range(min(inside, default=0), max(inside, default=-1) + 1) if self.is_sign(word)]
        akin = {word for word, share in self.shares(signs).items() if share > _HALF and not self.is_target_sign(word)}
        # Words become words, and signs become signs, if they can.
        only_signs = len(own) == len(inside)
        hits = [word for word in hits if self.is_target_sign(word) == only_signs] or hits
        best: tuple[float, Words] | None = None
        score, first = 0.0, -1
        for number, word in enumerate(hits):
            gap = self._cost(hits[number - 1] + 1, word, own, taken) if number else 0.0
            gap -= _HALF * sum(hits[number - 1] < one < word for one in akin) if number and gap < _FAR else 0.0
            if score - gap <= 0:
                score, first = 0.0, word
            else:
                score -= gap
            score += shares[word] - _HALF
            if best is None or score > best[0]:
                best = score, (first, word + 1)
        return best and (best[0], self._trimmed(best[1], frozenset(inside)))

    def _trimmed(self, run: Words, inside: frozenset[int]) -> Words:
        """Return a run without words at its ends that are what others became: an article, an auxiliary verb."""

        def is_strange(target: int) -> bool:
            owners = self._owners.get(target, ())
            return bool(owners) and not any(word in inside for word in owners)

        first, last = run
        while last - first > 1 and is_strange(first):
            first += 1
        while last - first > 1 and is_strange(last - 1):
            last -= 1
        return first, last

    @cached_property
    def _owners(self) -> dict[int, list[int]]:
        """The words of the source that became a word of the translation more than any other."""
        owners: dict[int, list[int]] = defaultdict(list)
        for word in range(len(self.words)):
            target = self.best_of(word)
            if target is not None and not self.is_sign(word):
                owners[target].append(word)
        return owners

    def _cost(self, start: int, end: int, own: Sequence[str], taken: Taken) -> float:
        """Return what it costs to take the words between two along."""
        if taken.any(start, end):
            return _FAR
        brackets = self._brackets[bisect_left(self._brackets, start) : bisect_left(self._brackets, end)]
        if any(self.translation[slice(*self.targets[word])] not in own for word in brackets):
            return _FAR
        return _STRANGER * (self._letters_before[end] - self._letters_before[start])

    @cached_property
    def _brackets(self) -> list[int]:
        return [word for word, (start, _) in enumerate(self.targets) if self.translation[start] in _BRACKETS]

    @cached_property
    def _letters_before(self) -> list[int]:
        counts = [0]
        for word in range(len(self.targets)):
            counts.append(counts[-1] + (not self.is_target_sign(word)))
        return counts

    def has_letters(self, between: Words) -> bool:
        """Whether any word of a range of the translation is no mere sign."""
        return self._letters_before[between[1]] > self._letters_before[between[0]]


def _nearest(places: Sequence[int], aim: int) -> int:
    number = bisect_left(places, aim)
    if number == len(places) or (number and aim - places[number - 1] <= places[number] - aim):
        number -= 1
    return places[number] if places else 0


def is_whole(text: str, span: Span) -> bool:
    """Whether a stretch of a text begins and ends where words do."""
    start, end = span
    cut_before = start > 0 and text[start - 1].isalnum() and text[start : start + 1].isalnum()
    return not cut_before and not (text[end - 1 : end].isalnum() and text[end : end + 1].isalnum())
