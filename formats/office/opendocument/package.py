"""OpenDocument files: their parts, in the order in which they are read."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from formats.archives.archive import Archive
from formats.document import Notes, Options, Translated
from formats.errors import DocumentError
from formats.office.opendocument.names import PREFIXES
from formats.office.opendocument.part import Changes, Contents, texts_of
from formats.office.opendocument.styles import Styles
from formats.office.package import MACROS
from formats.xml.part import Part, Start

_KIND = "an OpenDocument file"
_MANIFEST = "META-INF/manifest.xml"
_SIGNATURE = "META-INF/documentsignatures.xml"
_TYPE = b"application/vnd.oasis.opendocument."
_OBJECT = "/content.xml"
# Modules of Basic, beside the lists of them, and scripts in other languages.
_MACROS = re.compile(r"^(?:Basic/[^/]+/(?!script-lb\.xml$|dialog-lb\.xml$)[^/]+|Scripts/.*[^/])$")


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:  # noqa: ARG001 -- as all readers are called
    """Yield the texts: of its properties, of the document, of headers, footers and masters, of charts and other objects."""
    archive = _opened(file)
    if _SIGNATURE in archive:
        notes.warn("The document is signed. A signature holds for the original only, so the translation has none.")
    if any(_MACROS.search(name) for name in archive.names):
        notes.warn(MACROS)
    contents = Contents()
    for name, styles in _parts(archive):
        yield from texts_of(Part(archive.read(name), name), styles, notes, contents)


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the file with translations."""
    archive = _opened(file)
    contents = Contents()
    changes = {
        name: Changes(Part(archive.read(name), name), styles, contents, translated, options)
        for name, styles in _parts(archive)
    }
    packed = {}
    for name, one in changes.items() if any(changes.values()) else ():
        if edits := one.edits():
            part = Part(archive.read(name), name)
            packed[name] = archive.pack(name, [part.encoded(edits.spliced(part.data))])
    yield from archive.rewritten(packed, {_SIGNATURE} & set(archive.names) if packed else ())


def _opened(file: BinaryIO) -> Archive:
    """Return the archive of a file that can be read and is no other kind's."""
    archive = Archive(file, _KIND)
    kind = archive.read("mimetype").strip() if "mimetype" in archive else _TYPE
    if _MANIFEST in archive:
        manifest = Part(archive.read(_MANIFEST), _MANIFEST)
        if any(isinstance(one, Start) and one.name == "manifest:encryption-data" for one in manifest.events(PREFIXES)):
            raise DocumentError("the file is locked with a password; open it, save it without one, and send that")
    if not kind.startswith(_TYPE):
        raise DocumentError(
            f"the file says that it is {kind[:80].decode('ascii', 'replace')!r}, which is not read; save it as .odt, .ods "
            "or .odp, and send that"
        )
    if "content.xml" not in archive:
        raise DocumentError(
            "the file has no content.xml, so it is no OpenDocument file or not a whole one; open it with the program that "
            "it was made with, save it anew, and send that"
        )
    return archive


def _parts(archive: Archive) -> Iterator[tuple[str, Styles]]:
    """Yield the names of the parts that may have texts, with the styles known from elsewhere."""
    styles = Styles()
    if "styles.xml" in archive:
        styles.read(Part(archive.read("styles.xml"), "styles.xml").events(PREFIXES))
    for name in ("meta.xml", "content.xml", "styles.xml"):
        if name in archive:
            yield name, Styles(styles)
    for name in archive.names:
        if name.endswith(_OBJECT):
            yield name, Styles()
