"""Codes within the sources of XLIFF: what each is to a reader, and the texts within them."""

import re
from collections.abc import Iterator
from itertools import count

from formats.strings.codes import Code
from formats.strings.prose import broken
from formats.xml.elements import Element, parts, raw
from formats.xml.part import Text

# What a code stands for, as far as its file says it.
_BREAK = re.compile(r"<br\b|^\\n$|^(?:x-)?(?:xlf:)?(?:lb|br)$|LINE_BREAK", re.IGNORECASE)
_VALUE = re.compile(r"\{[^{}]{1,100}\}|%[\d$.@a-zA-Z(#-]|\$\w|^(?:INTERPOLATION|PH|ICU)|^xlf:var$")
_ABOUT = ("id", "ctype", "equiv-text", "equiv", "disp", "subType", "dataRef")
_START, _CLOSE = re.compile(r"START_(\w{1,80})"), re.compile(r"CLOSE_(\w{1,80})")
_OPENING, _CLOSING = frozenset(("bx", "bpt", "sc", "sm")), frozenset(("ex", "ept", "ec", "em"))
_AROUND = frozenset(("g", "pc", "mrk"))
_NATIVE = frozenset(("ph", "it", "bpt", "ept"))
"""What holds codes of the program that the text is of."""


class Codes:
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
