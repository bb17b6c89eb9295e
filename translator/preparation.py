"""A text made ready for an engine, and put together again from what the engine made of its pieces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from translator import foreign, layout, masks, pieces, spelling, terms
from translator.engines import Engine, Tokens
from translator.facts import Facts


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text on one line, in pieces that the model can take; without pieces there is nothing to translate."""

    masked: masks.Masked
    breaks: list[layout.Break]
    capitals: bool
    """Whether the whole text was in capitals; the translation will be too."""
    unusual: bool
    """Whether it is not written as the model knows its language, so that the translation is a guess."""
    pieces: list[pieces.Piece]
    tokens: list[Tokens]
    whole: str = ""
    """Without pieces: the text as it is to be, terms of a glossary put in."""


def prepare(text: str, engine: Engine, given: Mapping[str, str], facts: Facts) -> Prepared:
    """Return what the engine should translate of a text; `assemble` puts it together.

    `given`: terms whose translation is given.
    """

    def length(part: str) -> int:
        return len(engine.encode(part))

    source, target = engine.model.source, engine.model.target
    flat, breaks = layout.flatten(text)
    # Terms are found as they are written, so a text with some is not written anew.
    line = facts.usual(flat if given else spelling.usual(flat, source, length))
    masked = terms.mask(masks.mask(line, latin=foreign.is_latin(source)), given)
    if masked.nothing_left or foreign.is_foreign(masked.text, source, target):
        whole = masks.unmask(layout.restore(masked.text, breaks), masked) if given else text
        return Prepared(masked, [], capitals=False, unusual=False, pieces=[], tokens=[], whole=whole)
    capitals = spelling.in_capitals(masked.text)
    unusual = foreign.is_unusual(masked.text, source, length)
    line = spelling.small(masked.text, length) if capitals else masked.text
    parts = pieces.split(line, engine.limit, length)
    tokens = [engine.encode(part.text) for part in parts]
    return Prepared(masked, breaks, capitals, unusual, parts, tokens)


def assemble(prepared: Prepared, translations: Sequence[str]) -> str:
    """Return the translation of a text from those of its pieces."""
    joined = pieces.join(prepared.pieces, translations)
    if prepared.capitals:
        joined = joined.upper()
    return masks.unmask(layout.restore(joined, prepared.breaks), prepared.masked)
