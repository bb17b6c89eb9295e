"""The pieces of a document, as they are stored, back to the texts that its file gave."""

from collections.abc import Iterable, Iterator
from typing import Literal

from formats.document import SEPARATOR, Piece, Translated
from formats.errors import ChangedError

Missing = Literal["refuse", "source", "skip"]


def by_text(texts: Iterable[str], pieces: Iterable[Piece], missing: Missing = "refuse") -> Iterator[Translated]:
    """Yield each text with its pieces. The sources of `pieces`, joined, are `texts` joined by `SEPARATOR`.

    `missing` says what becomes of texts behind the last piece: they stay, or nothing is in their place. Raises
    `ChangedError` if the texts are others, or for missing ones with `refuse`.
    """
    rest = iter(pieces)
    left = Piece("", None)
    for number, text in enumerate(texts):
        if number:
            _, left = _take(SEPARATOR, left, rest, missing)
        mine, left = _take(text, left, rest, missing)
        yield Translated(mine)
    if left.source or any(piece.source for piece in rest):
        raise ChangedError


def _take(text: str, left: Piece, rest: Iterator[Piece], missing: Missing) -> tuple[list[Piece], Piece]:
    """Return the pieces that make up `text`, and what is left of the last; only what has no translation may be cut."""
    taken: list[Piece] = []
    position = 0
    while position < len(text):
        piece = left if left.source else next(rest, None)
        if piece is None:
            if missing == "refuse":
                raise ChangedError
            taken.append(Piece(text[position:], "" if missing == "skip" else None))
            break
        length = min(len(piece.source), len(text) - position)
        whole = length == len(piece.source)
        if text[position : position + length] != piece.source[:length] or (piece.translation is not None and not whole):
            raise ChangedError
        taken.append(piece if whole else Piece(piece.source[:length], None))
        left = Piece("", None) if whole else Piece(piece.source[length:], None)
        position += length
    return taken, left
