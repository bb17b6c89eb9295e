"""A paragraph: what is read of it, and what else stands in it at which place."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from formats.document import of_level
from formats.strings.inline import Mark, Span
from formats.strings.lines import runs_on
from formats.strings.prose import is_prose

# What parts the texts of a paragraph, unless a sentence goes on over it: line breaks, tabs, and gaps that are columns.
_GAP = re.compile(r" *+\n[ \n]*+| {3,}+(?:\n[ \n]*+)?")
_LIKE_NAME = re.compile(r"\{(k(?:\d{1,7}k)?)")
# Keys of spans that are no elements begin here; no paragraph has so many elements.
_RANGES = 1 << 40
# Characters beside a line break that are looked at.
_NEAR = 200
# The number of a heading, which its entry in the contents repeats.
_NUMBER = re.compile(r"(?:(?:\d{1,4}|[A-Z])(?:\.\d{1,4})*+[.)]?|[IVXLC]{1,7}\.)\s+(?=\w)")


class Kind(Enum):
    """What an atom is."""

    TEXT = auto()
    SPACE = auto()
    BREAK = auto()
    """A line break or a tab."""
    NAME = auto()
    """What is a word to a reader, and is not translated: a field."""
    POINT = auto()
    """What is none: a note, a bookmark, a picture."""


@dataclass(slots=True)
class Atom:
    """A part of a paragraph that has no parts."""

    kind: Kind
    text: str
    """What a reader reads; of a name what stands for it."""
    keys: tuple[int, ...]
    """The spans around it, the outermost first."""
    start: int
    end: int
    """Where it stands in the part."""
    pair: tuple[str, str] | None = None
    """Of a point that begins or ends something, what that is."""
    opens: bool = False
    shown: str = ""
    """Of a name what a reader reads."""


class Key(NamedTuple):
    """A span: where its tags stand in the part."""

    opening: tuple[int, int]
    closing: tuple[int, int]
    """Of what goes on in spans that look the same, the first of them."""


class Segment(NamedTuple):
    """A text of a paragraph, from one place of what is read to another."""

    start: int
    end: int
    fixed: tuple[int, ...]
    """Spans that stand around all of it."""
    spans: tuple[Span, ...]
    marks: tuple[Mark, ...]
    """Their keys are the numbers of atoms."""
    ranges: dict[int, tuple[int, int]]
    """Of spans that are no elements, by their keys: the atoms that begin and end them."""


class Paragraph:
    """A paragraph, or another element that holds text, from the byte behind its start tag to before its end tag."""

    def __init__(self, start: int, prefix: str, *, plain: bool = False) -> None:
        """Begin one that is empty.

        `prefix`: of the names of texts, with its colon. `plain`: it holds nothing but text, and white space is as it stands.
        """
        self.start = self.end = start
        self.prefix, self.plain = prefix, plain
        self.contents = False
        """Whether it is an entry of contents."""
        self.level = 0
        """Of a heading, from 1; else 0."""
        self.is_heading = False
        self.atoms: list[Atom] = []
        self.keys: dict[int, Key] = {}

    @cached_property
    def _name(self) -> str:
        return _unused("".join(atom.text for atom in self.atoms if atom.kind is Kind.TEXT))

    @cached_property
    def flat(self) -> str:
        """All that is read, with names for what is not translated, and line ends for breaks and tabs."""
        self._name_all()
        return "".join(atom.text for atom in self.atoms)

    def _name_all(self) -> None:
        for number, atom in enumerate((one for one in self.atoms if one.kind is Kind.NAME), start=1):
            atom.text = f"{{{self._name}{number}}}"

    @cached_property
    def starts(self) -> list[int]:
        """Where each atom begins in what is read."""
        self._name_all()
        return list(accumulate((len(atom.text) for atom in self.atoms), initial=0))[:-1]

    @cached_property
    def segments(self) -> list[Segment]:
        """The texts in it."""
        return [self._segment(start, end) for start, end in self._places()]

    @property
    def texts(self) -> list[str]:
        """What is to be translated."""
        level = 0 if self.contents else self.level
        return [of_level(self.flat[one.start : one.end], level) for one in self.segments]

    def near(self, start: int, end: int) -> Iterator[tuple[int, Atom, int]]:
        """Yield the atoms between two places of what is read, and those at both ends that have nothing to read.

        Each with its number and its place.
        """
        first = bisect_left(self.starts, start)
        if first and self.starts[first - 1] + len(self.atoms[first - 1].text) > start:
            first -= 1
        for number in range(first, bisect_right(self.starts, end)):
            yield number, self.atoms[number], self.starts[number]

    def _places(self) -> Iterator[tuple[int, int]]:
        flat, start = self.flat, 0
        gaps = [found.span() for found in _GAP.finditer(flat)]
        ends = [*(last for last, _ in gaps), len(flat)]
        for (last, first), end in zip(gaps, ends[1:], strict=True):
            if flat.count("\n", last, first) != 1 or not runs_on(
                flat[max(start, last - _NEAR) : last], flat[first : min(end, first + _NEAR)]
            ):
                yield from self._stripped(start, last)
                start = first
        yield from self._stripped(start, len(flat))

    def _stripped(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        text = self.flat[start:end]
        start, end = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
        if self.contents and (number := _NUMBER.match(self.flat, start, end)):
            start = number.end()
        if start < end and is_prose(re.sub(rf"\{{{self._name}\d+\}}", " ", self.flat[start:end])):
            yield start, end

    def _segment(self, start: int, end: int) -> Segment:
        near = list(self.near(start, end))
        hulls: dict[int, tuple[int, int, int]] = {}
        for _, atom, place in near:
            if atom.text and place < end and place + len(atom.text) > start:
                last = min(place + len(atom.text), end)
                for depth, key in enumerate(atom.keys):
                    hulls[key] = (hulls[key][0] if key in hulls else max(place, start), last, depth)
        fixed = tuple(key for key, (first, last, _) in hulls.items() if (first, last) == (start, end))
        ranges = self._ranges(near, start, end)
        taken = {number for pair in ranges.values() for number in pair}
        spans = [(first, -last, depth, key) for key, (first, last, depth) in hulls.items() if key not in fixed]
        spans += (
            (self.starts[first], -self.starts[last], len(self.atoms[first].keys), key)
            for key, (first, last) in ranges.items()
        )
        marks = tuple(
            Mark(place - start, number, atom.kind is Kind.BREAK, atom.text if atom.kind is Kind.NAME else "")
            for number, atom, place in near
            if atom.kind in (Kind.BREAK, Kind.NAME, Kind.POINT)
            and number not in taken
            and (start <= place < end if atom.text else start < place < end)
        )
        placed = tuple(Span(first - start, -last - start, key) for first, last, _, key in sorted(spans))
        return Segment(start, end, fixed, placed, marks, ranges)

    def _ranges(self, near: Iterable[tuple[int, Atom, int]], start: int, end: int) -> dict[int, tuple[int, int]]:
        """Return the pairs of points around words of a stretch, with a key each; pairs that cross others are none."""
        opened: dict[tuple[str, str], int] = {}
        inner: list[int] = []
        found: dict[int, tuple[int, int]] = {}
        for number, atom, place in near:
            if atom.pair is None or not start <= place <= end:
                continue
            if atom.opens:
                opened[atom.pair] = number
                inner.append(number)
                continue
            first = opened.pop(atom.pair, None)
            if first is None or first not in inner:
                continue
            # What was opened within and is open still goes on behind its end.
            del inner[inner.index(first) :]
            here = self.starts[first], place
            if self.atoms[first].keys == atom.keys and here[0] < place and here != (start, end):
                found[_RANGES + len(found)] = (first, number)
        return found


def _unused(text: str) -> str:
    """Return a short name with which no brace of a text goes on."""
    taken = set(_LIKE_NAME.findall(text))
    prefix, number = "k", 0
    while prefix in taken:
        prefix = f"k{number}k"
        number += 1
    return prefix
