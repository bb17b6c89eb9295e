"""Web pages, as XHTML: in it an element is empty only if it says so, and what stays is well-formed."""

from collections.abc import Iterator
from typing import BinaryIO

from formats.document import Notes, Options, Translated
from formats.web.html import read_page, write_page


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
    """Yield the texts of a page: a block each, then the values of attributes that people read."""
    return read_page(file, options, notes, xml=True)


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the page with translations; characters that its encoding does not have are written as references."""
    return write_page(file, translated, options, xml=True)
