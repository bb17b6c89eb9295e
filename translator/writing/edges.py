"""The edges of a text: what stands before its first word and behind its last one, which no model has to see.

Small models end a text without a full stop with its last token twice, turn `!` into `.`, lose a dash or one of two
quotation marks, and begin a heading with a small letter. So the model gets every text as a sentence; its edges are taken off
before and put back as they were.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from translator.kept.names import CODE
from translator.writing import Length, dashes, quotes
from translator.writing.quotes import Mark

# A dash that opens speech, an arrow of a button, dots of what was left out, the star of a footnote.
_BEFORE = re.compile(
    r"(?:[-–—―*+•·]{1,3}|[«»\u2039\u203a])[ ]+|(?:…|\.{3}|\[(?:…|\.{3})\]|[¹²³⁴-⁹]{1,3})[ ]?|[*†‡]{1,3}(?=\w)"
)
_PUNCTUATION = ".!?…:;,"
_PUNCTUATION_MARKS = re.compile(rf"[{_PUNCTUATION}]+")
_CLOSING = "\"”“’‘'«»\u2039\u203a)]"
# Marks of footnotes, an arrow, and a dash where somebody breaks off; looked for at the very end only.
_NOTE = re.compile(r"[*†‡]{1,3}|(?<=[.!?…,;:“”\"«»])[¹²³⁴-⁹]{1,3}| ?[–—]| [«»\u2039\u203a]| ?\[(?:…|\.{3})\]")
_LONGEST_NOTE = 6
_ENDS_NOTE = re.compile(r"[*†‡¹²³⁴-⁹–—«»\u2039\u203a\]]")
_BRACKETS = {"(": ")", "[": "]"}
# What is written before the first letter and does not count: "(see", "“And".
_FIRST_WORD = re.compile(r"[\"“”‘’'»«(\[]{0,4}([^\W\d_])([\w’']{0,30})")
_SPACES = re.compile(r"(?<! ) {2,}+")
# French writes a space inside of its marks: "« Oui. »".
_SPACED_MARK = re.compile("[ \u00a0\u202f](?=[«»\u2039\u203a]\\Z)")
_SPACE_BEFORE = re.compile(r"^[ ]+(?=[!?:;])")


@dataclass(frozen=True, slots=True)
class Edges:
    """A text without its edges, as a model gets it."""

    text: str
    """For the model: a sentence with an end, and plain quotation marks."""
    core: str
    """The text between its edges."""
    before: str
    after: str
    marks: Sequence[Mark]
    """The quotation marks of the core."""
    dashes: Sequence[str]
    target: str
    """The language in whose way quotation marks are written."""


class _Rest(NamedTuple):
    """What is left of a text, and of its quotation marks."""

    start: int
    end: int
    first: int
    last: int


def take_off(text: str, target: str) -> Edges:
    """Return a text without its edges; `put_back` puts them on its translation, written as the language `target` does."""
    marks = quotes.find(text)
    rest = whole = _Rest(0, len(text), 0, len(marks))
    while (less := _without_edge(text, rest, marks)) != rest:
        rest = less
    if not any(map(str.isalnum, text[rest.start : rest.end])):
        rest = whole
    start, end, first, last = rest
    inner = [_moved(mark, start, first, last) for mark in marks[first:last]]
    core = text[start:end]
    before = _write(text[:start], marks[:first], 0, target)
    after = _write(text[end:], marks[last:], end, target)
    shown = quotes.plain(core, inner) if inner else core
    found = dashes.find(shown)
    for_model = (dashes.plain(shown) if found else shown) + _end_for_model(core, text[end:])
    return Edges(for_model, core, before, _SPACE_BEFORE.sub("", after), inner, found, target)


def put_back(edges: Edges, translation: str, length: Length) -> str:
    """Return the translation with the edges of its source, its first letter as large or small as there.

    `length` tells whether a word is known with a capital only, as names are.
    """
    text = translation.strip()
    if not text:
        return translation
    inside = _end_inside(edges.core)
    bare = _without_echo(edges.core, text.rstrip(_PUNCTUATION + _CLOSING))
    closing = "".join(one for one in text[len(text.rstrip(_PUNCTUATION + _CLOSING)) :] if one in _CLOSING)
    stop = "." if _is_abbreviated(bare) and not edges.after.startswith(".") else ""
    text = bare + (inside or stop) + closing
    text = dashes.write(_SPACES.sub(" ", text), edges.dashes)
    text = quotes.write(text, edges.marks, edges.target)
    text = _SPACES.sub(" ", text.replace("...", "…") if "…" in edges.core and "..." not in edges.core else text)
    text = _like_first_letter(edges.core, text, length)
    return f"{edges.before}{text}{edges.after}"


def _without_edge(text: str, rest: _Rest, marks: Sequence[Mark]) -> _Rest:
    """Return what is left without one thing at either edge; the same if there is none."""
    start, end, first, last = rest
    opening = marks[first] if first < last and marks[first].start == start and marks[first].opens else None
    closing = marks[last - 1] if first < last and marks[last - 1].end == end and not marks[last - 1].opens else None
    # A mark that has its other half within the text stays.
    if opening and (opening.partner is None or (closing and opening.partner == last - 1)):
        start, first = _behind_space(text, opening.end, end), first + 1
    if closing and (closing.partner is None or (opening and closing.partner == rest.first)):
        end, last = _before_space(text, start, closing.start), last - 1
    if (start, end) != (rest.start, rest.end):
        return _Rest(start, end, first, last)
    if not opening and (match := _BEFORE.match(text, start, end)):
        start = match.end()
    if not closing:
        end = _without_end(text, start, end)
    if rest.start == start < end == rest.end and _is_one_bracket(text, start, end):
        start, end = start + 1, end - 1
    return _Rest(start, end, first, last)


def _without_end(text: str, start: int, end: int) -> int:
    """Return where a text ends without its punctuation, or without one mark behind that."""
    for size in range(_LONGEST_NOTE, 0, -1) if _ENDS_NOTE.match(text, end - 1) else ():
        if end - size > start and not text[end - size - 1].isspace() and _NOTE.fullmatch(text, end - size, end):
            return end - size
    while end > start and text[end - 1] in _PUNCTUATION:
        end -= 1
    return _before_space(text, start, end)


def _end_for_model(core: str, after: str) -> str:
    """Return the end with which a model understands a text best: its own if it is a usual one, or a full stop."""
    if _end_inside(core):
        return ""
    found = _PUNCTUATION_MARKS.search(after)
    end = found.group() if found else ""
    if "?" in end:
        return "?"
    if "!" in end:
        return "!"
    return end if end in (":", ",", ";") else "."


def _end_inside(core: str) -> str:
    """Return the end of a sentence that stands within the last mark or bracket of a text."""
    core = _SPACED_MARK.sub("", core[-_LONGEST_NOTE:])
    tail = core[len(core.rstrip(_PUNCTUATION + _CLOSING)) :]
    return tail.rstrip(_CLOSING) if tail and tail[0] in _PUNCTUATION and tail[-1] in _CLOSING else ""


def _without_echo(source: str, translation: str) -> str:
    """Return a translation whose last word is not the source's with its end twice: "kgg" for kg, "IIII" for III."""
    last, found = source[-20:].rpartition(" ")[2], translation[-40:].rpartition(" ")[2]
    echo = found.removeprefix(last)
    if last and echo and echo != found and len(echo) <= len(last) and last.endswith(echo):
        return translation[: len(translation) - len(echo)]
    return translation


def _is_abbreviated(text: str) -> bool:
    """Whether the stop behind a text belongs to its last word, as in "7 p.m." and "etc."."""
    word = text[-20:].rpartition(" ")[2]
    return word == "etc" or ("." in word and all(len(part) == 1 and part.isalpha() for part in word.split(".")))


def _like_first_letter(source: str, translation: str, length: Length) -> str:
    wanted, found = _FIRST_WORD.match(source), _FIRST_WORD.match(translation)
    if not wanted or not found or CODE.match(source, wanted.start(1)) or CODE.match(translation, found.start(1)):
        return translation
    letter, rest = found.groups()
    if letter + rest == "".join(wanted.groups()).capitalize():
        # "OK" stays as it is.
        return translation[: found.start(1)] + "".join(wanted.groups()) + translation[found.end() :]
    if wanted[1].isupper() and letter.islower() and rest.islower() | (not rest):
        letter = letter.upper()
    elif wanted[1].islower() and letter.isupper() and rest.islower():
        word = letter + rest
        # "German" and "Monday" are known with their capital.
        if length(word.lower()) <= length(word) and not word.startswith(("I'", "I’")):
            letter = letter.lower()
    return translation[: found.start(1)] + letter + translation[found.end(1) :]


def _is_one_bracket(text: str, start: int, end: int) -> bool:
    """Whether a bracket at the start is closed at the end and not before."""
    opening, closing = text[start], text[end - 1]
    if _BRACKETS.get(opening) != closing:
        return False
    return not any(text.count(one, start + 1, end - 1) for one in (opening, closing))


def _behind_space(text: str, start: int, end: int) -> int:
    while start < end and text[start] == " ":
        start += 1
    return start


def _before_space(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] == " ":
        end -= 1
    return end


def _moved(mark: Mark, by: int, first: int, last: int) -> Mark:
    """Return a mark as it stands in the core."""
    partner = mark.partner - first if mark.partner is not None and first <= mark.partner < last else None
    return replace(mark, start=mark.start - by, end=mark.end - by, partner=partner)


def _write(text: str, marks: Sequence[Mark], offset: int, target: str) -> str:
    """Return an edge with its quotation marks as the target writes them, without space inside of them."""
    if not marks:
        return text
    out: list[str] = []
    position = 0
    for mark in marks:
        before = text[position : mark.start - offset]
        out += (before if mark.opens else before.rstrip(" "), mark.written(target))
        position = mark.end - offset
        if mark.opens:
            position = _behind_space(text, position, len(text))
    return "".join((*out, text[position:]))
