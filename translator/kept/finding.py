"""What is kept in a sentence, and what may be a mark in it, from its beginning to its end."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from translator.kept import marks, messages, verbatim
from translator.kept.marks import Token

# What may stand against a word; anything else that does is a part of the word.
_LOOSE = rf"(?:{verbatim.TAGS} | {verbatim.SYMBOLS} | {verbatim.FIGURES})++"
# At each place what comes first here is tried first. Words have a hundred forms: none is tried where none can begin.
_STARTS = rf"""
    (?P<element>{verbatim.ELEMENTS}) | (?P<opening>{verbatim.OPENING}) | (?P<closing>{verbatim.CLOSING})
  | (?P<point>{verbatim.POINTS}) | (?P<loose>{_LOOSE})
"""
_PATTERN = rf"""
    (?P<message>{verbatim.MESSAGE}) | {_STARTS}
  | (?:(?<=[„“"»'‚])|(?![\s{{}}()<>,;!?=&|*]))(?P<word>{verbatim.LAWS} | {verbatim.PROGRAMS} | {verbatim.CODES})
  | (?P<emphasis>{verbatim.EMPHASIS}) | (?P<bracket>{verbatim.BRACKETS})
"""
_SIGNS = re.compile(verbatim.SIGNS, re.VERBOSE)
_COMMANDS = re.compile(verbatim.COMMANDS)
_START = re.compile(_STARTS, re.VERBOSE)
_ANY = re.compile(_PATTERN, re.VERBOSE)
_ANY_IN_LATIN = re.compile(
    rf"{_PATTERN} | (?P<script>{verbatim.OTHER_SCRIPTS}(?:\ {verbatim.OTHER_SCRIPTS})*)", re.VERBOSE
)
# The title of a link: what people read in what is kept.
_TITLE = re.compile(r"(?<=\s[\"'])[^\"'\n]+(?=[\"']\)$)")


class Kept(NamedTuple):
    """A stretch of a text that is kept, and the texts in it that are not; `loose` if it may touch a word."""

    start: int
    end: int
    parts: messages.Parts
    loose: bool


def find(text: str, *, latin: bool) -> list[Kept | Token]:
    """Return all that is kept and all that may be a mark, in order; mostly nothing, after one look.

    `latin`: letters of other scripts are kept, too.
    """
    found = list(_find(text, _ANY_IN_LATIN if latin else _ANY)) if _SIGNS.search(text) or _COMMANDS.search(text) else []
    if not any(isinstance(one, Token) and one.key == "***" for one in found):
        return found
    tokens = marks.with_runs_split([one for one in found if isinstance(one, Token)])
    return sorted([*(one for one in found if isinstance(one, Kept)), *tokens], key=lambda one: one.start)


def parts_of(raw: str) -> messages.Parts:
    """Return a mark with the title of a link as a text of its own."""
    title = _TITLE.search(raw)
    return [raw[: title.start()], messages.Text(title.group()), raw[title.end() :]] if title else [raw]


def _find(text: str, pattern: re.Pattern[str]) -> Iterator[Kept | Token]:
    position = 0
    while match := pattern.search(text, position):
        found: re.Match[str] | None = match
        if match.lastgroup == "message":
            if message := messages.read(text, match.start()):
                position, parts = message
                yield Kept(match.start(), position, parts, loose=True)
                continue
            found = _START.match(text, match.start())
        position = found.end() if found else match.end()
        if found and (end := _titled(text, found)):
            # "[[Spree (Fluss)|Spree]]": the title of an article, as "[[Spree]]" is.
            yield Kept(found.start(), end, [text[found.start() : end]], loose=True)
            position = end
        elif found and (one := _of(text, found)):
            yield one


def _titled(text: str, match: re.Match[str]) -> int:
    """Return where a link of a wiki ends that shows the name of its article without what tells that from others; or 0."""
    raw, end = match.group(), match.end()
    name, bracket, _ = raw.removeprefix("[[").partition(" (")
    shown = f"{name}]]"
    return end + len(shown) if raw.startswith("[[") and bracket and text.startswith(shown, end) else 0


def _of(text: str, match: re.Match[str]) -> Kept | Token | None:
    raw, (start, end) = match.group(), match.span()
    match match.lastgroup:
        case "opening":
            return marks.opening(raw, start, end)
        case "closing":
            return marks.closing(raw, start, end)
        case "bracket":
            return marks.bracket(raw, start, end)
        case "point":
            return marks.point(start, end)
        case "emphasis":
            return marks.emphasis(text, start, end)
        case group:
            return Kept(start, end, [raw], loose=group in ("loose", "element"))
