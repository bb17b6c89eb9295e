"""The tags of a sentence as a tree: which of them enclose which words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from formats.markup.tokens import Kind

# Tags deeper than this are kept in their order, and no more: each level looks at its words again.
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, and the position in the text before which it stands."""

    position: int
    raw: str
    kind: Kind
    name: str


@dataclass(slots=True)
class Element:
    """An element that begins and ends in the sentence; its places are positions in the source."""

    start: int
    end: int
    opening: str
    closing: str
    name: str
    children: "list[Item]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands at one place: a comment, a picture, an element without text. What is around it may change its order."""

    start: int
    raw: str


@dataclass(frozen=True, slots=True)
class Border:
    """A tag whose other half is in another sentence: what is before it in the source comes before it."""

    start: int
    raw: str
    opens: bool


Item = Element | Mark | Border


def tree(tags: Sequence[Tag]) -> list[Item]:
    """Return the tags as elements, marks and borders, in their order. Written out in that order they are the tags."""
    partners = _partners(tags)
    closing = {end: start for start, end in partners.items()}
    level: list[Item] = []
    above: list[list[Item]] = []
    open_elements: list[Element | None] = []
    for number, tag in enumerate(tags):
        if number in partners:
            end = tags[partners[number]]
            deep = len(above) >= _DEEPEST
            element = None if deep else Element(tag.position, end.position, tag.raw, end.raw, tag.name)
            open_elements.append(element)
            if element is None:
                level.append(Border(tag.position, tag.raw, opens=True))
            else:
                above.append(level)
                level = element.children
        elif number in closing:
            element = open_elements.pop()
            if element is None:
                level.append(Border(tag.position, tag.raw, opens=False))
            else:
                level = above.pop()
                level.append(_shortened(element))
        elif tag.kind == "empty":
            level.append(Mark(tag.position, tag.raw))
        else:
            level.append(Border(tag.position, tag.raw, opens=tag.kind == "open"))
    return level


def closed(tags: Sequence[Tag], first: int, last: int, place: int) -> int:
    """Return the end of a range of tags with those behind it that close, at a place, elements that began in it."""
    opened: list[str] = []
    for tag in tags[first:last]:
        if tag.kind == "open":
            opened.append(tag.name)
        elif tag.kind == "close" and opened and opened[-1] == tag.name:
            opened.pop()
    end = last
    for number in range(last, len(tags)):
        tag = tags[number]
        if not opened or tag.position != place or tag.kind == "open":
            break
        if tag.kind == "close":
            if opened[-1] != tag.name:
                break
            opened.pop()
            end = number + 1
    return end


def written(items: Sequence[Item]) -> Iterator[str]:
    """Yield tags in their order, without the text between them."""
    for item in items:
        if isinstance(item, Element):
            yield item.opening
            yield from written(item.children)
            yield item.closing
        else:
            yield item.raw


def _shortened(element: Element) -> Item:
    """Return an element without text as a mark."""
    if element.start < element.end or any(isinstance(child, Border) for child in element.children):
        return element
    return Mark(element.start, element.opening + "".join(written(element.children)) + element.closing)


def _partners(tags: Sequence[Tag]) -> dict[int, int]:
    """Return for each opening tag the number of the tag that closes it in the same sentence."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for number, tag in enumerate(tags):
        if tag.kind == "open":
            opened.append(number)
        elif tag.kind == "close" and opened and tags[opened[-1]].name == tag.name:
            found[opened.pop()] = number
    return found
