"""Sentences that are too long for the model, split where a reader would pause."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from translator.kept.names import Names

# A sentence that came out wrong is cut into halves, or into pieces of this many tokens if it is long: about a clause. Fewer
# than eight tokens are too few to be understood.
_SMALL, _SMALLEST = 30, 8
# Best first: after a semicolon, colon or dash; after a comma.
_PAUSES = (re.compile(r"(?:[;:]|\s[-–—]{1,2})\s+"), re.compile(r",\s+"))
_SPACE = re.compile(r"\s+")

_LETTER = re.compile(r"[^\W\d_]")
_SIGNS = re.compile(r"(^[^\w]+|(?<=\w)[^\w]+$)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a sentence, and what goes between its translation and the next one's."""

    text: str
    joiner: str = ""
    kept: bool = False
    """Whether it stays as it is: a name, or nothing but punctuation."""


def split(text: str, limit: int, count: Callable[[str], int]) -> list[Piece]:
    """Return pieces of at most `limit` tokens as `count` counts them; one piece if the sentence is short enough.

    Nothing is lost: apart from white space at the cuts, the pieces joined are the sentence.
    """
    return _split(text, limit, count, (*_PAUSES, _SPACE))


def _split(text: str, limit: int, count: Callable[[str], int], pauses: Sequence[re.Pattern[str]]) -> list[Piece]:
    cut = _halve(text, pauses) if count(text) > limit and len(text) > 1 else None
    if cut is None:
        return [Piece(text)]
    left, joiner, right = cut
    *pieces, last = _split(left, limit, count, pauses)
    return [*pieces, Piece(last.text, joiner), *_split(right, limit, count, pauses)]


def join(pieces: Sequence[Piece], translations: Sequence[str]) -> str:
    """Put the translations of the pieces together."""
    return "".join(text + piece.joiner for piece, text in zip(pieces, translations, strict=True))


def split_again(text: str, count: Callable[[str], int], names: Names) -> list[Piece]:
    """Return smaller pieces of a sentence that came out wrong as a whole; one piece if it cannot be cut.

    Names in place of what is kept are pieces of their own, which need no model, so that none can be lost. Other sentences
    are cut at pauses only: of a clause in pieces a model makes words that look right and mean nothing.
    """
    parts = names.apart(text)
    if len(parts) == 1:
        return _split(text, min(_SMALL, max(_SMALLEST, count(text) // 2)), count, _PAUSES)
    found: list[Piece] = []
    for place, part in enumerate(parts):
        # Of what stands between names the signs at its edges need no model either: ", the order (".
        for piece in (part,) if place % 2 else _SIGNS.split(part):
            text = piece.strip()
            joiner = piece[len(piece.rstrip()) :] if text else ""
            if found and piece[:1].isspace():
                found[-1] = replace(found[-1], joiner=piece[: len(piece) - len(piece.lstrip())])
            if text:
                found.append(Piece(text, joiner, kept=bool(place % 2) or not _LETTER.search(text)))
    return found


def _halve(text: str, pauses: Sequence[re.Pattern[str]]) -> tuple[str, str, str] | None:
    """Cut near the middle, at the best kind of pause in the middle half of the text; where it must be cut, anywhere."""
    middle = len(text) / 2
    for pause in pauses:
        cuts = list(pause.finditer(text, len(text) // 4, 3 * len(text) // 4 + 1))
        if cuts:
            best = min(cuts, key=lambda match: abs(match.end() - middle))
            return text[: best.end()].rstrip(), " ", text[best.end() :]
    return (text[: len(text) // 2], "", text[len(text) // 2 :]) if _SPACE in pauses else None
