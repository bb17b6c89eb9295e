"""What the styles of a document say of text: that it is hidden, code, or a heading."""

import re
from dataclasses import dataclass, field
from typing import TypeVar

from formats.office.word.nodes import PREFIXES, Node, grow
from formats.xml.part import Part, Start

T = TypeVar("T")

_CODE = re.compile(
    r"code|quelltext|source text|listing|verbatim|preformatted|vorformatiert|macro text|programm", re.IGNORECASE
)
_MONOSPACED = re.compile(r"courier|mono\b|consolas|menlo|monaco|lucida console|source code|fixed", re.IGNORECASE)
_LEVEL = re.compile(r"(?:heading|überschrift) ([1-9])$", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|titel)$", re.IGNORECASE)
_NO_LEVEL = 9
_HEADING = re.compile(r"(?:heading|title|subtitle|caption|überschrift|titel|beschriftung)\b", re.IGNORECASE)


@dataclass
class Styles:
    """Ids of styles with a meaning."""

    hidden: set[str] = field(default_factory=set)
    """Styles of runs or of paragraphs."""
    code: set[str] = field(default_factory=set)
    headings: set[str] = field(default_factory=set)
    levels: dict[str, int] = field(default_factory=dict)
    """Of styles of paragraphs what their level in the outline is, from 1; 0: none."""

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
            _inherit(key, based, hides, default=False)
            _inherit(key, based, styles.levels, default=0)
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
        level = outline_level(about)
        if level is None and (found := _LEVEL.match(name)):
            level = int(found[1])
        if level is None and _TITLE.match(name):
            level = 1
        if level is not None:
            self.levels[key] = level


def outline_level(about: Node | None) -> int | None:
    """Return the level that the properties of a paragraph or a style say, from 1; 0: no heading; None: they say none."""
    said = about.value("w:outlineLvl") if about is not None else None
    if said is None or not said.isascii() or not said.isdigit():
        return None
    return int(said[:2]) + 1 if int(said[:2]) < _NO_LEVEL else 0


def _inherit(key: str, based: dict[str, str], said: dict[str, T], *, default: T) -> None:
    """Note of a style what the nearest of those says that it is based on; `default` if none does."""
    line: dict[str, None] = {}
    while key in based and key not in said and key not in line:
        line[key] = None
        key = based[key]
    said.update(dict.fromkeys(line, said.get(key, default)))
