"""Markup within a text, of any kind of file: taken out for translation, and put around the words that its words became.

`place` is for files whose markup is no tags (runs of Word, spans of OpenDocument): it says which words have which markup,
and the reader of the kind writes them so.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from formats.document import Translated
from formats.markup.placing import Anchor, Sentence
from formats.markup.placing import place as place_tags
from formats.markup.tree import Tag, closed

# Characters that stand for markup while tags are placed; of a text that has them they are written as `_ESCAPE` and a letter.
_OPEN, _CLOSE, _MARK, _END, _ESCAPE = "\ue000\ue001\ue002\ue003\ue004"
_CODES = re.compile(rf"([{_OPEN}{_CLOSE}{_MARK}])(\d{{1,20}}+){_END}|{_ESCAPE}([a-e])")
_SPECIAL = re.compile(f"[{_OPEN}-{_ESCAPE}]")


class Span(NamedTuple):
    """Markup around words of a text. Spans are nested or apart; the outer one comes first."""

    start: int
    end: int
    key: int
    """Names the markup; two spans may have the same key."""


class Mark(NamedTuple):
    """Markup at one place: a note, a picture, a line break, a field."""

    place: int
    key: int
    breaks: bool = False
    """Whether the text has a line break at `place` that stands for it."""
    name: str = ""
    """What the text has at `place` that stands for it, `{k1}` with a number: for what is a word to the reader."""

    @property
    def stands(self) -> str:
        """What the text has for it; empty: nothing."""
        return "\n" if self.breaks else self.name


class Words(NamedTuple):
    """Words of the translation within the spans of `keys`, the outermost first."""

    text: str
    keys: tuple[int, ...]


class Placed(NamedTuple):
    """A mark of the source at its place in the translation, within the spans of `keys`."""

    key: int
    keys: tuple[int, ...]


Fragment = Words | Placed


def place(spans: Sequence[Span], marks: Sequence[Mark], translated: Translated) -> list[Fragment]:
    """Return the translation in order, with every mark once and the spans around the words that theirs became.

    A span of which nothing came out is left out.
    """
    tags = _tags(spans, marks)
    positions = [tag.position for tag in tags]
    out: list[str] = []
    position = done = 0
    for piece in translated.pieces:
        end = position + len(piece.source)
        last = bisect_left(positions, end, done)
        here = [mark for mark in marks if mark.stands and position <= mark.place < end]
        if piece.translation is None or piece.translation == piece.source:
            out += _exact(tags[done:last], here, piece.source, position)
        else:
            last = closed(tags, done, last, end)
            anchors = [Anchor(mark.place - position, mark.stands, _code(_MARK, mark.key)) for mark in here]
            mine = [Tag(tag.position - position, tag.raw, tag.kind, tag.name) for tag in tags[done:last]]
            out.append(place_tags(Sentence(piece.source, piece.translation, mine, anchors, [], piece.links), _escaped))
        done, position = last, end
    out += (tag.raw for tag in tags[done:])
    return list(_fragments("".join(out)))


def _tags(spans: Sequence[Span], marks: Sequence[Mark]) -> list[Tag]:
    """Return spans and marks as tags in order: what closes at a place, then marks, then what opens."""
    found: list[tuple[int, int, int, Tag]] = []
    for number, span in enumerate(spans):
        name = str(number)
        found += (
            # Of those that open at one place the outer one comes first, of those that close the inner one.
            (span.start, 2, number, Tag(span.start, _code(_OPEN, span.key), "open", name)),
            (span.end, 0, -number, Tag(span.end, _code(_CLOSE, span.key), "close", name)),
        )
    for number, mark in enumerate(marks):
        if not mark.stands:
            found.append((mark.place, 1, number, Tag(mark.place, _code(_MARK, mark.key), "empty", "")))
    return [tag for *_, tag in sorted(found, key=lambda one: one[:3])]


def _exact(tags: Sequence[Tag], standing: Sequence[Mark], source: str, start: int) -> Iterator[str]:
    stands = sorted(
        [(tag.position - start, number, tag.raw, 0) for number, tag in enumerate(tags)]
        + [(mark.place - start, len(tags), _code(_MARK, mark.key), len(mark.stands)) for mark in standing]
    )
    position = 0
    for place_, _, raw, length in stands:
        yield _escaped(source[position:place_])
        yield raw
        position = place_ + length
    yield _escaped(source[position:])


def _code(kind: str, key: int) -> str:
    return f"{kind}{key}{_END}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: _ESCAPE + "abcde"[ord(found.group()) - ord(_OPEN)], text)


def _fragments(coded: str) -> Iterator[Fragment]:
    keys: list[int] = []
    text, position = "", 0
    for found in _CODES.finditer(coded):
        text += coded[position : found.start()]
        position = found.end()
        kind, number, special = found.groups()
        if special:
            text += chr(ord(_OPEN) + "abcde".index(special))
            continue
        if text:
            yield Words(text, tuple(keys))
            text = ""
        if kind == _OPEN:
            keys.append(int(number))
        elif kind == _CLOSE:
            # The innermost of that key: at the border of sentences others may still be open.
            del keys[len(keys) - 1 - keys[::-1].index(int(number))]
        else:
            yield Placed(int(number), tuple(keys))
    text += coded[position:]
    if text:
        yield Words(text, tuple(keys))
