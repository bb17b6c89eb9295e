"""Fields: codes with what came out of them when they were last run. Which results are translated, and what stays."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from formats.office.word.items import Container, Item, What
from formats.strings.prose import is_prose

# Their results are language, and nobody runs them again without being asked.
_TRANSLATED = frozenset(
    (
        "HYPERLINK",
        "TOC",
        "INDEX",
        "TOA",
        "REF",
        "STYLEREF",
        "FORMTEXT",
        "QUOTE",
        "IF",
        "TITLE",
        "SUBJECT",
        "COMMENTS",
        "RD",
    )
)


def is_translated(code: str) -> bool:
    """Whether the result of a field is translated, by its code."""
    words = code.split(None, 1)
    return bool(words) and words[0].upper() in _TRANSLATED


def is_contents(code: str) -> bool:
    """Whether a field is a table of contents."""
    return code.split(None, 1)[:1] in (["TOC"], ["toc"])


@dataclass
class _Open:
    """A field whose end has not come yet."""

    first: int
    path: tuple[int, ...]
    code: str = ""
    separate: int = -1
    here: bool = True
    """Whether it began in the paragraph that is being read."""


@dataclass
class Fields:
    """The fields of a story; some go over many paragraphs."""

    _open: list[_Open] = field(default_factory=list)

    @property
    def contents(self) -> bool:
        """Whether what comes is in a table of contents."""
        return any(is_contents(one.code) for one in self._open)

    def resolved(self, items: Sequence[Item], containers: list[Container]) -> tuple[list[Item], int]:
        """Return the items of a paragraph with its fields as items or containers, and how many fields stay as they are."""
        out: list[Item] = []
        kept = 0
        for item in items:
            if item.step == "begin":
                self._open.append(_Open(len(out), item.path))
                out.append(item)
            elif item.step == "end" and self._open:
                out.append(item)
                kept += _ended(out, self._open.pop(), containers)
            else:
                out.append(self._within(item, len(out)))
        for one in self._open:
            if one.here and _is_opaque(one):
                _silence(out, one.first)
                kept += 1
            one.here = False
        return out, kept

    def _within(self, item: Item, place: int) -> Item:
        """Return what comes between the borders of fields, or outside of them, as it counts there."""
        if self._open and item.step == "separate":
            self._open[-1].separate = place
        elif self._open and item.code and self._open[-1].separate < 0:
            self._open[-1].code += item.code
        elif item.text and any(not one.here and _is_opaque(one) for one in self._open):
            return _mark(item)
        return item


def _ended(out: list[Item], one: _Open, containers: list[Container]) -> int:
    """Take a field that ends with the last item; return how many fields stay as they are by that."""
    if one.here and one.path == out[-1].path and all(_inside(inner, one.path) for inner in out[one.first :]):
        return _closed(out, one, containers)
    if one.here and _is_opaque(one):
        _silence(out, one.first)
        return 1
    return 0


def _is_opaque(one: _Open) -> bool:
    """Whether what comes in an open field is no text: its code, or a result that stays."""
    return one.separate < 0 or not is_translated(one.code)


def _inside(item: Item, path: tuple[int, ...]) -> bool:
    return item.path[: len(path)] == path


def _closed(out: list[Item], one: _Open, containers: list[Container]) -> int:
    """Make a field that ends with the last item a container of its result, or one item that stays; return 1 for that."""
    mine = out[one.first :]
    if one.separate >= 0 and is_translated(one.code):
        border = one.separate - one.first + 1
        result = mine[border:-1]
        if is_prose("".join(item.text for item in result)):
            key, depth = len(containers), len(one.path)
            containers.append(Container(mine[:border], mine[-1:]))
            for item in result:
                item.path = (*item.path[:depth], key, *item.path[depth:])
            out[one.first :] = result
            return 0
    shown = one.separate >= 0 and any(item.has_text() for item in mine[one.separate - one.first + 1 : -1])
    what = What.NAME if shown else What.MARK
    out[one.first :] = [Item(what, mine[0].start, mine[-1].end, path=one.path, items=mine)]
    return int(shown)


def _mark(item: Item) -> Item:
    return Item(What.MARK, item.start, item.end, item.look, path=item.path, items=item.items, blocks=item.blocks)


def _silence(items: list[Item], first: int) -> None:
    """Make text a mark, so that it stays."""
    for number in range(first, len(items)):
        if items[number].what in (What.TEXT, What.NAME, What.BREAK, What.TAB):
            items[number] = _mark(items[number])
