"""Pages of a PDF. What is written is a Word file or a web page: a PDF has places for letters and no paragraphs."""

from collections.abc import Iterator
from typing import BinaryIO

from formats.document import Notes, Options, Translated, of_level
from formats.pdf.document import paragraphs
from formats.pdf.process import Pages
from formats.pdf.writing import as_page, as_word


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:  # noqa: ARG001 (a reader's)
    """Yield the paragraphs, headings, items and cells of all pages."""
    with Pages(file) as pages:
        for paragraph in paragraphs(pages, notes):
            yield from (of_level(text.text, paragraph.level) for text in paragraph.texts if text.given)


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield a Word file (`options.output` docx or empty) or a web page (html) with the translations."""
    with Pages(file) as pages:
        found = paragraphs(pages, Notes())
        yield from (as_page if options.output == "html" else as_word)(found, translated, options)
