"""How a text is laid out around its sentences: which begin paragraphs and lines, which are headings, what stands between.

Translations keep what is outside of sentences, so the layout of the source is that of the translation too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

Kind = Literal["prose", "lines", "heading"]

LONGEST = 100
"""Sentences of a paragraph at most; a longer one is given in several."""
_BETWEEN = 200
"""Characters that are told of what stands between two sentences."""
_BREAK = re.compile(r"\r\n|\r|\n")
# Whoever wraps by hand ends a line some characters early.
_SLACK = 3
# Lines of more characters are paragraphs where each stands for itself; verse, lists and addresses have shorter ones.
_LONG_LINE = 60
_INDENT = 2
_HEADING = 90
_NUMBER = r"(?:\d{1,4}[a-z]?|[IVXLC]{1,8})"
_UPPER_PART = r"(?:Teil|Buch|Band|Akt|Aufzug|Part|Book|Volume|Act)"
_PART_OF = r"(?:Kapitel|Abschnitt|Artikel|Art|Szene|Auftritt|Gesang|Chapter|Section|Article|Scene|Canto)"
_ALONE = (
    r"(?:Prolog|Epilog|Prologue|Epilogue|Vorwort|Vorrede|Vorbemerkung|Nachwort|Einleitung|Inhalt|Inhaltsverzeichnis|Anhang"
    r"|Schluss|Schluß|Widmung|Präambel|Preface|Foreword|Introduction|Contents|Appendix|Afterword|Conclusion|Preamble)"
)
_ORDINAL = r"(?:[^\W\d_]{2,16}(?:te[rsn]?|th|st|nd|rd)|One|Two|Three|First|Second|Third|Eins|Zwei|Drei)"
_CHAPTER = re.compile(
    rf"(?i:(?P<upper>{_UPPER_PART})|{_PART_OF})\.?\s{_NUMBER}(?![^\W_])"
    rf"|(?i:{_ORDINAL}\s(?:(?P<upper2>{_UPPER_PART})|{_PART_OF})(?![^\W_])|§{{1,2}}\s?\d{{1,4}}[a-z]?(?![^\W_])|{_ALONE}\W{{0,3}}$)"
    r"|[IVXLC]{1,8}(?:\.(?:\s+[A-ZÄÖÜ\d]|$)|$)|\d{1,3}(?:\.\d{1,3}){0,4}\.?$"
)
_LETTERS = re.compile(r"[^\W\d_]{3}")
_MARKDOWN = re.compile(r"#{1,6}$")
_UNDERLINED = re.compile(r"={3,}|-{3,}")
_FEW = 3
"""Words of a heading that ends as sentences do."""
# What ends so is a sentence or a line of a list, no heading.
_GOES_ON = re.compile(r"[,;:–—-]$")
_ENDS = re.compile(r"[.!?…][\"'“”«»)\]]{0,3}$")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sentence stands in its text."""

    paragraph: int = 0
    """Index of the sentence in its part with which its paragraph begins. Paragraphs end with their part."""
    kind: Kind = "prose"
    """What the paragraph is; of `lines` each line stands for itself: verse, lists, addresses."""
    line: bool = False
    """Whether the sentence begins a line that was meant, within its paragraph."""
    above: str = ""
    """What stands on lines of their own before the sentence, and is not translated: a rule, a number."""
    before: str = ""
    """What stands on its line, after the sentence before: the mark of a list."""
    level: int = 0
    """Of headings: from 1, the highest; else 0."""


PLAIN = Layout()
"""Of what is known to be a sentence, and no more."""


@dataclass(slots=True)
class _Gap:
    """What stands between two sentences."""

    breaks: int
    above: str
    before: str
    indent: int


def layouts(text: str, spans: Sequence[int], headings: Sequence[int] | None = None) -> list[Layout]:
    """Return for each sentence of a part, whose `spans` are starts and ends by turns, how it stands there.

    `headings`: where those begin that its file tells, and their levels, by turns; None: they are told by how they are
    written.
    """
    places = list(zip(spans[::2], spans[1::2], strict=True))
    ends = [0, *(end for _, end in places)]
    gaps = [_gap(text[end:start]) for end, (start, _) in zip(ends, places, strict=False)]
    width = _width(text, places)
    found: list[Layout] = []
    first = 0
    for index, (gap, (start, _)) in enumerate(zip(gaps, places, strict=True)):
        begins = index == 0 or gap.breaks > 1
        line = False
        if gap.breaks == 1 and index:
            above, here = _line_before(text, places[index - 1][1]), _line_at(text, start)
            if gap.before or not _is_full(above, here, width):
                begins = _is_indented(gap, above) or (not gap.before and max(len(above), len(here)) > _LONG_LINE)
                line = not begins
            else:
                begins = _is_indented(gap, above)
        if begins or index - first == LONGEST:
            first = index
        found.append(Layout(first, "prose", line, gap.above, gap.before))
    told = None if headings is None else _told(text, places, headings)
    return _with_kinds(text, places, gaps, found, told)


def _told(text: str, places: Sequence[tuple[int, int]], headings: Sequence[int]) -> list[int]:
    """Return for each sentence the level of the heading it is in; a heading is one text, without blank lines."""
    marks = list(zip(headings[::2], headings[1::2], strict=False))
    found: list[int] = []
    number, level, end = 0, 0, 0
    for start, behind in places:
        if "\n\n" in text[end:start]:
            level = 0
        while number < len(marks) and marks[number][0] <= start:
            place, mine = marks[number]
            level = 0 if "\n\n" in text[place:start] else mine
            number += 1
        found.append(level)
        end = behind
    return found


def _with_kinds(
    text: str,
    places: Sequence[tuple[int, int]],
    gaps: Sequence[_Gap],
    found: list[Layout],
    told: Sequence[int] | None,
) -> list[Layout]:
    """Say of each paragraph what it is; `told`: the levels of those that are headings, by their first sentences."""
    firsts = [index for index, one in enumerate(found) if one.paragraph == index]
    for first, behind in pairwise([*firsts, len(found)]):
        if told is not None:
            level = told[first]
        else:
            tail = text[places[behind - 1][1] : places[behind][0] if behind < len(found) else None]
            apart = (first == 0 or gaps[first].breaks > 1) and (behind == len(found) or gaps[behind].breaks > 1)
            level = heading_level(text[places[first][0] : places[behind - 1][1]], gaps[first].before, tail, apart=apart)
        kind: Kind = "prose"
        if level:
            kind = "heading"
        elif 2 * sum(one.line for one in found[first + 1 : behind]) >= behind - first - 1 > 0:
            kind = "lines"
        if kind != "prose":
            found[first:behind] = [replace(one, kind=kind, level=level) for one in found[first:behind]]
    return found


def heading_level(words: str, mark: str = "", tail: str = "", *, apart: bool = True) -> int:
    """Return the level of a paragraph that is a heading, by how it is written; 0 if it is none.

    `mark` stands before it on its line, `tail` is what follows it. `apart`: whether blank lines are before and behind it.
    """
    if _MARKDOWN.match(mark):
        return len(mark)
    words = f"{mark} {words}".strip()
    if len(words) > _HEADING or _BREAK.search(words):
        return 0
    following = tail.lstrip().splitlines()[:1]
    if following and tail[:1] in "\r\n" and _UNDERLINED.fullmatch(following[0].rstrip()):
        return 1 if following[0].startswith("=") else 2
    if _GOES_ON.search(words) or (_ENDS.search(words) and len(words.split()) > _FEW):
        return 0
    chapter = _CHAPTER.match(words)
    if chapter and (chapter["upper"] or chapter["upper2"]):
        return 1
    return 2 if chapter or (apart and words.isupper() and _LETTERS.search(words)) else 0


def _gap(text: str) -> _Gap:
    lines = _BREAK.split(text[:2000] + text[2000:][-2000:])
    own = lines[-1].expandtabs(4)
    above = " ".join(words for line in lines[1:-1] if (words := " ".join(line.split())))
    return _Gap(len(lines) - 1, above[:_BETWEEN], own.strip()[:_BETWEEN], len(own) - len(own.lstrip()))


def _width(text: str, places: Sequence[tuple[int, int]]) -> int:
    """Return how wide lines are that are wrapped, which is seen where sentences go on in the next line; 0: none are."""
    widths = sorted(
        len(_line_before(text, match.start())) for start, end in places for match in _BREAK.finditer(text, start, end)
    )
    return widths[len(widths) * 19 // 20] if widths else 0


def _is_full(line: str, following: str, width: int) -> bool:
    """Whether the next line's first word would not have fitted."""
    return bool(width) and len(line) + 1 + len(following.split(" ", 1)[0]) > width - _SLACK


def _is_indented(gap: _Gap, line: str) -> bool:
    """Whether a line begins further in than the one before, as paragraphs without blank lines do."""
    line = line.expandtabs(4)
    return not gap.before and gap.indent >= max(_INDENT, len(line) - len(line.lstrip()) + 1)


def _line_before(text: str, end: int) -> str:
    """Return the line on which a place is, as far as it, and what follows on it."""
    start = max(text.rfind("\n", 0, end), text.rfind("\r", 0, end)) + 1
    return _until_break(text, start)


def _line_at(text: str, start: int) -> str:
    return _until_break(text, start)


def _until_break(text: str, start: int) -> str:
    found = _BREAK.search(text, start)
    return text[start : found.start() if found else len(text)].rstrip()
