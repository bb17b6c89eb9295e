"""Web pages, as HTML."""

from collections.abc import Iterator
from typing import BinaryIO

from formats.changes import changes
from formats.document import Notes, Options, Translated
from formats.web.files import decoded, encoded
from formats.web.page import Page


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
    """Yield the texts of a page: a block each, then the values of attributes that people read."""
    return read_page(file, options, notes, xml=False)


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the page with translations; characters that its encoding does not have are written as references."""
    return write_page(file, translated, options, xml=False)


def read_page(file: BinaryIO, options: Options, notes: Notes, *, xml: bool) -> Iterator[str]:
    """Yield the texts of a page of HTML or of XHTML."""
    file.seek(0)
    source = decoded(file.read(), options.encoding)
    notes.encoding = source.encoding
    yield from Page(source.text, options, xml=xml).texts(notes.left)


def write_page(file: BinaryIO, translated: Iterator[Translated], options: Options, *, xml: bool) -> Iterator[bytes]:
    """Yield a page of HTML or of XHTML with translations."""
    file.seek(0)
    source = decoded(file.read(), options.encoding)
    named, rest = changes(translated)
    yield source.mark
    for stretch in Page(source.text, options, xml=xml).written(rest, named=named):
        yield encoded(stretch, source.encoding)
