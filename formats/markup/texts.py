"""The texts of what a `Markup` reads: what stands between its blank lines."""

import re
from collections.abc import Iterator

from formats.document import Options, Piece, Translated
from formats.markup.document import Markup

_TEXT = re.compile(r"((?:[^\n]|\n(?![^\S\n]*+\n))++)")


def parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield texts and what is between them, in order; joined they are `text`. With each, whether it is a text."""
    for part in _TEXT.split(text):
        body = part.strip()
        start = part.index(body[0]) if body else len(part)
        yield from ((one, False) for one in (part[:start],) if one)
        if body:
            yield body, True
        yield from ((one, False) for one in (part[start + len(body) :],) if one)


def texts(text: str) -> Iterator[str]:
    """Yield the texts of what a `Markup` reads."""
    yield from (one for one, is_text in parts(text) if is_text)


def restored(markup: Markup, translated: Iterator[Translated], options: Options) -> str:
    """Return a markup with the translations of its `texts`."""
    pieces: list[Piece] = []
    for one, is_text in parts(markup.text):
        pieces += next(translated).pieces if is_text else [Piece(one, None)]
    return markup.restore(
        [(piece.source, piece.translation) for piece in pieces], [piece.links for piece in pieces], options.source
    )
