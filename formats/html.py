"""Web pages."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from formats.document import Notes, Options, Piece, Translated
from formats.markup.document import Markup
from formats.markup.rules import Rules
from pipeline.encodings import TextDecoder

_BETWEEN = re.compile(r"(\s*\n\s*\n\s*|\A\s+|\s+\Z)")


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
    """Yield the texts of a page: a block each, then the values of attributes that people read."""
    source, notes.encoding = _decoded(file, options)
    yield from texts(_markup(source, options).text)


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the page with translations; characters that its encoding does not have are written as references."""
    source, encoding = _decoded(file, options)
    yield restored(_markup(source, options), translated, options).encode(encoding, "xmlcharrefreplace")


def texts(text: str) -> Iterator[str]:
    """Yield the texts of what a `Markup` reads."""
    yield from (one for number, one in enumerate(_BETWEEN.split(text)) if number % 2 == 0 and one)


def restored(markup: Markup, translated: Iterator[Translated], options: Options) -> str:
    """Return a markup with the translations of its `texts`."""
    pieces: list[Piece] = []
    for number, one in enumerate(_BETWEEN.split(markup.text)):
        if number % 2 == 0 and one:
            pieces += next(translated).pieces
        elif one:
            pieces.append(Piece(one, None))
    return markup.restore(
        [(piece.source, piece.translation) for piece in pieces], [piece.links for piece in pieces], options.source
    )


def _markup(source: str, options: Options) -> Markup:
    return Markup(source, Rules(source=options.source, target=options.target))


def _decoded(file: BinaryIO, options: Options) -> tuple[str, str]:
    file.seek(0)
    decoder = TextDecoder(options.encoding)
    text = decoder.feed(file.read()) + decoder.finish()
    return text, decoder.encoding
