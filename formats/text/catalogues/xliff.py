"""Files for translators: XLIFF 1.0 to 1.2, and 2.x.

What has no translation yet gets one, in the state `translated`; what is done, or not to be translated, stays.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from formats.document import Notes, Options, Translated
from formats.errors import DocumentError
from formats.markup.attributes import is_language
from formats.strings.coded import Coded
from formats.strings.codes import Code
from formats.strings.icu import branched
from formats.text.catalogues.units import filled
from formats.text.catalogues.xliff_codes import Codes
from formats.xml.elements import XML, Element, elements, prefix, set_attribute
from formats.xml.part import Part, Start, written
from formats.xml.splicing import Edits

_NAMESPACES = {
    **XML,
    **{f"urn:oasis:names:tc:xliff:document:{version}": "" for version in ("1.1", "1.2", "2.0", "2.1", "2.2")},
}
_UNTRANSLATED = frozenset(("", "new", "initial", "needs-translation"))


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
    """Yield the sources that have no translation yet."""
    for place in _places(_part(file, notes), notes):
        stated = place.root.attributes.get("target-language") or place.root.attributes.get("trgLang")
        if stated and options.target and not is_language(stated, options.target):
            notes.warn(
                f"The file says that its translations are in {stated!r}; what is added is in {options.target!r}."
            )
        yield from place.texts


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the file with targets; characters that its encoding does not have are written as references."""
    part = _part(file, Notes())
    edits = Edits()
    roots: dict[int, Start] = {}
    for place, mine in filled(_places(part, Notes()), translated):
        place.write(mine, edits)
        roots[place.root.start] = place.root
    if not edits:
        file.seek(0)
        yield file.read()
        return
    for root in roots.values():
        name = "target-language" if root.name == "file" else "trgLang"
        if options.target and not root.attributes.get(name):
            set_attribute(part.data, root, name, options.target, edits)
    yield part.encoded(edits.spliced(part.data))


def _part(file: BinaryIO, notes: Notes) -> Part:
    file.seek(0)
    part = Part(file.read(), "the file")
    notes.encoding = notes.encoding or "utf-8"
    return part


class _Place:
    """A source that gets a target."""

    def __init__(self, data: bytes, root: Start, unit: Element, segment: Element, codes: Codes) -> None:
        self.root = root
        self._data, self._segment = data, segment
        self._source = segment.first("seg-source") or segment.first("source")
        assert self._source is not None, "what has no source is no place"
        self._target = segment.first("target")
        preserved = unit.tag.attributes.get("xml:space") == "preserve" or (
            self._source.tag.attributes.get("xml:space") == "preserve"
        )
        found = list(codes.parts(self._source, preserved=preserved))
        self._coded = Coded(list(branched(found, lambda text: written(text).decode())))
        self.texts: Sequence[str] = self._coded.texts

    def write(self, translated: Sequence[Translated], edits: Edits) -> None:
        """Write the target, in the place of one that says nothing or behind the source."""
        assert self._source is not None
        made = "".join(
            one.raw if isinstance(one, Code) else written(one).decode() for one in self._coded.restored(translated)
        )
        prefixed = prefix(self._data, self._source.tag)
        is_segment = self._segment.name == "segment"
        if is_segment:
            set_attribute(self._data, self._segment.tag, "state", "translated", edits)
        if self._target is None:
            state = "" if is_segment else ' state="translated"'
            target = f"<{prefixed}target{state}>{made}</{prefixed}target>"
            edits.insert(self._source.end, (self._indent() + target).encode())
            return
        tag = self._target.tag
        if not is_segment:
            set_attribute(self._data, tag, "state", "translated", edits)
        if tag.empty:
            edits.replace(tag.end - 2, tag.end, f">{made}</{prefixed}target>".encode())
        else:
            edits.replace(tag.end, self._target.close, made.encode())

    def _indent(self) -> str:
        """Return the white space before the source, if it begins a line."""
        assert self._source is not None
        start = self._source.tag.start
        before = start
        while before > 0 and self._data[before - 1 : before].isspace():
            before -= 1
        space = self._data[before:start].decode()
        return space if "\n" in space else ""


def _places(part: Part, notes: Notes) -> Iterator[_Place]:
    found_any = False
    for around, unit in elements(part.events(_NAMESPACES, {}), ("trans-unit", "unit", "bin-unit")):
        found_any = True
        root = next((one for one in around if one.name == "file" and unit.name != "unit"), around[0])
        codes = Codes(part.data, unit)
        for segment in (unit,) if unit.name != "unit" else list(unit.all("segment")):
            if segment.first("source") is None:
                continue
            if any(one.attributes.get("translate") == "no" for one in (*around, unit.tag)):
                notes.left["not to be translated"] += 1
            elif _is_done(part.data, unit, segment):
                notes.left["translated already"] += 1
            else:
                yield _Place(part.data, root, unit, segment, codes)
    if not found_any and not any(
        isinstance(one, Start) and one.name == "xliff" for one in part.events(_NAMESPACES, {})
    ):
        raise DocumentError("this is XML, but no XLIFF: it has no element xliff; send what it was made of")


def _is_done(data: bytes, unit: Element, segment: Element) -> bool:
    if unit.tag.attributes.get("approved") == "yes":
        return True
    source, target = segment.first("source"), segment.first("target")
    state = segment.tag.attributes.get("state", "") if segment.name == "segment" else ""
    if target is not None and segment.name != "segment":
        state = target.tag.attributes.get("state", "")
    if state not in _UNTRANSLATED:
        return not (target is None or not target.children) or state == "final"
    if target is None or source is None or not _inside(data, target).strip():
        return False
    # Some programs begin with the source in the target's place.
    return _inside(data, target) != _inside(data, source)


def _inside(data: bytes, element: Element) -> bytes:
    return b"" if element.tag.empty else data[element.tag.end : element.close]
