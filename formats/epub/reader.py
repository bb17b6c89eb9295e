"""Books, read chapter by chapter."""

from collections.abc import Iterator
from typing import BinaryIO

from formats.archives.archive import Archive, Packed
from formats.changes import changes
from formats.document import Notes, Options, Translated
from formats.epub.labels import Labels
from formats.epub.package import KIND, SIGNATURES, Book, Document, opened
from formats.errors import DocumentError
from formats.web.files import Text, decoded, encoded
from formats.web.page import Page
from pipeline.errors import EncodingError


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
    """Yield the texts of a book: its title, its contents, then chapter after chapter."""
    archive = Archive(file, KIND)
    book = opened(archive, notes)
    if SIGNATURES in archive:
        notes.warn("The book is signed; a signature does not fit another text, so the translation has none.")
    for document in book.documents:
        if document.role == "page":
            yield from _page(_text(archive, document), options, book).texts(notes.left)
        else:
            yield from _labels(archive, document, options, book).texts(notes.left)


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the book with translations; members without changes are copied as they are."""
    archive = Archive(file, KIND)
    book = opened(archive, Notes())
    named, rest = changes(translated)
    changed: dict[str, Packed] = {}
    for document in book.documents:
        if document.role == "page":
            text = _text(archive, document)
            new = "".join(_page(text, options, book).written(rest, named=named))
            if new != text.text:
                changed[document.name] = archive.pack(document.name, (text.mark, encoded(new, text.encoding)))
        elif content := _labels(archive, document, options, book).written(rest, named=named):
            changed[document.name] = archive.pack(document.name, (content,))
    yield from archive.rewritten(changed, (SIGNATURES,) if changed and SIGNATURES in archive else ())


def _labels(archive: Archive, document: Document, options: Options, book: Book) -> Labels:
    return Labels(archive.read(document.name), document.name, document.role, options, book.language)


def _page(text: Text, options: Options, book: Book) -> Page:
    return Page(text.text, options, xml=True, language=book.language)


def _text(archive: Archive, document: Document) -> Text:
    try:
        return decoded(archive.read(document.name), None)
    except EncodingError as error:
        raise DocumentError(
            f"{document.name!r} in the book is damaged ({error}); make the book anew with the program that made it"
        ) from error
