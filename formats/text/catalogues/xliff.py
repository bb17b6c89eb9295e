"""Files for translators: XLIFF 1.0 to 1.2, and 2.x.

What has no translation yet gets one, in the state `translated`; what is done, or not to be translated, stays.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import BinaryIO

from formats.document import Notes, Options, Translated
from formats.errors import DocumentError
from formats.markup.attributes import is_language
from formats.strings.coded import Coded
from formats.strings.codes import Code
from formats.strings.icu import branched
from formats.strings.prose import broken
from formats.text.catalogues.units import filled
from formats.xml.elements import XML, Element, elements, parts, prefix, raw, set_attribute
from formats.xml.part import Part, Start, Text, written
from formats.xml.splicing import Edits

_NAMESPACES = {
    **XML,
    **{f"urn:oasis:names:tc:xliff:document:{version}": "" for version in ("1.1", "1.2", "2.0", "2.1", "2.2")},
}
_UNTRANSLATED = frozenset(("", "new", "initial", "needs-translation"))
_SAME = frozenset(("id", "rid", "startRef"))
# What a code stands for, as far as its file says it.
_BREAK = re.compile(r"<br\b|^\\n$|^(?:x-)?(?:xlf:)?(?:lb|br)$|LINE_BREAK", re.IGNORECASE)
_VALUE = re.compile(r"\{[^{}]{1,100}\}|%[\d$.@a-zA-Z(#-]|\$\w|^(?:INTERPOLATION|PH|ICU)|^xlf:var$")
_ABOUT = ("id", "ctype", "equiv-text", "equiv", "disp", "subType", "dataRef")
_START, _CLOSE = re.compile(r"START_(\w{1,80})"), re.compile(r"CLOSE_(\w{1,80})")
_OPENING, _CLOSING = frozenset(("bx", "bpt", "sc", "sm")), frozenset(("ex", "ept", "ec", "em"))
_AROUND = frozenset(("g", "pc", "mrk"))
_NATIVE = frozenset(("ph", "it", "bpt", "ept"))
"""What holds codes of the program that the text is of."""


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

    def __init__(self, data: bytes, root: Start, unit: Element, segment: Element, codes: "_Codes") -> None:
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
        codes = _Codes(part.data, unit)
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


class _Codes:
    """What the elements within the sources of a unit are."""

    def __init__(self, data: bytes, unit: Element) -> None:
        self._data = data
        self._names = count()
        original = unit.first("originalData")
        self._original = {
            one.tag.attributes.get("id", ""): one.text for one in (original.all("data") if original else ())
        }

    def parts(self, source: Element, *, preserved: bool) -> Iterator[str | Code]:
        """Yield the text of a source, and its codes."""
        return parts(self._data, source, self._code, lambda text: broken(text, joined=not preserved), self._paired)

    def _code(self, element: Element) -> Code | None:
        found = self._as_a_whole(element)
        return found._replace(inner=tuple(self._within(element))) if found and _subs(element) else found

    def _within(self, element: Element) -> Iterator[str | Code]:
        """Yield a code of which something is text again, such as the description of a picture in its tag."""
        position = element.tag.start
        for sub in _subs(element):
            yield Code("part", self._data[position : sub.tag.end].decode())
            yield from self.parts(sub, preserved=False)
            position = sub.close
        yield Code("part", self._data[position : element.end].decode())

    def _as_a_whole(self, element: Element) -> Code | None:
        name, attributes = element.name, element.tag.attributes
        whole = raw(self._data, element)
        if name == "mrk" and (attributes.get("mtype") == "protected" or attributes.get("translate") == "no"):
            return Code("word", whole)
        if name in _AROUND:
            return None if element.children else Code("mark", whole)
        if name in _OPENING or name in _CLOSING:
            key = attributes.get("startRef") or attributes.get("rid") or attributes.get("id", "")
            return Code("open" if name in _OPENING else "close", whole, f"{name[-1] in 'mM'}{key}")
        return self._single(element, whole)

    def _single(self, element: Element, whole: str) -> Code:
        """Return what stands at one place is: a break, a word to a reader, one end of something, or a mark."""
        attributes = element.tag.attributes
        about = [attributes[one] for one in _ABOUT if one in attributes]
        about += [self._original.get(attributes.get("dataRef", ""), ""), _text(element)]
        if any(_BREAK.search(one) for one in about):
            return Code("line", whole)
        identity = attributes.get("id", "")
        if found := _START.fullmatch(identity):
            return Code("open", whole, f"named {found[1]}")
        if found := _CLOSE.fullmatch(identity):
            return Code("close", whole, f"named {found[1]}")
        return Code("word" if any(_VALUE.search(one) for one in about) else "mark", whole)

    def _paired(self, element: Element) -> tuple[Code, Code]:
        opening = self._data[element.tag.start : element.tag.end].decode()
        closing = self._data[element.close : element.end].decode()
        if element.tag.attributes.get("mtype") == "seg":
            return Code("part", opening), Code("part", closing)
        name = f"element {next(self._names)}"
        return Code("open", opening, name), Code("close", closing, name)


def _subs(element: Element) -> list[Element]:
    return [one for one in element.all("sub") if not one.tag.empty] if element.name in _NATIVE else []


def _text(element: Element) -> str:
    return "".join(one.text for one in element.children if isinstance(one, Text))
