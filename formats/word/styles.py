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
    """Styles of runs or of paragraphs."""
    code: set[str] = field(default_factory=set)
    headings: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, part: Part) -> "Styles":
        """Read the part with the styles."""
        styles = cls()
        hides: dict[str, bool] = {}
        based: dict[str, str] = {}
        events = part.events(PREFIXES)
        for event in events:
            if isinstance(event, Start) and event.name == "w:style":
                style = grow(event, events)
                key = style.attributes.get("w:styleId", "")
                styles._add(key, style)
                based[key] = style.value("w:basedOn") or ""
                look = style.child("w:rPr")
                if look is not None and look.child("w:vanish") is not None:
                    # With the other one, the mark of the paragraph is hidden, and not its text.
                    hides[key] = look.is_on("w:vanish") and not look.is_on("w:specVanish")
        for key in based:
            _inherit(key, based, hides)
        styles.hidden = {key for key, hidden in hides.items() if hidden}
        return styles

    def _add(self, key: str, style: Node) -> None:
        name = style.value("w:name") or ""
        look = style.child("w:rPr")
        if look is not None:
            fonts = look.child("w:rFonts")
            font = fonts.attributes.get("w:ascii", "") if fonts is not None else ""
            if look.is_on("w:noProof") and _MONOSPACED.search(font):
                self.code.add(key)
        if _CODE.search(name):
            self.code.add(key)
        about = style.child("w:pPr")
        if _HEADING.match(name) or (about is not None and about.child("w:outlineLvl") is not None):
            self.headings.add(key)


def _inherit(key: str, based: dict[str, str], hides: dict[str, bool]) -> None:
    """Note of a style whether it hides text, as the nearest style says that it is based on; none says: it does not."""
    line: dict[str, None] = {}
    while key in based and key not in hides and key not in line:
        line[key] = None
        key = based[key]
    hides.update(dict.fromkeys(line, hides.get(key, False)))
