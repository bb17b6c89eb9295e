"""One text with tags: taken apart for translation, and put together after it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from formats.markup import attributes, placing
from formats.markup.characters import HARD_SPACES, escaping
from formats.markup.reading import Reading, Stand, read
from formats.markup.rules import Rules
from formats.markup.tree import Tag, closed
from pipeline.alignment import Link

Piece = tuple[str, str | None]
"""A piece of the text as it was translated: source, and translation; None where nothing was translated."""

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


class Markup:
    """A text with tags.

    `text` is what a reader reads, with blank lines between blocks and a placeholder for each inline element that is not to
    be translated; behind it the values of attributes that people read. Guarantee: with translations that are their sources,
    `restore` gives the source back, byte for byte.
    """

    def __init__(self, source: str | Reading, rules: Rules) -> None:
        """`source`: or what has been read of it by those rules."""
        self._rules = rules
        self._read = read(source, rules) if isinstance(source, str) else source
        self.text = self._read.text
        self._starts = [stand.start for stand in self._read.stands]
        self._positions = [tag.position for tag in self._read.tags]

    @property
    def names_languages(self) -> bool:
        """Whether any attribute names a language."""
        return bool(self._read.languages)

    def levels(self, starts: Iterable[int]) -> Iterator[int]:
        """Yield for places of `text`, in order, the level of the heading that they are in (`<h1>`: 1); 0 in none."""
        tags = iter([*self._read.tags, None])
        tag, level = next(tags), 0
        for start in starts:
            while tag is not None and tag.position <= start:
                if tag.name in _HEADINGS:
                    level = int(tag.name[1]) if tag.kind == "open" else 0
                tag = next(tags)
            yield level if start < self._read.tail else 0

    def restore(
        self,
        pieces: Iterable[Piece],
        links: Iterable[Sequence[Link]] = (),
        source: str | None = None,
        *,
        named: bool | None = None,
    ) -> str:
        """Return the translation with everything that `text` does not have; the pieces' sources joined are `text`.

        `links`: for each piece which words belong together (`formats.markup.placing`). `source`: the language that the text
        was in, if it was to be detected. `named`: whether attributes of that language name the translation's now; None: if
        anything has changed.
        """
        given = list(pieces)
        told = list(links) or [()] * len(given)
        tags = self._tags(given, source, named)
        out: list[str] = []
        position = done = 0
        for (original, translation), mine in zip(given, told, strict=True):
            end = min(position + len(original), self._read.tail)
            if position < end:
                last = bisect_left(self._positions, end, done)
                if translation is None or translation == original or position + len(original) > end:
                    out += self._exact(tags[done:last], position, end)
                else:
                    last = closed(tags, done, last, end)
                    out.append(self._placed(tags[done:last], position, end, translation, mine))
                done = last
            position += len(original)
        # Tags behind the last character.
        out += (tag.raw for tag in tags[done:])
        return "".join(out)

    def _tags(self, pieces: Sequence[Piece], source: str | None, named: bool | None) -> list[Tag]:
        """Return the tags with attributes as they have to be in the translation."""
        tags = self._read.tags
        if named is None:
            named = any(translation is not None and translation != original for original, translation in pieces)
        edits: dict[int, list[tuple[int, int, str]]] = {}
        for number, attribute, text in self._new_values(pieces):
            edits.setdefault(number, []).append((attribute.start, attribute.end, attribute.written(text)))
        language = source or self._rules.source
        for number, attribute in self._read.languages if named and language and self._rules.target else ():
            if attributes.is_language(attribute.text, language):
                edits.setdefault(number, []).append(
                    (attribute.start, attribute.end, attribute.written(self._rules.target))
                )
        made = list(tags)
        for number, changes in edits.items():
            raw = tags[number].raw
            for start, end, new in sorted(changes, reverse=True):
                raw = raw[:start] + new + raw[end:]
            made[number] = replace(tags[number], raw=raw)
        return made

    def _new_values(self, pieces: Sequence[Piece]) -> Iterator[tuple[int, attributes.Attribute, str]]:
        """Yield the attributes whose values have changed, with the numbers of their tags."""
        if not self._read.values:
            return
        starts = [0, *accumulate(len(original) for original, _ in pieces)]
        for value in self._read.values:
            text = ""
            for number in range(max(0, bisect_right(starts, value.start) - 1), bisect_left(starts, value.end)):
                (original, translation), start = pieces[number], starts[number]
                if value.start <= start and start + len(original) <= value.end and translation is not None:
                    text += translation
                else:
                    text += original[max(0, value.start - start) : value.end - start]
            if text != value.attribute.text and text.strip():
                yield value.tag, value.attribute, text

    def _stands_in(self, start: int, end: int) -> Sequence[Stand]:
        return self._read.stands[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _exact(self, tags: Sequence[Tag], start: int, end: int) -> Iterator[str]:
        """Yield the source of a stretch of the text, to the last byte."""
        stands = self._stands_in(start, end)
        before = bisect_left(self._starts, start) - 1
        # What a piece before this one began belongs to it as a whole.
        position = max(start, self._read.stands[before].end) if before >= 0 else start
        marks = sorted(
            [(tag.position, 0, number, tag.position, tag.raw) for number, tag in enumerate(tags)]
            + [(stand.start, 1, number, stand.end, stand.raw) for number, stand in enumerate(stands)]
        )
        for place, _, _, continues, raw in marks:
            yield self.text[position:place]
            yield raw
            position = max(position, continues)
        yield self.text[position:end]

    def _placed(self, tags: Sequence[Tag], start: int, end: int, translation: str, links: Sequence[Link]) -> str:
        stands = self._stands_in(start, end)
        anchors = [
            placing.Anchor(stand.start - start, self.text[stand.start : stand.end], stand.raw)
            for stand in stands
            if stand.anchor
        ]
        here = [Tag(tag.position - start, tag.raw, tag.kind, tag.name) for tag in tags]
        text = self.text[start:end]
        entities = [
            (self.text[one.start : one.end], one.raw) for one in stands if one.raw[-1:] == ";" and one.raw[0] == "&"
        ]
        plain, position = [], start
        for stand in stands:
            plain.append(self.text[position : stand.start])
            position = stand.end
        plain.append(self.text[position:end])
        escape = escaping([one for one in entities if not one[0].startswith("{")], "\0".join(plain))
        hard = [
            placing.Anchor(one.start - start, self.text[one.start], one.raw)
            for one in stands
            if self.text[one.start : one.end] in HARD_SPACES
        ]
        return placing.place(placing.Sentence(text, translation, here, anchors, hard, links), escape)
