"""What the styles of a document say of text: that it is hidden, code, or a heading."""

import re
from dataclasses import dataclass, field

from formats.word.nodes import PREFIXES, Node, grow
from formats.xml import Part, Start

_CODE = re.compile(
    r"code|quelltext|source text|listing|verbatim|preformatted|vorformatiert|macro text|programm", re.IGNORECASE
)
_MONOSPACED = re.compile(r"courier|mono\b|consolas|menlo|monaco|lucida console|source code|fixed", re.IGNORECASE)
_HEADING = re.compile(r"(?:heading|title|subtitle|caption|überschrift|titel|beschriftung)\b", re.IGNORECASE)


@dataclass
class Styles:
    """Ids of styles with a meaning."""

    hidden: set[str] = field(default_factory=set)
    code: set[str] = field(default_factory=set)
    headings: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, part: Part) -> "Styles":
        """Read the part with the styles."""
        styles = cls()
        events = part.events(PREFIXES)
        for event in events:
            if isinstance(event, Start) and event.name == "w:style":
                styles._add(grow(event, events))
        return styles

    def _add(self, style: Node) -> None:
        key, name = style.attributes.get("w:styleId", ""), style.value("w:name") or ""
        look = style.child("w:rPr")
        if look is not None:
            if look.is_on("w:vanish") and not look.is_on("w:specVanish"):
                self.hidden.add(key)
            fonts = look.child("w:rFonts")
            font = fonts.attributes.get("w:ascii", "") if fonts is not None else ""
            if look.is_on("w:noProof") and _MONOSPACED.search(font):
                self.code.add(key)
        if _CODE.search(name):
            self.code.add(key)
        about = style.child("w:pPr")
        if _HEADING.match(name) or (about is not None and about.child("w:outlineLvl") is not None):
            self.headings.add(key)
