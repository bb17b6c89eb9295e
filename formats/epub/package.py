"""What a book has, and in which order it is read: container, package, chapters, contents."""

import html
import posixpath
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5
from typing import Literal
from urllib.parse import unquote

from formats.archives.archive import Archive
from formats.document import Notes
from formats.errors import DocumentError
from formats.xml.part import Part, Start, Text

KIND = "a book (EPUB)"
ENTITIES = {name.removesuffix(";"): text for name, text in html5.items() if name.endswith(";")}
"""What names stand for in the XML of books, whose document types are never opened."""
NAMESPACES = {
    "urn:oasis:names:tc:opendocument:xmlns:container": "",
    "http://www.w3.org/2001/04/xmlenc#": "enc",
    "http://www.idpf.org/2007/opf": "",
    "http://openebook.org/namespaces/oeb-package/1.0/": "",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://www.daisy.org/z3986/2005/ncx/": "",
    "http://www.w3.org/XML/1998/namespace": "xml",
}

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
SIGNATURES = "META-INF/signatures.xml"
_PAGES = frozenset(("application/xhtml+xml", "text/html", "text/x-oeb1-document"))
_CONTENTS = "application/x-dtbncx+xml"

Role = Literal["package", "contents", "page"]


@dataclass(frozen=True)
class Document:
    """A member of a book that has texts."""

    name: str
    role: Role


@dataclass
class Book:
    """The members of a book that have texts, in the order in which they are read."""

    documents: list[Document] = field(default_factory=list)
    language: str = ""
    """What the book says it is in; empty: nothing, or several things."""


@dataclass
class _Package:
    """What the package names."""

    items: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """By identifier: address, media type, properties."""
    spine: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)


def opened(archive: Archive, notes: Notes) -> Book:
    """Return what a book has.

    Raises `DocumentError` if it has no package, if what it names is outside of it, or if its chapters are encrypted.
    """
    package_name = _package_name(archive)
    package = _package(archive, package_name)
    book = Book([Document(package_name, "package")])
    said = {language.lower() for language in package.languages}
    book.language = package.languages[0] if len(said) == 1 else ""
    for identifier in _order(package):
        address, media, _ = package.items[identifier]
        name = _member(archive, package_name, address)
        if name is None:
            notes.warn(f"{unquote(address)!r}, which the book names, is missing in it; the rest is translated.")
        elif all(name != one.name for one in book.documents):
            book.documents.append(Document(name, "contents" if media == _CONTENTS else "page"))
    _refuse_encrypted(archive, book)
    if len(book.documents) == 1:
        raise DocumentError("the book has no chapters that can be read; make it anew with the program that made it")
    return book


def _order(package: _Package) -> Iterator[str]:
    """Yield the items that have texts: contents first, then chapters as they are read, then what is left."""
    readable = {
        identifier: item for identifier, item in package.items.items() if item[1] in _PAGES or item[1] == _CONTENTS
    }
    spine = [identifier for identifier in package.spine if identifier in readable]
    contents = [
        identifier
        for identifier, (_, media, properties) in readable.items()
        if media == _CONTENTS or ("nav" in properties.split() and identifier not in spine)
    ]
    yield from dict.fromkeys((*contents, *spine, *readable))


def _package_name(archive: Archive) -> str:
    """Return the member that says what the book has."""
    if _CONTAINER in archive:
        for event in _events(archive, _CONTAINER):
            if isinstance(event, Start) and event.name == "rootfile":
                name = event.attributes.get("full-path", "")
                found = _member(archive, "", name)
                if found is not None:
                    return found
    packages = [name for name in archive.names if name.endswith(".opf")]
    if len(packages) != 1:
        raise DocumentError(
            "the file has no package (.opf) that says what is in the book, so it is no EPUB; open it with an e-book "
            "program, save it as EPUB, and send that"
        )
    return packages[0]


def _package(archive: Archive, name: str) -> _Package:
    found = _Package()
    within = ""
    for event in _events(archive, name):
        if isinstance(event, Start):
            within = event.name
            given = event.attributes
            if event.name == "item" and "href" in given:
                media = given.get("media-type", "").partition(";")[0].strip().lower()
                found.items[given.get("id", given["href"])] = given["href"], media, given.get("properties", "")
            elif event.name == "itemref":
                found.spine.append(given.get("idref", ""))
        elif isinstance(event, Text) and within == "dc:language" and event.text.strip():
            found.languages.append(event.text.strip())
        else:
            within = ""
    return found


def _member(archive: Archive, base: str, address: str) -> str | None:
    """Return the name of a member by its address in another one; None if there is none."""
    path, name = _path(base, unquote(html.unescape(address)))
    if name.startswith(".."):
        raise DocumentError(
            f"the book names {path!r}, which is outside of it; make it anew with the program that it was made with"
        )
    # Some programs name members as addresses are written.
    written = _path(base, address)[1]
    for form in (name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name), written):
        if form in archive:
            return form
    alike = [one for one in archive.names if one.lower() == name.lower()]
    return alike[0] if len(alike) == 1 else None


def _path(base: str, address: str) -> tuple[str, str]:
    """Return the path of an address, and where it leads from a member."""
    path = address.partition("#")[0].replace("\\", "/")
    return path, posixpath.normpath(posixpath.join(posixpath.dirname(base), path)).lstrip("/")


def _refuse_encrypted(archive: Archive, book: Book) -> None:
    """Raise if what has texts is encrypted; fonts may be."""
    if _ENCRYPTION not in archive:
        return
    for event in _events(archive, _ENCRYPTION):
        if isinstance(event, Start) and event.name == "enc:CipherReference":
            name = _member(archive, "", event.attributes.get("URI", ""))
            if any(name == one.name for one in book.documents):
                raise DocumentError(
                    "the chapters of the book are encrypted (DRM), so nobody but its seller's programs can read them; send "
                    "an edition without such protection"
                )


def _events(archive: Archive, name: str) -> Iterator[object]:
    return Part(archive.read(name), name).events(NAMESPACES, ENTITIES)
