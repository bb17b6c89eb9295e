"""Line breaks inside a sentence: taken out before translation, put back after it.

A hard-wrapped sentence is translated whole. Its translation then gets as many line breaks as the sentence had, each with
its indent and the marks of quoted mail behind it, where the words allow it and about as far into the text: a book keeps
its lines.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

_ENDS = "\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
# The end of a line with the indent of the next one, and the marks of quoted mail that it begins with.
_BREAK = rf"[^\S{_ENDS}]*[{_ENDS}]\s*(?:[A-ZÄÖÜ]{{0,3}}>[^\S{_ENDS}]?|\|[^\S{_ENDS}])*"
# White space that carries layout: a line break, a tab, more than one space.
_LAYOUT = re.compile(rf"(?=\s)(?:{_BREAK}|[^\S{_ENDS}]*\t\s*|[^\S{_ENDS}]{{2,}})")
# A word that was divided at the end of a line; "Vor-\nund Nachteile" is not.
_DIVIDED = re.compile(rf"(?<=[^\W\d_])[-\u2010]{_BREAK}(?!(?:und|oder|bis|sowie|and|or|to)\b)(?=[a-zäöüß])")
# What only says how a line is set: soft hyphens, marks of direction, joiners of no width between Latin letters; spaces that
# do not break are spaces to the model.
_UNSEEN = re.compile(
    "[\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]|(?<=[A-Za-zÄÖÜäöüß])[\u200c\u200d](?=[A-Za-zÄÖÜäöüß])"
)
_HARD_SPACE = re.compile("[\u00a0\u2007\u202f\u2009\u200a]")

_LONGEST_WORD = 40
_BESIDE = re.compile(r"\w+|[^\w\s]")
_FIGURES = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Break:
    """White space that was taken out, and how far into the sentence it stood (0 to 1)."""

    space: str
    place: float


def flatten(text: str) -> tuple[str, list[Break]]:
    """Return the sentence on one line, and the breaks that were taken out of it."""
    if text.isprintable() and "  " not in text:
        # No white space but single spaces, and nothing unseen.
        return text, []
    flat: list[str] = []
    length = 0
    breaks: list[tuple[str, int]] = []
    position = 0
    for match in _LAYOUT.finditer(text):
        before = text[position : match.start()]
        divided = _DIVIDED.match(text, match.start() - 1) if match.start() else None
        piece = before[:-1] if divided else before + " "
        flat.append(piece)
        length += len(piece)
        breaks.append((match.group(), length))
        position = match.end()
    flat.append(text[position:])
    line = _UNSEEN.sub("", _HARD_SPACE.sub(" ", "".join(flat)))
    total = max(1, length + len(text) - position)
    return line, [Break(space, place / total) for space, place in breaks]


def restore(translation: str, breaks: list[Break]) -> str:
    """Put the breaks into the translation, each at the space nearest to its place; the order is kept.

    A translation with fewer spaces than breaks gets as many as it has room for.
    """
    if not breaks:
        return translation
    spaces = [match.start() for match in re.finditer(" ", translation)]
    out: list[str] = []
    position = 0
    first = 0
    for number, wanted in enumerate(breaks[: len(spaces)]):
        # Leave a space for each of the breaks that follow.
        last = max(first, len(spaces) - (len(breaks) - number))
        aim = wanted.place * len(translation) - 1
        chosen = bisect_left(spaces, aim, first, last)
        if chosen > first and aim - spaces[chosen - 1] <= spaces[chosen] - aim:
            chosen -= 1
        out += (translation[position : spaces[chosen]], wanted.space)
        position = spaces[chosen] + 1
        first = chosen + 1
    return "".join((*out, translation[position:]))


def with_hard_spaces(source: str, translation: str) -> str:
    """Return a translation with the hard spaces of its source beside the same numbers: between 12.50 and €, before § 5."""
    for match in _HARD_SPACE.finditer(source):
        before, behind = source[: match.start()], source[match.end() : match.end() + _LONGEST_WORD]
        if before[-1:].isdigit() and (word := _BESIDE.match(behind)):
            place = re.search(rf"(?<=\d) (?={re.escape(word.group())}(?!\w))", translation)
        elif number := _FIGURES.match(behind):
            place = re.search(rf"(?<=\S) (?={number.group()}(?!\d))", translation)
        else:
            continue
        if place:
            translation = f"{translation[: place.start()]}{match.group()}{translation[place.end() :]}"
    return translation
