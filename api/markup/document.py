"""One text with tags: taken apart for translation, and put together after it."""

import html as entities
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from api.markup import placing
from api.markup.rules import Rules
from api.markup.tokens import Token, tokens

Piece = tuple[str, str | None]
"""A piece of the text as it was translated: source, and translation; None where nothing was translated."""

# Space with a line break in it, which is one space to a reader, and entities. Space is looked at from its beginning only.
_SPECIAL = re.compile(
    r"(?<![ \t\f])[ \t\f]*+[\r\n][ \t\r\n\f]*|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
)
_SEPARATOR = "\n\n"
# What a text may have that looks like the beginning of a placeholder.
_LIKE_PLACEHOLDER = re.compile(r"\{(k(?:\d{1,7}k)?)")


@dataclass(frozen=True, slots=True)
class _Stand:
    """Characters of the text that stand for something else in the source; `anchor`: it comes back where they come out."""

    start: int
    end: int
    raw: str
    anchor: bool


class Markup:
    """A text with tags.

    `text` is what a reader reads, with blank lines between blocks and a placeholder for each inline element that is not to
    be translated. Guarantee: with translations that are their sources, `restore` gives the source back, byte for byte.
    """

    def __init__(self, source: str, rules: Rules) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._ends_block = True
        self._stands: list[_Stand] = []
        self._tags: list[placing.Tag] = []
        self._prefix = _unused(source)
        self._placeholders = count(1)
        found = list(tokens(source, html=rules.html))
        rules = rules.for_document(found)
        self._read(found, rules)
        self.text = "".join(self._pieces)
        self._starts = [stand.start for stand in self._stands]
        self._positions = [tag.position for tag in self._tags]

    def _read(self, found: Sequence[Token], rules: Rules) -> None:
        position = 0
        while position < len(found):
            token = found[position]
            if token.kind == "open" and rules.is_kept(token):
                end = _end_of_element(found, position)
                self._keep("".join(one.raw for one in found[position:end]), token, rules)
                position = end
                continue
            if token.kind == "text":
                self._add_text(token.raw)
            elif rules.breaks_line(token):
                self._stand("\n", token.raw, anchor=True)
                self._ends_block = True
            else:
                if rules.is_block(token):
                    self._end_block()
                self._tags.append(placing.Tag(self._length, token.raw, token.kind, token.name))
            position += 1

    def _keep(self, raw: str, token: Token, rules: Rules) -> None:
        """Take an element that is not translated: as one tag if it is a block, else with a placeholder in the sentence."""
        if rules.is_block(token):
            self._end_block()
            self._tags.append(placing.Tag(self._length, raw, "empty", ""))
        else:
            self._stand(f"{{{self._prefix}{next(self._placeholders)}}}", raw, anchor=True)
            self._ends_block = False

    def _end_block(self) -> None:
        if not self._ends_block:
            self._stand(_SEPARATOR, "", anchor=False)
            self._ends_block = True

    def _add_text(self, raw: str) -> None:
        position = 0
        for match in _SPECIAL.finditer(raw):
            self._add(raw[position : match.start()])
            position = match.end()
            special = match.group()
            if not special.startswith("&"):
                self._add_space(special)
            elif (meant := entities.unescape(special)) != special and "\0" not in meant:
                self._stand(meant, special, anchor=False)
                self._ends_block = False
            else:
                self._add(special)
        self._add(raw[position:])

    def _add_space(self, raw: str) -> None:
        if self._ends_block:
            self._tags.append(placing.Tag(self._length, raw, "empty", ""))
        else:
            self._stand(" ", raw, anchor=False)

    def _add(self, text: str) -> None:
        if text:
            self._pieces.append(text)
            self._length += len(text)
            self._ends_block = False

    def _stand(self, text: str, raw: str, *, anchor: bool) -> None:
        self._stands.append(_Stand(self._length, self._length + len(text), raw, anchor))
        self._pieces.append(text)
        self._length += len(text)

    def restore(self, pieces: Iterable[Piece]) -> str:
        """Return the translation with everything that `text` does not have; the pieces' sources joined are `text`."""
        out: list[str] = []
        position = 0
        for source, translation in pieces:
            end = position + len(source)
            if translation is None or translation == source:
                out += self._exact(position, end)
            else:
                out.append(self._placed(position, end, translation))
            position = end
        # Tags behind the last character.
        out += (tag.raw for tag in self._tags[bisect_left(self._positions, position) :])
        return "".join(out)

    def _tags_in(self, start: int, end: int) -> Sequence[placing.Tag]:
        return self._tags[bisect_left(self._positions, start) : bisect_left(self._positions, end)]

    def _stands_in(self, start: int, end: int) -> Sequence[_Stand]:
        return self._stands[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _exact(self, start: int, end: int) -> Iterator[str]:
        """Yield the source of a stretch of the text, to the last byte."""
        stands = self._stands_in(start, end)
        before = bisect_left(self._starts, start) - 1
        # What a piece before this one began belongs to it as a whole.
        position = max(start, self._stands[before].end) if before >= 0 else start
        marks = sorted(
            [(tag.position, 0, number, tag.position, tag.raw) for number, tag in enumerate(self._tags_in(start, end))]
            + [(stand.start, 1, number, stand.end, stand.raw) for number, stand in enumerate(stands)]
        )
        for place, _, _, continues, raw in marks:
            yield self.text[position:place]
            yield raw
            position = max(position, continues)
        yield self.text[position:end]

    def _placed(self, start: int, end: int, translation: str) -> str:
        anchors = [
            placing.Anchor(stand.start - start, self.text[stand.start : stand.end], stand.raw)
            for stand in self._stands_in(start, end)
            if stand.anchor
        ]
        tags = [placing.Tag(tag.position - start, tag.raw, tag.kind, tag.name) for tag in self._tags_in(start, end)]
        return placing.place(self.text[start:end], translation, tags, anchors)


def _unused(source: str) -> str:
    """Return a short name with which no brace of the source goes on."""
    taken = set(_LIKE_PLACEHOLDER.findall(source))
    return next(name for number in count() if (name := f"k{number}k") not in taken) if taken else "k"


def _end_of_element(found: Sequence[Token], start: int) -> int:
    """Return the position behind the end of the element that begins at `start`; the end of all if it has none."""
    name = found[start].name
    depth = 0
    for position in range(start, len(found)):
        if found[position].name == name:
            depth += {"open": 1, "close": -1}.get(found[position].kind, 0)
            if depth == 0:
                return position + 1
    return len(found)
