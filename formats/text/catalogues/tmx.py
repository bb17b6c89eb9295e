"""TMX, the exchange format of translation memories (1.1 to 1.4b): read while it arrives, and written.

Nothing outside of the file is ever opened, nothing in it grows, and of what is not a unit nothing is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.entities import html5
from xml.parsers import expat

from formats.errors import DocumentError
from formats.making.xml import content, quoted
from pipeline.version import VERSION

LONGEST = 16_384
"""Characters of a segment; no sentence has more."""

ALL = "*all*"
"""In place of the source language: each of a unit's languages may be it."""

_DEPTH = 64
_VARIANTS = 100
# A tag, a comment or a declaration is held until its end is there.
_LONGEST_TAG = 1 << 20
# Elements of a segment whose content is a program's code and not text.
_CODES = frozenset(("bpt", "ept", "ph", "it", "ut"))


@dataclass(slots=True)
class Segment:
    """A text in one language."""

    language: str
    text: str = ""
    too_long: bool = False
    by: str | None = None
    at: datetime | None = None


@dataclass(slots=True)
class TmxUnit:
    """A text in several languages."""

    source: str
    """Its source language, or `ALL`."""
    segments: list[Segment] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    by: str | None = None
    at: datetime | None = None


class TmxReader:
    """Takes a file in pieces, and gives its units as soon as they are there."""

    def __init__(self) -> None:
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._skipped
        self._fed = 0
        self._path: list[str] = []
        self._codes = 0
        self._source = ALL
        self._unit: TmxUnit | None = None
        self._segment: Segment | None = None
        self._property: str | None = None
        self._text: list[str] = []
        self._length = 0
        self._found: list[TmxUnit] = []

    def feed(self, data: bytes, *, last: bool = False) -> Sequence[TmxUnit]:
        """Return the units that end in the next bytes of a file.

        Raises `DocumentError` for what is no TMX, or declares entities; what came before it is in `found`.
        """
        self._found = []
        self._fed += len(data)
        try:
            self._parser.Parse(data, last)
        except (expat.ExpatError, ValueError, LookupError) as error:
            what = expat.ErrorString(error.code) if isinstance(error, expat.ExpatError) else error
            raise DocumentError(
                f"the file is no well-formed TMX: line {self.line} is not well-formed XML ({what}); export it anew from the "
                "program that it was made with, in UTF-8"
            ) from error
        if not last and self._fed - self._parser.CurrentByteIndex > _LONGEST_TAG:
            raise DocumentError("the file has a tag, comment or declaration of more than a megabyte; it is no TMX")
        return self._found

    @property
    def found(self) -> Sequence[TmxUnit]:
        """Units that ended in the bytes that were fed last, also if what comes behind them is bad."""
        return self._found

    @property
    def line(self) -> int:
        """How far it is."""
        return self._parser.CurrentLineNumber

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if not self._path and name != "tmx":
            raise DocumentError(
                f"this is XML, but no TMX: it begins with <{name[:40]}> and not with <tmx>, so there is no unit in it"
            )
        if len(self._path) == _DEPTH:
            raise DocumentError(f"the file has more than {_DEPTH} elements within each other, which no TMX has")
        self._path.append(name)
        if name == "header":
            self._source = attributes.get("srclang") or ALL
        elif name == "tu":
            self._unit = TmxUnit(attributes.get("srclang") or self._source, by=_by(attributes), at=_at(attributes))
        elif self._unit is None:
            return
        elif name == "tuv" and len(self._unit.segments) < _VARIANTS:
            language = attributes.get("xml:lang") or attributes.get("lang") or ""
            self._segment = Segment(language, by=_by(attributes), at=_at(attributes))
            self._unit.segments.append(self._segment)
        elif name == "prop" and self._segment is None:
            self._property = attributes.get("type", "")
            self._begin()
        elif name == "seg":
            self._begin()
        elif name in _CODES:
            self._codes += 1

    def _begin(self) -> None:
        self._text, self._length, self._codes = [], 0, 0

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        self._path.pop()
        if self._unit is None:
            return
        if name == "tu":
            self._found.append(self._unit)
            self._unit = None
        elif name == "tuv":
            self._segment = None
        elif name == "seg" and self._segment is not None:
            self._segment.text = "".join(self._text)
            self._segment.too_long = self._length > LONGEST
            self._text = []
        elif name == "prop" and self._property is not None:
            self._unit.properties.setdefault(self._property, "".join(self._text))
            self._property = None
        elif name in _CODES:
            self._codes -= 1

    def _characters(self, text: str) -> None:
        if self._unit is None or self._codes or not ("seg" in self._path or self._property is not None):
            return
        self._length += len(text)
        if self._length <= LONGEST:
            self._text.append(text)

    def _entity(self, name: str, *_: object) -> None:
        raise DocumentError(
            f"line {self.line} declares the entity {name[:40]!r}; a file that declares entities can grow without bound or "
            "read other files, and no TMX needs any; export it anew from the program that it was made with"
        )

    def _skipped(self, name: str, is_parameter: bool) -> None:
        """Take the names that HTML has for characters, which old programs write; what else is left out is refused."""
        if is_parameter:
            return
        if (character := html5.get(f"{name};")) is None:
            raise DocumentError(f"&{name}; in line {self.line} is declared nowhere; write the character itself")
        self._characters(character)


def _by(attributes: Mapping[str, str]) -> str | None:
    return (attributes.get("changeid") or attributes.get("creationid") or "")[:200] or None


def _at(attributes: Mapping[str, str]) -> datetime | None:
    """Return the later of the two times, 20260131T120000Z; None for what is none."""
    for name in ("changedate", "creationdate"):
        try:
            return datetime.strptime(attributes.get(name, ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def header(source: str, exported: datetime) -> str:
    """Return the beginning of a file; `source` is its source language, or `ALL`."""
    # No DOCTYPE: many readers would look for its file, and none needs it.
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
        f'<header creationtool="Satzstrom" creationtoolversion={quoted(VERSION)} segtype="sentence" o-tmf="Satzstrom" '
        f'adminlang="en" srclang={quoted(source)} datatype="plaintext" creationdate="{exported:%Y%m%dT%H%M%SZ}"/>\n<body>\n'
    )


FOOTER = "</body>\n</tmx>\n"


def unit(name: str, source: Segment, target: Segment, properties: Mapping[str, str]) -> str:
    """Return a unit of a source and its translation; `name` is its `tuid`."""
    return (
        f"<tu tuid={quoted(name)} srclang={quoted(source.language)}>"
        + "".join(f"<prop type={quoted(kind)}>{content(value)}</prop>" for kind, value in properties.items())
        + "".join(map(_variant, (source, target)))
        + "</tu>\n"
    )


def _variant(segment: Segment) -> str:
    by = f" changeid={quoted(segment.by)}" if segment.by else ""
    at = f' changedate="{segment.at:%Y%m%dT%H%M%SZ}"' if segment.at else ""
    return f"<tuv xml:lang={quoted(segment.language)}{by}{at}><seg>{content(segment.text)}</seg></tuv>"
