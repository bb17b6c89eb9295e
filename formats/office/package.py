"""Packages of Office Open XML: which part is which, by the relations between them, and what a document says of itself."""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO, NamedTuple
from urllib.parse import unquote

from formats.archives.archive import Archive, Packed
from formats.document import Notes, Options, Translated
from formats.errors import DocumentError
from formats.office.attributes import Plain
from formats.office.blocks import Block, Known, Walk, answered, asked
from formats.xml.labels import label, relabelled
from formats.xml.part import End, Part, Start, Text, written
from formats.xml.splicing import Edits

_RELATIONS = {"http://schemas.openxmlformats.org/package/2006/relationships": ""}
_PROPERTIES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://schemas.openxmlformats.org/package/2006/metadata/core-properties": "cp",
}
_SIGNATURES = "_xmlsignatures/"
MACROS = "The document has macros; they are kept as they are, and were neither looked at nor run."
# In a project of theirs, or as Excel had them before, on sheets.
_MACROS = re.compile(r"(?:^|/)(?:vbaproject\.bin|(?:intl)?macrosheets/[^/]+)$", re.IGNORECASE)
_READ = frozenset(("dc:title", "dc:subject", "dc:description"))


class Relation(NamedTuple):
    """That a part has to do with another one."""

    key: str
    kind: str
    """The last word of its type: `slide`, `notesSlide`."""
    target: str
    """Name of the other part."""


class Package:
    """A package that is read, and what becomes of its parts."""

    def __init__(self, file: BinaryIO, kind: str, options: Options) -> None:
        """`kind`: what the file should be, with its article. Raises `DocumentError` if it is none."""
        self.options = options
        self.archive = Archive(file, kind)
        self.changed: dict[str, Packed] = {}
        # Names of parts are alike in any letters.
        self._names = {name.lower(): name for name in self.archive.names}
        self._kind = kind

    def part(self, name: str) -> Part:
        """Return a part."""
        return Part(self.archive.read(name), name)

    def main(self) -> str:
        """Return the name of the main part. Raises `DocumentError` if there is none."""
        found = self.related("", ("officeDocument",))
        if not found:
            raise DocumentError(
                f"the file is a zip archive, but not {self._kind}: nothing in it says which part is the document; open it "
                "with the program that it was made with, save it anew, and send that"
            )
        return found[0].target

    def relations(self, name: str) -> dict[str, Relation]:
        """Return what a part (empty: the package) has to do with other parts that are there, by key, in order."""
        folder, _, own = name.rpartition("/")
        about = self._names.get(posixpath.join(folder, "_rels", f"{own}.rels").lower())
        found: dict[str, Relation] = {}
        for event in self.part(about).events(_RELATIONS) if about else ():
            if not isinstance(event, Start) or event.name != "Relationship":
                continue
            if event.attributes.get("TargetMode") == "External":
                continue
            target = posixpath.normpath(posixpath.join("/", folder, unquote(event.attributes.get("Target", ""))))
            there = self._names.get(target.lstrip("/").lower())
            if there is not None:
                key = event.attributes.get("Id", "")
                found[key] = Relation(key, event.attributes.get("Type", "").rpartition("/")[2], there)
        return found

    def related(self, name: str, kinds: Sequence[str]) -> list[Relation]:
        """Return those relations of a part that are of some kinds, in the order of `kinds`."""
        found = self.relations(name).values()
        return [one for kind in kinds for one in found if one.kind == kind]

    def ask(self, part: Part, blocks: Iterator[Block], known: Known) -> Walk[None]:
        """Ask for the texts of a part, and keep what becomes of it."""
        edits = Edits()
        yield from asked(blocks, known, edits)
        if edits:
            self.put(part, edits)

    def put(self, part: Part, edits: Edits) -> None:
        """Keep what becomes of a part."""
        new = relabelled(edits.spliced(part.data), self.options)
        self.changed[part.name] = self.archive.pack(part.name, [part.encoded(new)])

    def relabel(self, names: Iterable[str]) -> None:
        """Name the language of the target in further parts, if anything has changed."""
        for name in names if self.changed else ():
            if name not in self.changed:
                part = self.part(name)
                new = relabelled(part.data, self.options)
                if new != part.data:
                    self.changed[name] = self.archive.pack(name, [part.encoded(new)])

    def about(self) -> Walk[None]:
        """Ask for title, subject and description of the document."""
        for relation in self.related("", ("core-properties",)):
            part = self.part(relation.target)
            edits = Edits()
            yield from asked(_properties(part), {}, edits)
            if edits or self.changed:
                for text, start, end in _contents(part, ("dc:language",)):
                    new = label(text.strip(), self.options)
                    if new != text.strip():
                        edits.replace(start, end, written(new))
            if edits:
                self.put(part, edits)

    def warn(self, notes: Notes) -> None:
        """Note what happens to the package as a whole."""
        if self._signatures():
            notes.warn("The document is signed; the signature does not fit a translation, so it is left out of that.")
        if any(_MACROS.search(name) for name in self.archive.names):
            notes.warn(MACROS)

    def result(self) -> Iterator[bytes]:
        """Yield the package with what became of its parts."""
        dropped: list[str] = []
        if self.changed:
            dropped = self._signatures()
            for name in ("_rels/.rels", "[Content_Types].xml") if dropped else ():
                self._unsign(name)
        yield from self.archive.rewritten(self.changed, dropped)

    def _signatures(self) -> list[str]:
        return [name for name in self.archive.names if name.lower().startswith(_SIGNATURES)]

    def _unsign(self, name: str) -> None:
        """Take out what speaks of signatures."""
        if name not in self.archive:
            return
        part, edits = self.part(name), Edits()
        for event in part.events({}):
            if isinstance(event, Start) and event.empty:
                told = (event.attributes.get("Target", ""), event.attributes.get("PartName", ""))
                if any(one.lstrip("/").lower().startswith(_SIGNATURES) for one in told):
                    edits.remove(event.start, event.end)
        if edits:
            self.put(part, edits)


Walker = Callable[[Package, Notes], Walk[None]]
"""Goes through the parts of a kind of package, in order."""


def read(file: BinaryIO, kind: str, options: Options, notes: Notes, walk: Walker) -> Iterator[str]:
    """Yield the texts that a walk asks for; `kind` as `Package` takes it."""
    package = Package(file, kind, options)
    package.warn(notes)
    yield from walk(package, notes)


def write(
    file: BinaryIO, kind: str, translated: Iterator[Translated], options: Options, walk: Walker
) -> Iterator[bytes]:
    """Yield the package with translations of what a walk asks for."""
    package = Package(file, kind, options)
    answered(walk(package, Notes()), translated)
    yield from package.result()


def _properties(part: Part) -> Iterator[Block]:
    for text, start, end in _contents(part, _READ):
        yield Plain(text, (start, end))


def _contents(part: Part, names: Sequence[str] | frozenset[str]) -> Iterator[tuple[str, int, int]]:
    """Yield the text of elements, with its place."""
    begun: Start | None = None
    text = ""
    for event in part.events(_PROPERTIES):
        if isinstance(event, Start) and event.name in names and not event.empty:
            begun, text = event, ""
        elif isinstance(event, Text) and begun is not None:
            text += event.text
        elif isinstance(event, End) and begun is not None:
            yield text, begun.end, event.start
            begun = None
