"""A paragraph while it is read."""

import re
from dataclasses import dataclass
from itertools import count

from formats.office.opendocument.capturing import Capture
from formats.office.opendocument.paragraph import Atom, Key, Kind, Paragraph
from formats.xml.part import End, Start, Text

_SPACES = re.compile(r"[ \t\r\n]+")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
# More spaces than that are a gap, however many.
_GAP = 3
_LONG = 10


@dataclass(slots=True)
class _Open:
    """A span that is open."""

    event: Start
    look: object
    key: int | None
    """None: nobody sees it."""
    atoms: int
    """How many there were."""


class Builder:
    """Takes in what stands in a paragraph, in order."""

    def __init__(self, paragraph: Paragraph) -> None:
        self.paragraph = paragraph
        self._open: list[_Open] = []
        self._keys: tuple[int, ...] = ()
        self._numbers = count()
        # White space here is none to a reader.
        self._spaced = True
        # The span that ended last: its look, what was around it, its key, and how many atoms there were then.
        self._last: tuple[object, tuple[int, ...], int, int] | None = None
        self._rubies: list[tuple[Atom, Capture]] = []

    def add(self, kind: Kind, start: int, end: int, text: str = "") -> Atom:
        """Add an atom."""
        atom = Atom(kind, text, self._keys, start, end)
        self.paragraph.atoms.append(atom)
        return atom

    def text(self, event: Text) -> None:
        """Add text: of white space one space is left, as readers see it."""
        if self.paragraph.plain:
            for number, line in enumerate(event.text.split("\n")):
                if number:
                    self.add(Kind.BREAK, event.start, event.end, "\n")
                if line:
                    self.add(Kind.TEXT, event.start, event.end, line)
            return
        text = _SPACES.sub(" ", event.text)
        if self._spaced:
            text = text.removeprefix(" ")
        if text:
            self.add(Kind.TEXT, event.start, event.end, text)
            self._spaced = text.endswith(" ")

    def open(self, event: Start, look: object) -> None:
        """Begin a span; one that goes on where one of the same look has ended is the same. None: nobody sees it."""
        atoms = len(self.paragraph.atoms)
        key = None
        if look is not None:
            goes_on = self._last is not None and self._last[0] == look and self._last[1::2] == (self._keys, atoms)
            key = self._last[2] if self._last is not None and goes_on else next(self._numbers)
            self._keys = (*self._keys, key)
        self._open.append(_Open(event, look, key, atoms))

    def close(self, event: End) -> None:
        """End the innermost span. One that has nothing in it is a point."""
        one = self._open.pop()
        if one.key is None:
            return
        self._keys = self._keys[:-1]
        atoms = len(self.paragraph.atoms)
        if atoms == one.atoms and one.key not in self.paragraph.keys:
            self.add(Kind.POINT, one.event.start, event.end)
            self._last = None
            return
        opening = one.event.start, one.event.end
        self.paragraph.keys.setdefault(one.key, Key(opening, (event.start, event.end)))
        self._last = one.look, self._keys, one.key, atoms

    def name(self, taken: Capture) -> None:
        """Add a field."""
        self.add(Kind.NAME, taken.event.start, taken.end).shown = taken.shown
        self._spaced = False

    def space(self, taken: Capture) -> None:
        """Add spaces."""
        said = taken.event.attributes.get("text:c", "1")
        number = min(_GAP, int(said)) if said.isascii() and said.isdigit() and len(said) < _LONG else 1
        self.add(Kind.SPACE, taken.event.start, taken.end, " " * number)
        self._spaced = False

    def line(self, taken: Capture) -> None:
        """Add a line break or a tab."""
        self.add(Kind.BREAK, taken.event.start, taken.end, "\n")
        self._spaced = False

    def point(self, taken: Capture) -> None:
        """Add what nobody reads."""
        self.thing(taken.event, taken.end)

    def thing(self, event: Start, end: int) -> None:
        """Add what stands in the paragraph and is no part of its sentences."""
        atom = self.add(Kind.POINT, event.start, end)
        about = event.attributes
        name = about.get("text:name") or about.get("text:id") or about.get("text:change-id") or about.get("office:name")
        if name:
            element = event.name.removesuffix("-start").removesuffix("-end")
            atom.pair, atom.opens = (element, name), not event.name.endswith("-end")

    def reference(self, taken: Capture) -> None:
        """Add what says again what stands elsewhere: a number as a name, words as words."""
        if taken.simple and any(character.isalpha() for character in taken.shown):
            self._words(taken, self.add(Kind.TEXT, *taken.inner, taken.shown))
        else:
            self.name(taken)

    def ruby(self, taken: Capture) -> None:
        """Add characters with their reading."""
        self.name(taken)
        if taken.simple:
            self._rubies.append((self.paragraph.atoms[-1], taken))

    def finish(self, end: int) -> Paragraph:
        """Return the paragraph, which ends there.

        Characters with readings are words where they are of the writing that the text is in, or of none that needs readings;
        a name in another writing is kept.
        """
        self.paragraph.end = end
        text = "".join(atom.text for atom in self.paragraph.atoms if atom.kind is Kind.TEXT) if self._rubies else ""
        for atom, taken in self._rubies:
            if taken.shown and (_IDEOGRAPH.search(text) or not _IDEOGRAPH.search(taken.shown)):
                atom.kind, atom.text = Kind.TEXT, taken.shown
                self._words(taken, atom)
        return self.paragraph

    def _words(self, taken: Capture, atom: Atom) -> None:
        """Make the text of an atom that of the element that was taken."""
        key = next(self._numbers)
        self.paragraph.keys[key] = Key((taken.event.start, taken.inner[0]), (taken.inner[1], taken.end))
        atom.keys = (*atom.keys, key)
        self._spaced = False
