"""Styles: which hide text, which look alike, and which say in what language a text is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from formats.markup.attributes import is_language
from formats.office.opendocument.names import CODE, CONTENTS, COUNTRIES
from formats.xml.part import Attribute, Event, Start, Text, attributes

# Nothing of these can be seen.
_UNSEEN = frozenset(("officeooo:rsid", "officeooo:paragraph-rsid", "loext:opacity"))
_LANGUAGE = frozenset((
    "fo:language", "fo:country", "fo:script", "style:rfc-language-tag", "style:language-asian", "style:country-asian",
    "style:language-complex", "style:country-complex",
))  # fmt: skip
# Parents of a style that are looked at.
_PARENTS = 20


@dataclass
class _Style:
    parent: str
    automatic: bool
    own: bool = True
    """Whether it has nothing but properties of text."""
    properties: dict[str, str] = field(default_factory=dict)


class Styles:
    """The styles of a part, by family and name; those of `others` where it has none of that name."""

    def __init__(self, others: "Styles | None" = None) -> None:
        self._others = others
        self._styles: dict[tuple[str, str], _Style] = {}
        self._open: _Style | None = None

    def read(self, events: Iterable[Event]) -> None:
        """Take in all styles of a part."""
        automatic = False
        for event in events:
            if isinstance(event, Text):
                continue
            if event.name == "office:automatic-styles":
                automatic = isinstance(event, Start)
            elif isinstance(event, Start):
                self.start(event, automatic=automatic)
            elif event.name == "style:style":
                self.end()

    def start(self, event: Start, *, automatic: bool) -> None:
        """Take in the start of an element."""
        about = event.attributes
        if event.name == "style:style":
            self._open = _Style(about.get("style:parent-style-name", ""), automatic)
            self._styles[about.get("style:family", ""), about.get("style:name", "")] = self._open
        elif self._open is not None:
            if event.name == "style:text-properties":
                self._open.properties.update(about)
            else:
                self._open.own = False

    def end(self) -> None:
        """Take in the end of a style."""
        self._open = None

    def find(self, family: str, name: str) -> _Style | None:
        """Return a style; None if there is none of that name."""
        found = self._styles.get((family, name))
        return self._others.find(family, name) if found is None and self._others is not None else found

    def _line(self, family: str, name: str) -> Iterator[tuple[str, _Style | None]]:
        for _ in range(_PARENTS):
            style = self.find(family, name)
            yield name, style
            if style is None or not style.parent:
                return
            name = style.parent

    def hides(self, family: str, name: str) -> bool:
        """Whether text in a style is not shown."""
        for _, style in self._line(family, name):
            if style is not None and "text:display" in style.properties:
                return style.properties["text:display"] == "none"
        return False

    def is_code(self, name: str) -> bool:
        """Whether words in a style are code."""
        return any(one in CODE for one, _ in self._line("text", name))

    def is_contents(self, name: str) -> bool:
        """Whether paragraphs in a style are entries of contents."""
        return any(one.startswith(CONTENTS) for one, _ in self._line("paragraph", name))

    def is_title(self, name: str) -> bool:
        """Whether paragraphs in a style are the title of the text."""
        return any(one == "Title" for one, _ in self._line("paragraph", name))

    def look(self, name: str) -> object:
        """Return what spans of a style have in common with others that look the same; None: they look like no span."""
        style = self.find("text", name)
        if style is None or not style.automatic or not style.own:
            return name
        seen = frozenset(one for one in style.properties.items() if one[0] not in _UNSEEN | _LANGUAGE)
        return (style.parent, seen) if style.parent or seen else None


def language_edits(event: Start, data: bytes, source: str, target: str) -> Iterator[tuple[int, int, bytes]]:
    """Yield what makes properties of a text that are of the source's language those of the target's."""
    about = event.attributes
    language, _, region = target.partition("-")
    region = region.upper() if len(region) == len("GB") else COUNTRIES.get(language.lower(), "none")
    new: dict[str, str] = {}
    for prefix, suffix in (("fo:", ""), ("style:", "-asian"), ("style:", "-complex")):
        if is_language(about.get(f"{prefix}language{suffix}", ""), source):
            new |= {f"{prefix}language{suffix}": language.lower(), f"{prefix}country{suffix}": region}
    if is_language(about.get("style:rfc-language-tag", ""), source):
        new["style:rfc-language-tag"] = target
    for name, value in new.items():
        if name in about and (place := find(event, data, name)) is not None:
            yield place.start, place.end, value.encode()


def find(event: Start, data: bytes, name: str) -> Attribute | None:
    """Return where an attribute stands, which is known here by `name`."""
    local = name.rpartition(":")[2]
    alike = [one for one in attributes(data, event.start, event.end) if one.name.rpartition(":")[2] == local]
    if len(alike) > 1:
        # Several namespaces have an attribute of that name: their order is that of the names as they are known.
        known = [one for one in event.attributes if one.rpartition(":")[2] == local]
        return alike[known.index(name)] if len(known) == len(alike) else None
    return alike[0] if alike else None
