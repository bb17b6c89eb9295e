"""Terms in TBX: Core, Basic and Min, of its second and third edition."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from api.glossaries.collecting import Collected
from api.glossaries.columns import language_named
from formats.xml import part as xml
from formats.xml.part import Part, Start, Text
from pipeline.errors import InputError
from store.accounts.glossaries import Pair

_CONCEPTS = frozenset(("termEntry", "conceptEntry"))
_LANGUAGES = frozenset(("langSet", "langSec", "langGroup"))
_TERMS = frozenset(("tig", "ntig", "termSec", "termGroup"))
_AROUND_TERMS = _TERMS | {"termGrp"}
_ROOTS = frozenset(("martif", "tbx", "TBX"))
_STATUSES = frozenset(("administrativeStatus", "termStatus", "normativeAuthorization"))
# As the dialects write that a term is not to be used.
_UNWANTED = ("deprecated", "superseded", "obsolete", "notrecommended")
_XML = "http://www.w3.org/XML/1998/namespace"


@dataclass(slots=True)
class _Term:
    line: int
    text: str = ""
    status: str = ""

    @property
    def rank(self) -> int:
        """Which of several is to be written: a preferred one, then any, then one that should not be."""
        status = self.status.lower().replace(" ", "")
        return 2 if status.startswith(_UNWANTED) else 0 if status.startswith("preferred") else 1


@dataclass(slots=True)
class _Concept:
    by_language: dict[str, list[_Term]] = field(default_factory=dict)


def collect(raw: bytes, stated: Pair | None) -> Collected:
    """Return the terms of a file. `stated`: the languages that its sender says; else those from its own language.

    Every term of a concept has the preferred one of the other language. Raises `DocumentError` for what is no XML, or more
    deeply nested than any TBX is, `InputError` for what is no TBX.
    """
    part = Part(raw, "the TBX file")
    found = Collected()
    reader = _Reader(part)
    for concept in reader.concepts():
        own = reader.language if reader.language in concept.by_language else next(iter(concept.by_language), "")
        source = stated[0] if stated else own
        terms = concept.by_language.get(source, [])
        targets = [stated[1]] if stated else [other for other in concept.by_language if other != source]
        for target in targets:
            ranked = sorted(concept.by_language.get(target, []), key=lambda term: term.rank)
            for term in terms:
                if ranked:
                    found.add(term.line, (source, target), term.text, ranked[0].text)
    if not reader.is_tbx:
        raise InputError("the file is XML, but no TBX: its root has to be martif, tbx or TBX")
    return found


class _Reader:
    def __init__(self, part: Part) -> None:
        self._part = part
        self.is_tbx = False
        self.language = ""
        """The language that the file says its terms are in."""
        self._concept = _Concept()
        self._term: _Term | None = None
        self._of = ""
        self._status = ""
        self._inside: list[str] = []
        self._line, self._counted = 1, 0

    def concepts(self) -> Iterator[_Concept]:
        """Yield concept after concept."""
        for event in self._part.events({_XML: "xml"}, {}):
            if isinstance(event, Start):
                self._start(_local(event.name), event)
            elif isinstance(event, Text):
                self._text(event.text)
            else:
                self._status = ""
                if self._inside.pop() in _CONCEPTS:
                    self._concept.by_language.pop("", None)
                    yield self._concept
                    self._concept, self._term = _Concept(), None

    def _start(self, name: str, event: Start) -> None:
        around = self._inside[-1] if self._inside else ""
        self._inside.append(name)
        attributes = event.attributes
        self._status = attributes.get("type", name) if name in ("termNote", *_STATUSES) else ""
        if not around:
            self.is_tbx = name in _ROOTS
            self.language = _code(attributes.get("xml:lang", ""))
        elif name == "languages":
            self.language = self.language or _code(attributes.get("source", ""))
        elif name in _LANGUAGES:
            self._of = _code(attributes.get("xml:lang") or attributes.get("lang", ""))
        elif name in _TERMS or (name == "term" and around not in _AROUND_TERMS):
            self._term = _Term(self._line_of(event.start))
            self._concept.by_language.setdefault(self._of, []).append(self._term)

    def _text(self, text: str) -> None:
        if self._term is None:
            return
        if "term" in self._inside[-3:]:
            self._term.text += text
        elif self._status in _STATUSES:
            self._term.status += text.strip()

    def _line_of(self, offset: int) -> int:
        """Return the line of a place; places are asked for in order."""
        self._line += self._part.data.count(b"\n", self._counted, offset)
        self._counted = offset
        return self._line


def _code(text: str) -> str:
    return language_named(text) or ""


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def write(dictionaries: dict[Pair, dict[str, str]], name: str) -> Iterator[bytes]:
    """Yield a file in TBX-Basic, of the third edition; a file has one source language, so each pair is a concept's own."""
    first = next(iter(dictionaries), ("de", "en"))[0]
    title = xml.written(name).decode()
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<tbx type="TBX-Basic" style="dca" xml:lang="{first}" '
        f'xmlns="urn:iso:std:iso:30042:ed-2">\n<tbxHeader><fileDesc><titleStmt><title>{title}</title></titleStmt>'
        "<sourceDesc><p>Satzstrom</p></sourceDesc></fileDesc></tbxHeader>\n<text><body>\n"
    ).encode()
    number = 0
    for (source, target), entries in dictionaries.items():
        for term, translation in entries.items():
            number += 1
            sections = "".join(
                f'<langSec xml:lang="{language}"><termSec><term>{xml.written(text).decode()}</term></termSec></langSec>'
                for language, text in ((source, term), (target, translation))
            )
            yield f'<conceptEntry id="c{number}">{sections}</conceptEntry>\n'.encode()
    yield b"</body></text>\n</tbx>\n"
