"""Quotation marks: found and paired in a text, shown to a model as it knows them, and written in the target's way.

Models write one kind for another and lose halves of pairs. So a model sees straight marks only, and what its marks become
is decided by those of the source.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

PLAIN = '"'
"""What a model sees: of all marks it keeps these best."""
# Which marks may close what another one opens. German closes „ with “, which opens in English; » opens in German and
# closes in French; two commas and two apostrophes are a typewriter's.
_CLOSED_BY = {
    "„": ("“", "”", '"', "''"),
    ",,": ("''", "“", "”", '"'),
    "``": ("''", '"'),
    "“": ("”", '"'),
    "”": ("”",),
    "»": ("«", "»"),
    "«": ("»",),
    '"': ('"', "“", "”"),
    "‚": ("‘", "’", "'"),
    "‘": ("’", "'"),
    "\u203a": ("\u2039",),
    "\u2039": ("\u203a",),
    "'": ("'",),
}
_ONLY_OPEN = ("„", "‚", ",,", "``")
_APOSTROPHES = ("'", "’", "‘")
_SINGLE = frozenset("‚‘’\u203a\u2039'")
_STRAIGHT = frozenset("\"'")
_SPACED = frozenset("«»\u2039\u203a")
_MARK = re.compile(r"(?<![^\s(\[]),,(?=\w)|``|''|[„“”»«\"‚‘’\u203a\u2039']")
_MAY_BE_MARK = re.compile(r"[`„“”»«\"‚‘’\u203a\u2039']")
_ENDS_SENTENCE = re.compile(r"[.!?…,:;]")
# Opening and closing, double and single. Other languages get the marks of the source.
_STYLES = {"en": ("“", "”", "‘", "’"), "de": ("„", "“", "‚", "‘")}
# Speech within speech within speech; a text with more open marks is none.
_DEEPEST = 8
# Where one stops speaking and another one begins: after the end of a sentence a dash, or one mark closes and one opens.
_TURN = re.compile(
    r"(?P<end>[.!?…])(?P<closing>[“”\"«\u2039‘’']{0,2})(?P<between> (?:[-–—―]{1,3} )?)(?P<opening>[„“\"»\u203a‚]?)(?=[\w…'])"
)
_SEPARATOR = re.compile(r" (?<=\S.)[»«\u203a\u2039|→] (?=\S)|(?<=[^\W\d_]) [>/·•\u00d7] (?=[^\W\d_])")
# "Mo. – Fr." and "12. – 14. Mai" are no turns.
_WHOLE_WORD = re.compile(r"[^\W\d_]{4}$")


@dataclass(frozen=True, slots=True)
class Mark:
    """A quotation mark in a text: where it stands, which side it is, and whether its other half is there, too."""

    start: int
    end: int
    text: str
    opens: bool
    partner: int | None = None
    """The place of its other half among the marks."""
    straight: bool = False
    """Whether it, and its other half, is as on a typewriter; such marks stay."""
    inner: bool = False
    """Whether it stands within a pair of its own kind, and so is written as the other one: “He said ‘yes’”."""

    @property
    def single(self) -> bool:
        """Whether it is written as a single mark."""
        return (self.text in _SINGLE) != self.inner

    def written(self, target: str) -> str:
        """Return it as the language `target` writes it."""
        style = _STYLES.get(target.partition("-")[0])
        if style is None or self.straight:
            return self.text
        return style[2 * self.single + (not self.opens)]


def find(text: str) -> list[Mark]:
    """Return the quotation marks of a text in order. Apostrophes, inches and arrows („« Zurück“) are none."""
    return _found(text) if _MAY_BE_MARK.search(text) or ",," in text else []


def _found(text: str) -> list[Mark]:
    matches = list(_MARK.finditer(text))
    found: list[Mark | None] = []
    waiting: list[int] = []
    for number, (match, (at_word, behind_word)) in enumerate(zip(matches, _sides(text, matches), strict=True)):
        mark = match.group()
        spaced = mark in _SPACED and not at_word and not behind_word
        found.append(None)
        if mark in _APOSTROPHES and _is_inside_word(text, match):
            continue
        opener = _opener(mark, matches, waiting, spaced=spaced)
        if mark not in _ONLY_OPEN and opener is not None and (behind_word or spaced):
            straight = mark in _STRAIGHT and matches[opener].group() in _STRAIGHT
            found[opener] = Mark(*matches[opener].span(), matches[opener].group(), True, number, straight)
            found[number] = Mark(*match.span(), mark, False, opener, straight)
            while waiting.pop() != opener:
                pass
        elif mark in _ONLY_OPEN or (at_word and mark in _CLOSED_BY):
            waiting.append(number)
            if mark not in _APOSTROPHES:
                found[number] = Mark(*match.span(), mark, True, straight=mark in _STRAIGHT)
        elif spaced:
            # "« Zurück" is a button; « Ich gehe. is the beginning of what somebody says.
            waiting.append(number)
            if _ENDS_SENTENCE.search(text):
                found[number] = Mark(*match.span(), mark, not text[: match.start()].strip())
        elif behind_word and mark not in _APOSTROPHES and not (mark == PLAIN and text[match.start() - 1].isdigit()):
            found[number] = Mark(*match.span(), mark, False, straight=mark in _STRAIGHT)
    return _numbered(found)


def plain(text: str, marks: Sequence[Mark]) -> str:
    """Return a text with straight marks in place of these, without spaces inside of them."""
    out: list[str] = []
    position = 0
    for mark in marks:
        before = text[position : mark.start]
        out += (before if mark.opens else before.rstrip(" "), PLAIN)
        position = mark.end
        while mark.opens and text[position : position + 1] == " ":
            position += 1
    return "".join((*out, text[position:]))


def turns(text: str) -> Iterator[tuple[str, str]]:
    """Yield what each one says in a dialogue, and what stands before the next one; any other text as it is.

    What stands between arrows or strokes ("Start » Hilfe", "Start | Hilfe") is translated alone as well.
    """
    position = 0
    separators = list(_SEPARATOR.finditer(text))
    if separators and find(text):
        separators = []
    for separator in separators:
        yield text[position : separator.start()], separator.group()
        position = separator.end()
    for match in _TURN.finditer(text) if not separators else ():
        dash = match["between"] != " "
        if not dash and not (match["closing"] and match["opening"]):
            continue
        if match["end"] == "." and not match["closing"]:
            before = text[max(0, match.start() - 4) : match.start()]
            if not _WHOLE_WORD.search(before) or not text[match.end() : match.end() + 1].isupper():
                continue
        yield text[position : match.start("between")], match["between"]
        position = match.start("opening")
    yield text[position:], ""


def differ(source: str, translation: str) -> bool:
    """Whether a translation of a text with plain marks has others, or has them the other way round."""
    ours, theirs = find(source), find(translation)
    return len(ours) != len(theirs) or _sides_of(ours) != _sides_of(theirs)


def write(translation: str, marks: Sequence[Mark], target: str) -> str:
    """Return the translation with the marks of its source, written in the target's way.

    Where it has others, those that are no pair are left out.
    """
    found = find(translation)
    if not found:
        return translation
    if _sides_of(found) == _sides_of(marks):
        written = [mark.written(target) for mark in marks]
    else:
        like = next(iter(marks), Mark(0, 0, PLAIN, opens=True, straight=True))
        written = [
            replace(like, opens=mark.opens).written(target) if mark.partner is not None else "" for mark in found
        ]
    out: list[str] = []
    position = 0
    for mark, text in zip(found, written, strict=True):
        out += (translation[position : mark.start], text)
        position = mark.end
    return "".join((*out, translation[position:]))


def _opener(mark: str, matches: Sequence[re.Match[str]], waiting: Sequence[int], *, spaced: bool) -> int | None:
    """Return the last one of the marks that wait for their other half that this mark may close."""
    for place in waiting[: -_DEEPEST - 1 : -1]:
        opening = matches[place].group()
        if mark in _CLOSED_BY[opening]:
            # An arrow behind an arrow ("A » B » C") closes nothing.
            return None if spaced and opening == mark else place
    return None


def _sides(text: str, matches: Sequence[re.Match[str]]) -> Iterator[tuple[bool, bool]]:
    """Yield for each mark whether it stands before a word, and whether behind one; other marks beside it do not count."""
    first = 0
    while first < len(matches):
        last = first
        while last + 1 < len(matches) and matches[last + 1].start() == matches[last].end():
            last += 1
        start, end = matches[first].start(), matches[last].end()
        left, right = text[max(0, start - 1) : start], text[end : end + 3]
        at_word = bool(right) and not right[0].isspace() and (right[0] not in ".,;:!?)]}" or right == "...")
        free = not left or left.isspace() or left in "([{-–—/"
        yield from [(free and at_word, bool(left) and not left.isspace() and not (free and at_word))] * (
            last - first + 1
        )
        first = last + 1


def _is_inside_word(text: str, match: re.Match[str]) -> bool:
    return text[match.start() - 1 : match.start()].isalnum() and text[match.end() : match.end() + 1].isalnum()


def _numbered(found: Sequence[Mark | None]) -> list[Mark]:
    """Return the marks without those that are none, their other halves by their new places."""
    places = {old: new for new, old in enumerate(number for number, mark in enumerate(found) if mark)}
    return _in_levels(
        [replace(mark, partner=places[mark.partner] if mark.partner is not None else None) for mark in found if mark]
    )


def _in_levels(marks: list[Mark]) -> list[Mark]:
    """Return the marks with those in pairs within a pair of their kind told from it."""
    around: list[Mark] = []
    for number, mark in enumerate(marks):
        while around and around[-1].partner is not None and around[-1].partner < number:
            around.pop()
        if mark.straight:
            continue
        if mark.opens:
            inner = bool(around) and around[-1].single == mark.single and mark.partner is not None
            marks[number] = replace(mark, inner=inner)
            if mark.partner is not None:
                marks[mark.partner] = replace(marks[mark.partner], inner=inner)
            around.append(marks[number])
    return marks


def _sides_of(marks: Sequence[Mark]) -> list[bool]:
    return [mark.opens for mark in marks]
