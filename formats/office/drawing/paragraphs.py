"""Paragraphs of DrawingML: runs with the tips of their links, line breaks and fields."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from formats.document import Translated
from formats.office.attributes import Plain, values
from formats.office.blocks import Block, Says
from formats.office.runs import Item, Run, Runs, Thing
from formats.xml.part import End, Event, Part, Start, Text, written
from formats.xml.splicing import Edits

# What tells nothing of the look: the language, and what the spelling checker found.
_NO_LOOK = re.compile(rb"\s(?:lang|altLang|dirty|err|smtClean|bmk|noProof)\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+')")
_SPACE = re.compile(rb">\s++<")
_EMPTY = re.compile(rb"<(?:[\w.-]{1,40}:)?rPr\s*+(?:/>|>\s*+</(?:[\w.-]{1,40}:)?rPr\s*+>)")


_NO_CHILDREN = frozenset(("a:pPr", "a:endParaRPr"))
_LINKS = frozenset(("a:hlinkClick", "a:hlinkMouseOver"))


class _Child(NamedTuple):
    """A run, or what is no text."""

    start: int
    end: int
    text: str
    look: bytes = b""
    content: tuple[int, int] | None = None
    """Where the text of a run is; None: it is none."""


class Paragraph:
    """Reads a paragraph by its events, and says when it ends."""

    def __init__(self, part: Part, start: Start, says: Says) -> None:
        self._part, self._says = part, says
        self._span = (start.end, start.end)
        self._children: list[_Child] = []
        self._tips: list[tuple[int, Plain]] = []
        self._depth = 0
        self._child: Start | None = None
        # Of a run: where its look is, where its text is, and that.
        self._look = (0, 0)
        self._content: tuple[int, int] | None = None
        self._text: list[str] = []
        self._in_text = False

    def take(self, event: Event) -> bool:
        """Take the next event; whether the paragraph has ended with it."""
        if isinstance(event, Text):
            if self._in_text:
                self._text.append(event.text)
        elif isinstance(event, Start):
            self._begin(event)
        else:
            self._depth -= 1
            if self._depth == 1:
                self._inner_end(event)
            elif self._depth == 0 and self._child is not None:
                self._outer_end(self._child, event)
        return self._depth < 0

    def _begin(self, event: Start) -> None:
        self._depth += 1
        if self._depth == 1:
            self._child = event
            self._content, self._text, self._look = None, [], (event.end, event.end)
        elif self._depth == 2 and self._child is not None and self._child.name == "a:r":
            if event.name == "a:rPr":
                self._look = (event.start, event.end)
            elif event.name == "a:t" and not event.empty:
                self._in_text, self._content = True, (event.end, event.end)
        elif event.name in _LINKS and self._child is not None and self._child.name not in _NO_CHILDREN:
            self._tips += ((self._child.start, tip) for tip in values(self._part, event, {"tooltip": None}))

    def _inner_end(self, event: End) -> None:
        if event.name == "a:rPr":
            self._look = (self._look[0], event.end)
        elif self._in_text and event.name == "a:t" and self._content is not None:
            self._in_text, self._content = False, (self._content[0], event.start)

    def _outer_end(self, child: Start, event: End) -> None:
        data = self._part.data
        if child.name in _NO_CHILDREN:
            return
        if not self._children:
            self._span = (child.start, event.end)
        self._span = (self._span[0], event.end)
        if child.name != "a:r":
            self._children.append(_Child(child.start, event.end, "\n" if child.name == "a:br" else ""))
        elif self._content is not None:
            # Line ends within a run are spaces to the program.
            text = re.sub(r"[\r\n]", " ", "".join(self._text))
            look = _look(data[slice(*self._look)])
            self._children.append(_Child(child.start, event.end, text, look, self._content))

    def block(self, level: int = 0) -> Block:
        """Return what is translated in it; `level`: of a heading."""
        return _Tipped(self, level, self._tips) if self._tips else self.runs({}, level)

    def runs(self, changes: Mapping[int, Edits], level: int) -> Runs:
        """Return its runs with changes in their tags, by where a run starts."""
        items = [self._item(child, changes.get(child.start, Edits())) for child in self._children]
        return Runs(items, self._span, written, self._says, level=level)

    def _item(self, child: _Child, changes: Edits) -> Item:
        data = self._part.data
        if child.content is None:
            return Thing(b"".join(changes.applied(data, child.start, child.end)), child.text)
        first, last = child.content
        head = b"".join(changes.applied(data, child.start, first))
        return Run(child.text, child.look, head, data[last : child.end])


class _Tipped:
    """A paragraph of which runs are links with tips; these are texts behind its own, each once."""

    def __init__(self, paragraph: Paragraph, level: int, tips: Sequence[tuple[int, Plain]]) -> None:
        self._paragraph, self._level, self._tips = paragraph, level, tips
        self._runs = paragraph.runs({}, level)
        self.says = self._runs.says
        self._own = list(self._runs.texts)
        self._said = list(dict.fromkeys(text for _, tip in tips for text in tip.texts))

    @property
    def texts(self) -> Sequence[str]:
        """Its own texts, and those of the tips."""
        return [*self._own, *self._said]

    def write(self, translated: Sequence[Translated], edits: Edits) -> None:
        """Write what has changed."""
        own, said = translated[: len(self._own)], translated[len(self._own) :]
        became = dict(zip(self._said, said, strict=True))
        changes: dict[int, Edits] = {}
        for start, tip in self._tips:
            mine = [became[text] for text in tip.texts]
            if any(one.changed for one in mine):
                tip.write(mine, changes.setdefault(start, Edits()))
        if any(one.changed for one in own):
            self._paragraph.runs(changes, self._level).write(own, edits)
        else:
            for found in changes.values():
                edits.extend(found)


def _look(raw: bytes) -> bytes:
    look = _SPACE.sub(b"><", _NO_LOOK.sub(b"", raw))
    return b"" if _EMPTY.fullmatch(look) else look
