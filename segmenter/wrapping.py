"""Which lines of a paragraph are one stretch of prose, and which stand for themselves.

A writer who wraps prose ends a line where the next word would not have fitted. Who writes a list, an address or verse ends
it where it is over. So the lengths of lines tell the two apart; where there are too few of them, beginnings and endings do.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from segmenter import marks

# Wrapped prose is between these widths; the lines of what is wider are paragraphs.
_NARROWEST, _USUAL, _WIDEST = 30, 40, 130
# Whoever wraps by hand ends a line some characters early.
_SLACK = 3
# Lines that are enough to tell the width of a document, how many are looked at, and the share of them that has to be full.
_ENOUGH, _MANY, _FULL = 4, 2000, 0.6
# Lists have short lines by chance as long as each other.
_ENOUGH_NARROW = 10
# A line this much shorter than the width of the document belongs to something else than its prose.
_SHORTER = 15
_ENDS = re.compile(r"[.!?…:;][\"'“”«»\u2018\u2019\u2039\u203a)\]*_]{0,4}$")
_ENDS_SMALL = re.compile(r"\b[a-zäöüß]\w*$")
_PAUSES = re.compile(r"[,\-–—/(&][*_]{0,2}$")
_LETTER_LAST = re.compile(r"[^\W\d_]$")
# Words that end no line of a list: something has to follow.
_OPEN = re.compile(
    r"\b(?:[Dd](?:er|ie|as|en|em|es)|[Ee]ine?[nmrs]?|und|oder|aber|dass|daß|wenn|weil|ob|als|wie|mit|ohne|in|im|an|am|auf|aus"
    r"|bei|beim|bis|durch|für|gegen|nach|seit|über|um|unter|von|vom|vor|zu|zum|zur|zwischen|nicht|sehr|sich|sein[e]?[rnms]?|ihr[e]?[rnms]?"
    r"|the|an?|and|or|of|to|by|from|for|with|that|which|le|la|les|des|du|et|de|el|los|las|y|que|het|een|en|van)$"
)
# "Kundennr.: K-4711", "Gültig bis: heute"; where half of the lines begin so, each of these is one of its own.
_LABEL = re.compile(r"\s*+[A-ZÄÖÜ](?:[\w()/&-]|\.(?! )){0,40}(?: (?:[\w()/&-]|\.(?! )){1,40}){0,3}:\s")
_CAPITALS = re.compile(r"[^\W\d_]{3}")
# A narrow column shows that it is prose where a sentence ends within a line, or a word is divided.
_NARROW, _WITHIN, _DIVIDED = 20, re.compile(r"[a-zäöüß]{3}\s?[.!?]\s[^\W\d_]"), re.compile(r"[a-zäöüß]-$")
_ADDRESS = re.compile(r"\s*(?:[a-z]+://|[\w.+-]+@|www\.)")
# The heading of a section of a contract or law, "§ 3 Mietzins und Nebenkosten": nouns, and small words that join them.
_SECTION = re.compile(
    r"\s*+(?:§{1,2}\s?|(?:Art(?:ikel|\.)|Abschnitt|Kapitel|Teil|Ziffer|Anlage|Anhang)\s)(?:\d{1,4}[a-z]?|[IVX]{1,6})[.:]?"
    r"(?:\s(?:[-–—]\s)?\(?[A-ZÄÖÜ][a-zäöüß](?:[\w,)/-]){0,60}"
    r"(?:\s(?:und|oder|sowie|der|des|die|das|dem|den|eine[rs]?|von|vom|bei|beim|im|in|zu[mr]?|für|auf|an|mit|ohne|durch|nach"
    r"|über|vor|gegen|aus|&|[-–—]|\(?[A-ZÄÖÜ][\w,)/-]{0,60})){0,12}+)?+\s*+"
)


def width_of(paragraphs: Iterable[Sequence[str]]) -> int:
    """Return the width to which a document is wrapped; 0 if it is not, or if it cannot be seen."""
    full: list[tuple[int, int]] = []
    for lines in paragraphs:
        if len(lines) > 1:
            full += zip(map(len, lines), map(_first_word, lines[1:]), strict=False)
            if len(full) > _MANY:
                break
    if len(full) < _ENOUGH:
        return 0
    width = sorted(length for length, _ in full)[len(full) * 19 // 20]
    share = sum(length + word > width - _SLACK for length, word in full) / len(full)
    enough = width >= _USUAL or len(full) >= _ENOUGH_NARROW
    return width if enough and share >= _FULL and _NARROWEST <= width <= _WIDEST else 0


def joints(lines: Sequence[str], width: int) -> list[bool]:
    """Return for each line of a paragraph but the first whether it goes on with what the line before has begun.

    `width`: what `width_of` found for the document.
    """
    labels = [_LABEL.match(line) is not None for line in lines]
    if sum(labels) < 2 or sum(labels) * 2 < len(lines):
        return _joints(lines, width)
    return [joined and not label for joined, label in zip(_joints(lines, width), labels[1:], strict=True)]


def _joints(lines: Sequence[str], width: int) -> list[bool]:
    if len(lines) < 2:
        return []
    lengths = [len(line) for line in lines]
    words = [_first_word(line) for line in lines[1:]]
    pairs = list(pairwise(lines))
    widest = max(lengths)
    if widest > _WIDEST:
        return [_begins_small(second) and not is_over(first) for first, second in pairs]
    full = _full(lengths, words, widest)
    wrapped = len(full) >= _ENOUGH - 1 and sum(full) >= _FULL * len(full)
    belongs = width > 0 and widest >= width - _SHORTER
    if not (belongs and all(full)) and _is_verse(lines, full):
        return [False] * len(pairs)
    if (not wrapped or not belongs) and not _is_prose(lines, full, widest):
        if not belongs:
            return [
                is_full
                and len(pair[0]) >= _USUAL
                and (_begins_small(pair[1]) or _OPEN.search(pair[0]) is not None)
                and not is_over(pair[0])
                for pair, is_full in zip(pairs, full, strict=True)
            ]
        full = _full(lengths, words, max(width, min(widest, width + _SLACK)))
    return [
        not _is_heading(*pair)
        and (
            is_full
            or (not is_over(pair[0]) and (_continues(*pair) or (wrapped and _ENDS_SMALL.search(pair[0]) is not None)))
        )
        for pair, is_full in zip(pairs, full, strict=True)
    ]


def _full(lengths: Sequence[int], words: Sequence[int], width: int) -> list[bool]:
    """Return for each line of a paragraph but the last whether the next word would not have fitted."""
    return [length + word > width - _SLACK for length, word in zip(lengths, words, strict=False)]


def is_over(line: str) -> bool:
    """Whether a line ends as sentences, or what announces a list, do."""
    return _ENDS.search(line[-5:]) is not None


def fills(first: str, second: str) -> bool:
    """Whether the first line of an item ends in a sentence that the second, which is indented, goes on with."""
    return not is_over(first) and (len(first) >= _USUAL or _continues(first, second))


def _is_prose(lines: Sequence[str], full: Sequence[bool], width: int) -> bool:
    """Whether a paragraph that has nothing but itself to go by is wrapped prose."""
    places = [place for place in range(len(full)) if not is_over(lines[place])]
    if not places:
        return width >= _USUAL
    small = [place for place in places if _begins_small(lines[place + 1])]
    if width < _USUAL:
        return _is_column(lines, full, places, len(small))
    loose = sum(not full[place] and not _continues(lines[place], lines[place + 1]) for place in places)
    if loose * 5 > len(full):
        return False
    # Many lines that all begin with capitals are verse.
    return bool(small) or (
        len(lines) <= _ENOUGH + 1 and (is_over(lines[-1]) or any(_OPEN.search(lines[place]) for place in places))
    )


def _is_verse(lines: Sequence[str], full: Sequence[bool]) -> bool:
    """Whether lines are verse or a title page: they go in and out, or pause where there was still room."""
    if len(lines) < _ENOUGH - 1 or any(map(marks.marker, lines)):
        return False
    wrapped = sum(full) >= _FULL * len(full)
    if len({marks.indent(line) for line in lines[1:]}) > 1 and not wrapped:
        return True
    # Sentences that end with their lines say nothing.
    going_on = [line for line in lines[:-1] if not is_over(line)]
    paused = sum(_LETTER_LAST.search(line) is None and not _DIVIDED.search(line) for line in going_on)
    if len(going_on) < _ENOUGH - 2:
        return False
    if paused == len(going_on):
        return not any(map(_begins_small, lines[1:])) or (len(lines) >= _ENOUGH and not all(full))
    return len(lines) >= _ENOUGH and paused * 2 > len(going_on) and sum(full) * 2 < len(full)


def _is_column(lines: Sequence[str], full: Sequence[bool], places: Sequence[int], small: int) -> bool:
    """Whether short lines are a note of few words a line, or a column; not verse, which pauses at the ends of its lines.

    `places`: those of the lines that are not over; `small`: how many of them are followed by a small letter.
    """
    within = any(map(_WITHIN.search, lines))
    if not within and (not is_over(lines[-1]) or lines[-1].endswith((";", ":"))):
        return False
    if len(lines) < _ENOUGH:
        return small == len(places) and all(_LETTER_LAST.search(lines[place]) for place in places)
    width = max(map(len, lines))
    pauses = sum(_LETTER_LAST.search(line) is None for line in lines[:-1])
    divided = sum(_DIVIDED.search(lines[place]) is not None for place in places)
    if width >= _NARROW and (divided or within):
        flowing = small * 2 >= len(places) or sum(full) >= _FULL * len(full)
        return flowing and is_over(lines[-1]) and (pauses - divided) * 3 <= len(full)
    return width >= _NARROWEST and small > 0 and pauses * 3 <= len(full) and all(full[place] for place in places)


def _continues(first: str, second: str) -> bool:
    """Whether words show that a sentence goes on in the next line."""
    return _begins_small(second) or _PAUSES.search(first) is not None or _OPEN.search(first) is not None


def _begins_small(line: str) -> bool:
    return line.lstrip()[:1].islower() and not _ADDRESS.match(line)


def _is_heading(first: str, second: str) -> bool:
    """Whether a line is in capitals and the next one is not, or it is the heading of a section."""
    if _SECTION.fullmatch(first):
        return not _begins_small(second) and _OPEN.search(first) is None and _PAUSES.search(first) is None
    return first.isupper() and _CAPITALS.search(first) is not None and not second.isupper()


def _first_word(line: str) -> int:
    """Return what the first word of a line would have taken at the end of the one before, its space included."""
    line = line.lstrip()
    length = line.find(" ")
    return 1 + (length if length > 0 else len(line))
