"""Paragraphs of a part as trees, one at a time."""

from collections.abc import Iterator, Mapping

from formats.xml.part import End, Event, Start, Text

PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": "wp",
    "http://schemas.openxmlformats.org/drawingml/2006/picture": "pic",
    "http://purl.oclc.org/ooxml/drawingml/picture": "pic",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "http://schemas.microsoft.com/office/word/2010/wordprocessingShape": "wps",
    "urn:schemas-microsoft-com:vml": "v",
}
"""Names as they are written here, whatever prefixes a part uses."""


class Node:
    """An element with what is in it, and where it stands."""

    __slots__ = ("attributes", "children", "end", "inner", "name", "outer", "start", "text")

    def __init__(self, tag: Start) -> None:
        self.name = tag.name
        self.attributes: Mapping[str, str] = tag.attributes
        self.start = tag.start
        self.inner = self.outer = self.end = tag.end
        """`inner` to `outer`: what is between its tags."""
        self.children: list[Node] = []
        self.text = ""
        """Text directly in it."""

    def child(self, name: str) -> "Node | None":
        """Return its first child of a name."""
        return next((child for child in self.children if child.name == name), None)

    def value(self, name: str) -> str | None:
        """Return the `w:val` of a child, `true` if that has none; None if there is no such child."""
        found = self.child(name)
        return None if found is None else found.attributes.get("w:val", "true")

    def is_on(self, name: str) -> bool:
        """Whether a child switches something on."""
        return self.value(name) not in (None, "0", "false", "off")

    def all(self) -> Iterator["Node"]:
        """Yield it and all in it, in order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)


def grow(tag: Start, events: Iterator[Event]) -> Node:
    """Return the element that begins with a tag, and take its events."""
    root = Node(tag)
    nodes = [root]
    for event in events:
        if isinstance(event, Text):
            nodes[-1].text += event.text
        elif isinstance(event, Start):
            node = Node(event)
            nodes[-1].children.append(node)
            nodes.append(node)
        elif isinstance(event, End):
            node = nodes.pop()
            node.outer, node.end = event.start, event.end
            if not nodes:
                break
    return root
