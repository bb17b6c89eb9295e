"""A part of a document: its texts, and what their translations change in it."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Sequence

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
    """What has been read as entries of contents: headings that say the same are not read again."""

    def __init__(self) -> None:
        self._known: dict[str, Translated | None] = {}

    def texts(self, unit: Unit) -> Iterator[str]:
        """Yield the texts of a unit that are to be translated."""
        for text in unit.texts:
            if not self._knows(unit, text):
                yield text
                if unit.contents:
                    self._known[text] = None

    def translated(self, unit: Unit, translated: Iterator[Translated]) -> Iterator[Translated]:
        """Yield the translations of all texts of a unit, where `translated` goes on with those of `texts`."""
        for text in unit.texts:
            known = self._known.get(text) if self._knows(unit, text) else None
            if known is None:
                known = next(translated)
                if unit.contents:
                    self._known[text] = known
            yield known

    def _knows(self, unit: Unit, text: str) -> bool:
        return (unit.contents or unit.heading) and text in self._known


def texts_of(part: Part, styles: Styles, notes: Notes, contents: Contents) -> Iterator[str]:
    """Yield the texts of a part."""
    for group in Scanner(part.data, styles, notes).groups(part.events(PREFIXES)):
        for unit in group:
            yield from contents.texts(unit)


class Changes:
    """What translations change in a part."""

    def __init__(
        self, part: Part, styles: Styles, translated: Callable[[Unit], Sequence[Translated]], options: Options
    ) -> None:
        """Take them in.

        `translated` gives the translations of the texts of a unit; it is asked in the order of `texts_of`.
        """
        self._edits: list[_Edit] = []
        scanner = Scanner(part.data, styles, Notes())
        for group in scanner.groups(part.events(PREFIXES)):
            self._edits += _group_edits(group, [translated(unit) for unit in group], part.data)
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
