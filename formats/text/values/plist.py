"""Property lists of Apple with texts of programs: plurals (.stringsdict), and .strings written as one."""

import re
from collections.abc import Iterator, Sequence

from formats.document import Notes, Options, Translated
from formats.strings.coded import Coded
from formats.strings.codes import Code
from formats.strings.prose import broken
from formats.xml.elements import Element, elements
from formats.xml.part import Part, written
from formats.xml.splicing import Edits

_FORMAT_KEYS = frozenset(("NSStringFormatSpecTypeKey", "NSStringFormatValueTypeKey"))
_VARIABLE = re.compile(r"(%#@\w{1,60}@)")


def texts(part: Part, notes: Notes) -> Iterator[str]:
    """Yield the strings that people read."""
    for value in _values(part, notes):
        yield from value.texts


def edits(part: Part, translated: Iterator[Translated], options: Options) -> Edits:
    """Return what changes with the translations of `texts`."""
    found = Edits()
    del options
    for value in _values(part, Notes()):
        mine = [next(translated) for _ in value.texts]
        if any(one.changed for one in mine):
            value.write(mine, found)
    return found


class _Value:
    """A string."""

    def __init__(self, element: Element) -> None:
        self._element = element
        found: list[str | Code] = []
        for number, piece in enumerate(_VARIABLE.split(element.text)):
            found += [Code("word", piece)] if number % 2 else broken(piece)
        self._coded = Coded(found)
        self.texts: Sequence[str] = self._coded.texts

    def write(self, translated: Sequence[Translated], found: Edits) -> None:
        """Write it anew."""
        made = "".join(part.raw if isinstance(part, Code) else part for part in self._coded.restored(translated))
        found.replace(self._element.tag.end, self._element.close, written(made))


def _values(part: Part, notes: Notes) -> Iterator[_Value]:
    for _, root in elements(part.events({}, {}), ("plist",)):
        for key, element in _strings(root):
            if key in _FORMAT_KEYS:
                notes.left["types of numbers"] += 1
            else:
                yield _Value(element)


def _strings(element: Element) -> Iterator[tuple[str, Element]]:
    """Yield the strings that are values, each with its key."""
    key = ""
    for child in element.children:
        if not isinstance(child, Element):
            continue
        if child.name == "key":
            key = child.text
        elif child.name == "string" and not child.tag.empty:
            yield key, child
        else:
            yield from _strings(child)
