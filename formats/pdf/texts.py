"""Texts of pages: the characters of lines put together, with what they look like beside them."""

import re
from collections.abc import Sequence

import msgspec

from formats.pdf.layout import BOLD, DIVIDED, ITALIC, Run
from formats.strings.inline import Mark, Span

_HYPHENS = f"{DIVIDED}-\u2010\u00ad"
# Words after which a hyphen at the end of a line stays: "Vor- und Nachteile".
_AND = frozenset(["und", "oder", "bzw", "sowie", "bis", "and", "or", "to", "et", "ou", "y", "och", "eller", "en", "of"])
_NOTE = re.compile(r"[\d*†‡§,()\[\]\u00b9\u00b2\u00b3\u2070-\u2079]+")
_WIDE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_SPACES = re.compile(r"\s+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S++|[^\s@]++@[^\s@.]++(?:\.[^\s@.]++)++\.?+")


class Look(msgspec.Struct, frozen=True):
    """How words look, and where they lead."""

    style: int = 0
    address: str = ""


class Text(msgspec.Struct):
    """A text with what is in it; `looks` and `marks` are named by the keys of `spans` and `points`."""

    text: str = ""
    spans: list[Span] = []
    points: list[Mark] = []
    looks: list[Look] = []
    marks: list[str] = []
    """What stands raised at the points: numbers of notes."""

    @property
    def given(self) -> bool:
        """Whether it is given to be translated; what has no letters or is an address is not."""
        return any(character.isalpha() for character in self.text) and not _ADDRESS.fullmatch(self.text)


class Composer:
    """Puts runs of lines together to a text."""

    def __init__(self) -> None:
        self._pieces: list[tuple[str, Look]] = []
        self._marks: list[tuple[int, str]] = []
        self.text = ""

    def line(self, runs: Sequence[Run], links: Sequence[str]) -> None:
        """Add a line, or what follows on the same one: words that it divides are put together."""
        runs = [run for run in _whole_words(runs) if run.text]
        if not runs:
            return
        begins = "".join(run.text for run in runs).lstrip()
        self._join(begins)
        for run in runs:
            if run.raised and _NOTE.fullmatch(run.text.strip()):
                self._marks.append((len(self.text.rstrip()), run.text.strip()))
                continue
            address = links[run.link] if 0 <= run.link < len(links) else ""
            self._add(run.text, Look(run.style & (BOLD | ITALIC), address))

    def done(self, *, plain: int = 0) -> Text:
        """Return the text; styles of `plain` are those of the whole paragraph and are left out."""
        leading = len(self.text) - len(self.text.lstrip())
        text = self.text.strip()
        found = Text(text, [], [], [], [])
        position = -leading
        spans: list[tuple[int, int, Look]] = []
        for piece, look in self._pieces:
            here = Look(look.style & ~plain, look.address)
            start, end = max(position, 0), min(position + len(piece), len(text))
            position += len(piece)
            if start >= end or here == Look():
                continue
            if spans and spans[-1][2] == here and not text[spans[-1][1] : start].strip():
                spans[-1] = spans[-1][0], end, here
            else:
                spans.append((start, end, here))
        for start, end, look in spans:
            inner = text[start:end]
            begin, stop = start + len(inner) - len(inner.lstrip()), end - len(inner) + len(inner.rstrip())
            if begin < stop:
                found.spans.append(Span(begin, stop, len(found.looks)))
                found.looks.append(look)
        for place, mark in self._marks:
            found.points.append(Mark(min(max(place - leading, 0), len(text)), len(found.looks) + len(found.marks)))
            found.marks.append(mark)
        return found

    def _join(self, begins: str) -> None:
        if not self.text or self.text.endswith(" "):
            return
        last, first = self.text[-1], begins[:1]
        if last in _HYPHENS and len(self.text) > 1 and self.text[-2].isalpha():
            word = re.match(r"\w+", begins)
            if word and word.group().lower() in _AND:
                self._end("- ")
            else:
                self._end("" if first.islower() else "-")
        elif not (_WIDE.match(last) and _WIDE.match(first)):
            self._add(" ", self._pieces[-1][1] if self._pieces else Look())

    def _end(self, instead: str) -> None:
        """Write the hyphen at the end otherwise."""
        piece, look = self._pieces[-1]
        self._pieces[-1] = piece[:-1] + instead, look
        self.text = self.text[:-1] + instead

    def _add(self, text: str, look: Look) -> None:
        clean = _SPACES.sub(" ", text)
        if not self.text or self.text.endswith(" "):
            clean = clean.lstrip()
        # A hyphen within a line divides nothing any more, unless it comes last.
        clean = clean[:-1].replace(DIVIDED, "-").replace("\u00ad", "") + clean[-1:]
        if clean:
            self._pieces.append((clean, look))
            self.text += clean


def _whole_words(runs: Sequence[Run]) -> list[Run]:
    """Return runs whose links begin and end with words; places of links are often not exact."""
    if not any(run.link >= 0 for run in runs):
        return list(runs)
    letters = [(character, run) for run in runs for character in run.text]
    found: list[Run] = []
    start = 0
    while start < len(letters):
        space = letters[start][0].isspace()
        end = start
        while end < len(letters) and letters[end][0].isspace() == space:
            end += 1
        word = letters[start:end]
        linked = [run.link for _, run in word if run.link >= 0]
        link = linked[0] if 2 * len(linked) > len(word) else -1
        for character, run in word:
            like = Run("", run.style, link, run.raised)
            if found and (found[-1].style, found[-1].link, found[-1].raised) == (like.style, link, like.raised):
                found[-1] = Run(found[-1].text + character, *msgspec.structs.astuple(like)[1:])
            else:
                found.append(Run(character, *msgspec.structs.astuple(like)[1:]))
        start = end
    return found
