"""Elements of XML with what is in them, one at a time, however long the file is."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from formats.strings.codes import Code
from formats.xml.part import End, Event, Start, Text, attributes, written_value
from formats.xml.splicing import Edits

XML = {"http://www.w3.org/XML/1998/namespace": "xml"}
_NAME = re.compile(rb"<(?:([^\s:/>]{1,100}):)?")


@dataclass
class Element:
    """An element: its start tag, what is between its tags, and where these end."""

    tag: Start
    children: list["Element | Text"] = field(default_factory=list)
    close: int = 0
    """Where its end tag begins; for an empty tag, where that ends."""
    end: int = 0
    """Where it ends as a whole."""

    @property
    def name(self) -> str:
        """Its name, with the prefix that its namespace is read with."""
        return self.tag.name

    def all(self, name: str) -> Iterator["Element"]:
        """Yield its children of a name."""
        return (one for one in self.children if isinstance(one, Element) and one.name == name)

    def first(self, name: str) -> "Element | None":
        """Return its first child of a name."""
        return next(self.all(name), None)

    @property
    def text(self) -> str:
        """All characters in it."""
        return "".join(one.text for one in self.children)


def elements(events: Iterator[Event], names: Sequence[str]) -> Iterator[tuple[tuple[Start, ...], Element]]:
    """Yield the outermost elements of some names, each with the start tags around it."""
    around: list[Start] = []
    inside: list[Element] = []
    for event in events:
        if isinstance(event, Start):
            if inside or event.name in names:
                element = Element(event)
                if inside:
                    inside[-1].children.append(element)
                inside.append(element)
            else:
                around.append(event)
        elif isinstance(event, End):
            if not inside:
                around.pop()
                continue
            element = inside.pop()
            element.close, element.end = event.start, event.end
            if not inside:
                yield tuple(around), element
        elif inside:
            inside[-1].children.append(event)


def parts(
    data: bytes,
    element: Element,
    code: Callable[[Element], Code | None],
    text: Callable[[str], Iterator[str | Code]],
    paired: Callable[[Element], tuple[Code, Code]],
) -> Iterator[str | Code]:
    """Yield what is in an element: its text as `text` reads it, and the elements in it as codes.

    `code` says what an element is as a whole; for None it is around words, between the codes of `paired`.
    """
    position = element.tag.end
    for child in element.children:
        start = child.start if isinstance(child, Text) else child.tag.start
        if position < start:
            yield Code("mark", data[position:start].decode())
        position = child.end
        if isinstance(child, Text):
            yield from text(child.text)
        elif whole := code(child):
            yield whole
        else:
            opening, closing = paired(child)
            yield opening
            yield from parts(data, child, code, text, paired)
            yield closing
    if position < element.close and not element.tag.empty:
        yield Code("mark", data[position : element.close].decode())


def raw(data: bytes, element: Element) -> str:
    """Return an element as it stands in the file."""
    return data[element.tag.start : element.end].decode()


def prefix(data: bytes, tag: Start) -> str:
    """Return the prefix that a tag is written with, with its colon; empty if it has none."""
    found = _NAME.match(data, tag.start)
    return f"{found[1].decode()}:" if found and found[1] else ""


def set_attribute(data: bytes, tag: Start, name: str, value: str, edits: Edits) -> None:
    """Give a start tag an attribute, in the place of the one that it has or behind the others."""
    for one in attributes(data, tag.start, tag.end):
        if one.name == name:
            edits.replace(one.start, one.end, written_value(value))
            return
    place = tag.end - (2 if tag.empty else 1)
    while data[place - 1 : place].isspace():
        place -= 1
    edits.insert(place, f' {name}="'.encode() + written_value(value) + b'"')
