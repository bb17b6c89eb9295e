"""Texts of Android programs (strings.xml): strings, lists and plurals; what says that it is not to be translated stays."""

import re
from collections.abc import Iterator, Sequence
from itertools import count

from formats.document import Notes, Options, Translated
from formats.markup.attributes import is_language
from formats.markup.tokens import tokens
from formats.strings.coded import Coded
from formats.strings.codes import Code
from formats.strings.icu import branched
from formats.strings.prose import broken
from formats.text.values.value import paired
from formats.xml.elements import Element, elements, parts, raw, set_attribute
from formats.xml.part import Part, Start, written
from formats.xml.splicing import Edits

_NAMESPACES = {
    "urn:oasis:names:tc:xliff:document:1.2": "xliff",
    "http://schemas.android.com/tools": "tools",
}
_VALUES = ("string", "string-array", "plurals", "item")
_CDATA = re.compile(rb"\s*+<!\[CDATA\[([\s\S]*)\]\]>\s*+\Z")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([\s\S]))")
_MEANT = {"n": "\n", "t": "\t"}
_WRITTEN = str.maketrans({"\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\t": "\\t"})
_WITHIN_QUOTES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})
_QUOTE = re.compile(r'(\\[\s\S])|"')
_SPACE = re.compile(r"[ \t\r\n]++")
_WHOLE_QUOTED = re.compile(r'\s*+"((?:[^"\\]++|\\[\s\S])*+)"\s*+')
_REFERENCE = re.compile(r"\s*+[@?][\w:./+-]+\s*+")


def texts(part: Part, notes: Notes) -> Iterator[str]:
    """Yield the strings that people read."""
    for value in _values(part, notes):
        yield from value.texts


def edits(part: Part, translated: Iterator[Translated], options: Options) -> Edits:
    """Return what changes with the translations of `texts`."""
    found = Edits()
    for value in _values(part, Notes()):
        mine = [next(translated) for _ in value.texts]
        if any(one.changed for one in mine):
            value.write(mine, found)
    if found and options.source and options.target:
        root = next(event for event in part.events(_NAMESPACES, {}) if isinstance(event, Start))
        stated = root.attributes.get("tools:locale", "")
        if stated and is_language(stated, options.source):
            set_attribute(part.data, root, "tools:locale", options.target, found)
    return found


class _Value:
    """A string, or one of a list or of a plural."""

    def __init__(self, data: bytes, element: Element) -> None:
        self._data, self._element = data, element
        inner = data[element.tag.end : element.close]
        self._cdata = _CDATA.fullmatch(inner)
        if self._cdata and b"]]>" in self._cdata[1]:
            self._cdata = None
        plain = not any(isinstance(one, Element) for one in element.children)
        self._quoted = plain and _WHOLE_QUOTED.fullmatch(element.text) is not None
        self._names = count()
        if self._cdata:
            found = list(self._markup(self._cdata[1].decode()))
        else:
            found = list(parts(data, element, self._code, self._text, self._paired))
        self._coded = Coded(list(branched(found, lambda text: self._written(text, first=False))))
        self.texts: Sequence[str] = self._coded.texts

    def write(self, translated: Sequence[Translated], found: Edits) -> None:
        """Write it anew."""
        made = "".join(
            part.raw if isinstance(part, Code) else self._written(part, first=not place)
            for place, part in enumerate(self._coded.restored(translated))
        )
        if self._cdata:
            start = self._element.tag.end + self._cdata.start(1)
            found.replace(start, start + len(self._cdata[1]), made.encode())
        else:
            quote = '"' if self._quoted else ""
            found.replace(self._element.tag.end, self._element.close, f"{quote}{made}{quote}".encode())

    def _written(self, text: str, *, first: bool) -> str:
        text = text.translate(_WITHIN_QUOTES if self._quoted else _WRITTEN)
        if first and text[:1] in ("@", "?"):
            text = "\\" + text
        return text.replace("]]>", "]] >") if self._cdata else written(text).decode()

    def _code(self, element: Element) -> Code | None:
        # A part of it that is put in at run time, or that is a name.
        if element.name == "xliff:g" or not element.children:
            return Code("word" if element.name == "xliff:g" else "mark", raw(self._data, element))
        return None

    def _paired(self, element: Element) -> tuple[Code, Code]:
        name = str(next(self._names))
        opening = self._data[element.tag.start : element.tag.end].decode()
        return Code("open", opening, name), Code("close", self._data[element.close : element.end].decode(), name)

    def _markup(self, text: str) -> Iterator[str | Code]:
        """Yield the text of a web page that stands in a string as it is."""
        for token in tokens(text, html=True):
            if token.kind == "text":
                yield from self._text(token.raw)
            elif token.kind == "empty":
                yield Code("line" if token.name == "br" else "mark", token.raw)
            elif token.name in ("p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"):
                yield Code("part", token.raw)
            else:
                yield Code("open" if token.kind == "open" else "close", token.raw, token.name)

    def _text(self, text: str) -> Iterator[str | Code]:
        """Yield text as a reader reads it: white space is one blank, unless quotes are around it all."""
        if self._quoted:
            whole = _WHOLE_QUOTED.fullmatch(text)
            text = whole[1] if whole else text
        else:
            # A quotation mark alone only says that white space counts.
            text = _SPACE.sub(" ", _QUOTE.sub(lambda found: found[1] or "", text))
        meant = paired(_ESCAPE.sub(_meaning, text))
        if meant is None:
            yield Code("mark", written(text).decode())
            return
        for part in broken(meant):
            yield part._replace(raw=self._written(part.raw, first=False)) if isinstance(part, Code) else part


def _meaning(found: re.Match[str]) -> str:
    code, letter = found.groups()
    return chr(int(code, 16)) if code else _MEANT.get(letter, letter)


def _values(part: Part, notes: Notes) -> Iterator[_Value]:
    for around, element in elements(part.events(_NAMESPACES, {}), _VALUES):
        if any(one.attributes.get("translatable") == "false" for one in (*around, element.tag)):
            notes.left["not to be translated"] += 1
            continue
        if element.name == "item" and element.tag.attributes.get("type") != "string":
            continue
        inside = element.all("item") if element.name in ("string-array", "plurals") else (element,)
        for one in inside:
            if not one.tag.empty and not _REFERENCE.fullmatch(one.text):
                yield _Value(part.data, one)
