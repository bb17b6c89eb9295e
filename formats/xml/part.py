"""XML as it stands in a file: what is where, to the byte, and text as it has to be written.

Nothing outside of the part is ever opened, and nothing in it grows: see `events`.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.parsers import expat

from formats.errors import DocumentError

DEPTH = 256
"""Elements within elements that a part may have."""

_CHUNK = 1 << 16
_TAG = re.compile(rb"<[^\"'>]*+(?:\"[^\"]*+\"[^\"'>]*+|'[^']*+'[^\"'>]*+)*+>")
_ATTRIBUTE = re.compile(rb"\s([^\s=/>\"']++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')")
_DECLARED = re.compile(rb"<\?xml\s[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9._-]{1,40})[\"']")
_BOMS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# No character of XML 1.0: control characters, halves of pairs, and what never becomes a character.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Start(NamedTuple):
    """A start tag, or the start of an empty one."""

    name: str
    attributes: Mapping[str, str]
    start: int
    end: int
    empty: bool
    """Whether the tag is its own end, `<a/>`; an `End` of the same place follows."""


class End(NamedTuple):
    """An end tag."""

    name: str
    start: int
    end: int


class Text(NamedTuple):
    """Characters between two tags, comments or instructions, as a reader reads them."""

    text: str
    start: int
    end: int


Event = Start | End | Text


class Part:
    """The bytes of a part in UTF-8, in which all offsets count, whatever encoding it is in."""

    def __init__(self, raw: bytes, name: str) -> None:
        """`name` tells people which part it is. Raises `DocumentError` if the bytes are not in the encoding they state."""
        self.name = name
        self._encoding, self._bom = _encoding(raw)
        if not self._encoding:
            self.data = raw
            return
        try:
            self.data = raw[len(self._bom) :].decode(self._encoding).encode()
        except (LookupError, UnicodeError) as error:
            raise damaged(name, str(error)) from error

    def encoded(self, data: bytes) -> bytes:
        """Return UTF-8 in the part's own encoding; characters that it does not have become references."""
        if not self._encoding:
            return data
        return self._bom + data.decode().encode(self._encoding, "xmlcharrefreplace")

    def events(self, prefixes: Mapping[str, str], entities: Mapping[str, str] | None = None) -> Iterator[Event]:
        """Yield what stands in it; see `events`."""
        return events(self.data, self.name, prefixes, entities)


def _encoding(raw: bytes) -> tuple[str, bytes]:
    """Return which encoding a part has to be read with, and its byte order mark; empty: it is UTF-8."""
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return encoding, bom
    if raw.startswith((b"<\0", b"\0<")):
        return ("utf-16-le" if raw.startswith(b"<\0") else "utf-16-be"), b""
    found = _DECLARED.match(raw[:512])
    name = found[1].decode().lower() if found else "utf-8"
    return ("", b"") if name in ("utf-8", "utf8", "us-ascii", "ascii") else (name, b"")


def events(
    data: bytes, name: str, prefixes: Mapping[str, str], entities: Mapping[str, str] | None = None
) -> Iterator[Event]:
    """Yield tags and text of a part in UTF-8, in order, with their places.

    `prefixes`: by namespace, the prefix that names are given with here, whatever prefix the part uses; empty: none. Names of
    other namespaces are given as `{namespace}name`. Attributes without a namespace have none.
    `entities`: what names stand for where the kind of file allows a DOCTYPE (XHTML, NCX); it is not opened, and declares
    nothing. None: no DOCTYPE is allowed.
    Raises `DocumentError` for what is not well-formed, deeper than `DEPTH`, or has a DOCTYPE or entities that it may not.
    """
    reading = _Reading(data, name, prefixes, entities)
    for start in range(0, len(data), _CHUNK):
        yield from reading.feed(data[start : start + _CHUNK], last=False)
    yield from reading.feed(b"", last=True)


class _Reading:
    def __init__(self, data: bytes, name: str, prefixes: Mapping[str, str], entities: Mapping[str, str] | None) -> None:
        self._data, self._name, self._prefixes, self._entities = data, name, prefixes, entities
        self._parser = parser = expat.ParserCreate("utf-8", namespace_separator="\n")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.CommentHandler = self._other
        parser.ProcessingInstructionHandler = self._other
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._declaration
        if entities is not None:
            # As if it had a DTD: then entities that it does not declare are not an error, but asked for.
            parser.UseForeignDTD(True)
            parser.ExternalEntityRefHandler = self._external
            parser.SkippedEntityHandler = self._entity
        self._events: list[Event] = []
        self._names: dict[str, str] = {}
        self._text: list[str] = []
        self._depth = 0
        self._empty = False
        self._position = 0

    def feed(self, chunk: bytes, *, last: bool) -> list[Event]:
        self._events = []
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            raise damaged(self._name, str(error)) from error
        except UnicodeError as error:
            raise damaged(self._name, str(error)) from error
        return self._events

    def _short(self, name: str) -> str:
        known = self._names.get(name)
        if known is None:
            space, parted, local = name.rpartition("\n")
            if not parted:
                known = local
            elif space in self._prefixes:
                prefix = self._prefixes[space]
                known = f"{prefix}:{local}" if prefix else local
            else:
                known = f"{{{space}}}{local}"
            self._names[name] = known
        return known

    def _flush(self, place: int) -> None:
        if self._text:
            self._events.append(Text("".join(self._text), self._position, place))
            self._text = []

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        place = self._parser.CurrentByteIndex
        self._flush(place)
        self._depth += 1
        if self._depth > DEPTH:
            raise DocumentError(
                f"{self._name} has more than {DEPTH} elements within each other, which no program writes for people to "
                "read; save the document anew with the program that it was made with"
            )
        found = _TAG.match(self._data, place)
        assert found is not None, "expat calls it a tag"
        self._position = found.end()
        if attributes:
            attributes = {self._short(one): value for one, value in attributes.items()}
        self._empty = self._data[self._position - 2 : self._position] == b"/>"
        self._events.append(Start(self._short(name), attributes, place, self._position, self._empty))

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._empty:
            # The end of an empty tag, which comes at once and has no bytes of its own.
            place, self._empty = self._position, False
        else:
            place = self._parser.CurrentByteIndex
            self._flush(place)
            self._position = self._data.index(b">", place) + 1
        self._events.append(End(self._short(name), place, self._position))

    def _characters(self, text: str) -> None:
        self._text.append(text)

    def _other(self, *_: str) -> None:
        """Part the texts before and behind a comment or an instruction."""
        place = self._parser.CurrentByteIndex
        self._flush(place)
        mark = b"-->" if self._data[place : place + 4] == b"<!--" else b"?>"
        self._position = self._data.index(mark, place) + len(mark)

    def _doctype(self, *_: object) -> None:
        if self._entities is None:
            raise DocumentError(
                f"{self._name} has a document type declaration, which files of this kind never have and which can be used "
                "to read other files; save the document anew with the program that it was made with"
            )

    def _declaration(self, *_: object) -> None:
        raise DocumentError(
            f"{self._name} declares entities of its own, which can grow without bound or read other files; save the "
            "document anew with the program that it was made with"
        )

    def _external(self, *_: object) -> int:
        return 1

    def _entity(self, name: str, is_parameter: bool) -> None:
        if is_parameter:
            return
        if self._entities is None or name not in self._entities:
            raise damaged(self._name, f"&{name}; is no entity that it may use")
        self._text.append(self._entities[name])


def damaged(name: str, reason: str) -> DocumentError:
    """Return the error of a part that is no XML."""
    return DocumentError(
        f"{name} is damaged and cannot be read ({reason}); open the file with the program that it was made with, "
        "save it anew, and send that"
    )


class Attribute(NamedTuple):
    """An attribute as it is written: its name with the prefix that the part uses, and where its value is, without quotes."""

    name: str
    start: int
    end: int
    quote: str


def attributes(data: bytes, start: int, end: int) -> Iterator[Attribute]:
    """Yield the attributes of the tag from `start` to `end`, in order."""
    for found in _ATTRIBUTE.finditer(data, start, end):
        group = 2 if found[2] is not None else 3
        yield Attribute(found[1].decode(), *found.span(group), '"' if group == 2 else "'")


def written(text: str) -> bytes:
    """Return text as it stands between tags, in UTF-8; characters that XML cannot hold are left out."""
    text = _IMPOSSIBLE.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;").encode()


def written_value(text: str) -> bytes:
    """Return text as the value of an attribute, in UTF-8, for either kind of quotes."""
    value = written(text).replace(b'"', b"&quot;").replace(b"'", b"&#39;")
    return value.replace(b"\n", b"&#10;").replace(b"\t", b"&#9;")
