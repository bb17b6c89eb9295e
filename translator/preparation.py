"""A text made ready for an engine, and put together again from what the engine made of its pieces."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from translator import pieces
from translator.attention import Attention
from translator.engines import Engine, Tokens
from translator.facts import Facts
from translator.kept import addresses, labels, masks, people, placing, references, terms
from translator.writing import Length, edges, foreign, layout, quotes, spelling
from translator.writing.edges import Edges

_FIRST_WORD = re.compile(r"\w+")
_NO_EDGES = edges.take_off("", "")


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of a text that is translated on its own: mostly all of it, of a dialogue what one of them says."""

    edges: Edges
    pieces: int
    """How many pieces it has."""
    joiner: str
    """What stands before the next one."""
    capitals: bool = False
    """Whether it is a label in capitals; its translation will be too."""
    written: str = ""
    """Its translation, where that is known without a model; it has no pieces then."""


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
    turns: Sequence[Turn] = ()
    length: Length = len
    """Counts tokens as the engine does."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Terms and their translations."""
    whole: str = ""
    """Without pieces: the text as it is to be, masked."""
    inside: dict[str, "Prepared"] = field(default_factory=dict)
    """Texts within what is kept, by the character that stands for each."""

    def everything(self) -> Iterator["Prepared"]:
        """Yield all texts within this one, and then itself."""
        for one in self.inside.values():
            yield from one.everything()
        yield self


def prepare(text: str, engine: Engine, given: Mapping[str, str], facts: Facts) -> Prepared:
    """Return what the engine should translate of a text; `assemble` puts it together.

    `given`: terms whose translation is given.
    """

    def length(part: str) -> int:
        return len(engine.encode(part))

    source, target = engine.model.source, engine.model.target
    flat, breaks = layout.flatten(masks.with_letters(text))
    plain = masks.mask(flat, latin=foreign.is_latin(source))
    # Terms are found as they are written, so a text with some is not written anew; what is kept never is.
    # A language model (`ReadingEngine`: to ask the protocol itself takes a twentieth of all this) knows any spelling, and
    # writes capitals where they belong.
    reads = hasattr(engine, "placed")
    line = facts.usual(plain.text if given or reads else spelling.usual(plain.text, source, length))
    if line != plain.text:
        plain = replace(plain, text=line)
    marked = terms.mask(plain, given)
    german, english = is_language(source, "de"), is_language(source, "de") and is_language(target, "en")
    if german:
        marked = people.mask(addresses.mask(marked, english=english), english=english)
        marked = references.mask(marked) if english else marked
    inside = {character: prepare(one, engine, given, facts) for character, one in marked.inside.items()}
    masked = masks.lift(marked)
    is_foreign = foreign.is_foreign(masked.text, source, target)
    if masked.nothing_left or is_foreign:
        # A letter's opening is another one now ("Dear Mr Koch"); what is in the target's language stays to the letter.
        if not inside and (marked is plain or (is_foreign and not given)):
            masked, whole = masks.Masked(text, {}, {}, masked.names), text
            # What has figures and is kept (an address, a version) is no amount.
            if masked.nothing_left and not any(any(map(str.isdigit, one)) for one in plain.kept.values()):
                written = masks.unmask(line, plain)
                whole = facts.alone(text if written == flat else layout.restore(written, breaks))
        else:
            whole = layout.restore(marked.text, breaks)
        return Prepared(
            masked, [], capitals=False, unusual=False, pieces=[], tokens=[], given=given, whole=whole, inside=inside
        )
    capitals = spelling.in_capitals(masked.text, length)
    unusual = not reads and foreign.is_unusual(masked.text, source, length)
    line = spelling.small(masked.text, length) if capitals else masked.text
    turns, parts = _turns(line, engine, facts, capitals=capitals) if german and not reads else _said(line, engine)
    tokens = [engine.encode(part.text) for part in parts]
    known = _as_written if reads else length
    return Prepared(masked, breaks, capitals, unusual, parts, tokens, turns, known, given, inside=inside)


def _turns(line: str, engine: Engine, facts: Facts, *, capitals: bool) -> tuple[list[Turn], list[pieces.Piece]]:
    """Return the stretches of a German text that are translated on their own, and their pieces."""
    label = None if capitals else labels.find(line, english=is_language(engine.model.target, "en"))
    if label:
        turns, parts = _said(line[len(label.text) :].lstrip(), engine)
        if label.english:
            return [Turn(_NO_EDGES, 0, " ", written=label.english), *turns], parts
        small = spelling.small(label.text, lambda part: len(engine.encode(part)))
        mine, first = _said(small, engine)
        return [*(replace(one, joiner=" ", capitals=True) for one in mine), *turns], [*first, *parts]
    amount = labels.before_amount(line)
    if not amount:
        return _said(line, engine)
    turns, parts = _said(amount[0], engine)
    return [*turns[:-1], replace(turns[-1], joiner=" "), Turn(_NO_EDGES, 0, "", written=facts.alone(amount[1]))], parts


def _said(line: str, engine: Engine) -> tuple[list[Turn], list[pieces.Piece]]:
    """Return what is said in turns in a text, mostly all of it, and the pieces of it."""
    turns: list[Turn] = []
    parts: list[pieces.Piece] = []
    for said, joiner in quotes.turns(line):
        trimmed = edges.take_off(said, engine.model.target)
        mine = pieces.split(trimmed.text, engine.limit, lambda part: len(engine.encode(part)))
        turns.append(Turn(trimmed, len(mine), joiner))
        parts += mine
    return turns, parts


def _as_written(word: str) -> int:
    """Count no tokens, but say of a word with a capital that it is known with it."""
    return int(word.islower())


def is_language(code: str, language: str) -> bool:
    """Whether a code, with script or region or without, is one of a language."""
    return code.partition("-")[0] == language


def assemble(
    prepared: Prepared,
    translations: Sequence[str],
    attentions: Sequence[Attention | None] = (),
    inside: Mapping[str, str] | None = None,
) -> str:
    """Return the translation of a text from those of its pieces.

    `attentions`: what their words were made from; `inside`: the translations of the texts within what is kept.
    """
    if not prepared.pieces:
        return masks.unmask(prepared.whole, _with_capital(prepared, prepared.whole), inside)
    joined, first = "", 0
    for turn in prepared.turns:
        last = first + turn.pieces
        text = pieces.join(prepared.pieces[first:last], translations[first:last])
        text = turn.written or edges.put_back(turn.edges, text, prepared.length)
        joined += (text.upper() if turn.capitals else text) + turn.joiner
        first = last
    if prepared.capitals:
        joined = joined.upper()
    masked = _with_capital(prepared, joined)
    placed = placing.place(joined, masked, attentions)
    return masks.unmask(layout.restore(placed, prepared.breaks), masked, inside)


def _with_capital(prepared: Prepared, text: str) -> masks.Masked:
    """Return what is kept, with a capital for a term in small letters with which a translation begins as its source does.

    A term that is all of a text comes as it is given.
    """
    masked = prepared.masked
    first, source = _FIRST_WORD.search(text), _FIRST_WORD.search(masked.text or prepared.whole)
    written = masked.kept.get(first[0]) if first else None
    terms_of = [term for term, target in prepared.given.items() if target == written]
    if not first or not source or not written or not terms_of or not written.islower() or text.count(first[0]) > 1:
        return masked
    begins = terms_of[0] if source[0] == first[0] else source[0]
    if not begins[0].isupper() or not _FIRST_WORD.search(text, first.end()):
        return masked
    return replace(masked, kept={**masked.kept, first[0]: written[0].upper() + written[1:]})
