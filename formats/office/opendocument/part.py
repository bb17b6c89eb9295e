"""A part of a document: its texts, and what their translations change in it."""

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence

from formats.document import Notes, Options, Translated
from formats.markup.attributes import is_language
from formats.office.opendocument.names import PREFIXES
from formats.office.opendocument.scanning import Scanner
from formats.office.opendocument.styles import Styles, language_edits
from formats.office.opendocument.units import Unit
from formats.xml.part import Part
from formats.xml.splicing import Edits

_Edit = tuple[int, int, bytes]


class Contents:
    """Entries of contents, which say what headings say: each is read once, and written in the words of its heading."""

    def __init__(self) -> None:
        self._entries: dict[str, Translated | None] = {}
        self._headings: dict[str, Translated] = {}

    def texts(self, unit: Unit) -> Iterator[str]:
        """Yield the texts of a unit that are to be translated."""
        for text in unit.texts:
            if not (unit.contents and text in self._entries):
                yield text
                if unit.contents:
                    self._entries[text] = None

    def translated(self, unit: Unit, translated: Iterator[Translated]) -> Iterator[Translated]:
        """Yield the translations of all texts of a unit, where `translated` goes on with those of `texts`."""
        for text in unit.texts:
            known = self._entries.get(text) if unit.contents else None
            if known is None:
                known = next(translated)
                if unit.contents:
                    self._entries[text] = known
            if unit.heading and not unit.contents:
                self._headings.setdefault(text, known)
            yield known

    def as_headings(self, translated: Sequence[Translated]) -> list[Translated]:
        """Return the translations of an entry as those of the headings that say the same, once these are known."""
        return [self._headings.get(one.source, one) for one in translated]


def texts_of(part: Part, styles: Styles, notes: Notes, contents: Contents) -> Iterator[str]:
    """Yield the texts of a part."""
    for group in Scanner(part.data, styles, notes).groups(part.events(PREFIXES)):
        for unit in group:
            yield from contents.texts(unit)


class Changes:
    """What translations change in a part."""

    def __init__(
        self, part: Part, styles: Styles, contents: Contents, translated: Iterator[Translated], options: Options
    ) -> None:
        """Take them in; `translated` goes on with the translations of what `texts_of` gives of the part."""
        self._edits: list[_Edit] = []
        scanner = Scanner(part.data, styles, Notes())
        waiting: list[tuple[list[Unit], list[list[Translated]]]] = []
        for group in scanner.groups(part.events(PREFIXES)):
            became = [list(contents.translated(unit, translated)) for unit in group]
            if any(unit.contents for unit in group):
                # Its headings come later.
                waiting.append((group, became))
            else:
                self._edits += _group_edits(group, became, part.data)
        for group, became in waiting:
            pairs = zip(group, became, strict=True)
            words = [contents.as_headings(mine) if unit.contents else mine for unit, mine in pairs]
            self._edits += _group_edits(group, words, part.data)
        self._languages: list[_Edit] = []
        if options.source and options.target:
            for properties in scanner.properties:
                self._languages += language_edits(properties, part.data, options.source, options.target)
            said = scanner.language
            if said is not None and is_language(said.text.strip(), options.source):
                self._languages.append((said.start, said.end, options.target.encode()))

    def __bool__(self) -> bool:
        return bool(self._edits)

    def edits(self) -> Edits:
        """Return all edits, those of what says the language, too."""
        edits = Edits()
        for one in (*self._edits, *self._languages):
            edits.replace(*one)
        return edits


def _group_edits(group: Sequence[Unit], translated: Sequence[Sequence[Translated]], data: bytes) -> list[_Edit]:
    """Return the edits of units, of which later ones may be within earlier ones."""
    made: list[_Edit] = []

    def raw(start: int, end: int) -> bytes:
        edits = Edits()
        for one in made[bisect_left(made, (start,)) : bisect_left(made, (end,))]:
            edits.replace(one[0] - start, one[1] - start, one[2])
        return edits.spliced(data[start:end])

    for unit, texts in zip(reversed(group), reversed(translated), strict=True):
        new = unit.rewritten(texts, raw)
        if new is not None:
            # What is within is in the new bytes already.
            del made[bisect_left(made, (unit.start,)) : bisect_left(made, (unit.end,))]
            insort(made, (unit.start, unit.end, new))
    return made
