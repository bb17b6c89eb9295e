"""Workbooks: texts of cells, each once although it may stand in many; then what stands on the sheets."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from formats.document import Notes, Options, Translated
from formats.office import package as packages
from formats.office.attributes import contents
from formats.office.blocks import Block, Known, Walk, asked
from formats.office.drawing import charts, related, shapes
from formats.office.drawing.shapes import Shape
from formats.office.package import Package
from formats.office.pictures import local
from formats.office.sheets import sheet as sheets
from formats.office.sheets.comments import comments
from formats.office.sheets.heads import HeadWords, free_words
from formats.office.sheets.strings import PREFIXES, strings
from formats.office.sheets.tables import Heads, heads_again, labels
from formats.xml.part import Part, Start
from formats.xml.splicing import Edits

_KIND = "a workbook"
_SHEETS = frozenset(("worksheet", "chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"))
_SIGN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_LETTER = re.compile(r"[^\W\d_]")
_TAG = re.compile(r"<[^<>]*+>")


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
    """Yield texts of cells, then comments, prompts, headers and footers, texts of shapes and charts, sheet by sheet."""
    return packages.read(file, _KIND, options, notes, _walk)


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the workbook with translations."""
    return packages.write(file, _KIND, translated, options, _walk)


class Cells(dict[str, Translated | None]):
    """What became of texts of cells, of those only that charts and tables say again."""

    def __init__(self, wanted: set[str]) -> None:
        super().__init__()
        self._wanted = wanted

    def setdefault(self, text: str, one: Translated | None = None) -> Translated | None:
        """Remember a text, if it is wanted."""
        return super().setdefault(text, one) if text in self._wanted else one


def _walk(package: Package, notes: Notes) -> Walk[None]:
    main = package.main()
    names = _listed(package, main)
    cells = Cells({text for block in _said_again(package, names) for text in block.texts})
    heads = {name: _heads(package, name) for name in names}
    choices: set[str] = set()
    kept: set[int] = set()
    typed: set[str] = set()
    for name in names:
        part = package.part(name)
        choices |= sheets.choices(part)
        if heads[name].last_row:
            numbers, texts = sheets.head_cells(part, heads[name], heads[name].last_row)
            kept |= numbers
            typed |= texts
    words = _head_words(package, main, kept, typed, choices)
    yield from words.asked()
    cells.update(words.became)
    for relation in package.related(main, ("sharedStrings",)):
        part = package.part(relation.target)
        yield from package.ask(part, _shared(part, kept, words, choices, notes), cells)
    done: set[str] = set()
    for name in names:
        part = package.part(name)
        yield from package.ask(part, sheets.blocks(part, sheets.Known(heads[name], words, choices), notes), cells)
        yield from _around(package, name, words, cells, done, notes)
    yield from package.about()
    package.relabel(done)
    if any(one.kind == "pivotCacheDefinition" for one in package.relations(main).values()):
        notes.left["pivot tables"] += 1
        notes.warn("Pivot tables show the texts of the source until they are refreshed.")


def _head_words(package: Package, main: str, kept: set[int], typed: set[str], choices: set[str]) -> HeadWords:
    """Return the heads of tables; those may change that stand in a cell just as they are called."""
    if not kept and not typed:
        return HeadWords((), ())
    named, free = free_words(package, main, _listed(package, main))
    last = max(kept, default=-1) if free else -1
    for relation in package.related(main, ("sharedStrings",)):
        found = islice(strings(package.part(relation.target), "si"), last + 1)
        typed |= {string.text for number, string in enumerate(found) if number in kept}
    return HeadWords(named, (free & typed) - choices)


def _shared(part: Part, kept: set[int], words: HeadWords, choices: set[str], notes: Notes) -> Iterator[Block]:
    """Yield the strings that cells share."""
    signs = _in_signs(part)
    for number, string in enumerate(strings(part, "si")):
        if number in kept:
            yield from sheets.head(string, words, notes)
        elif string.spoken and not signs:
            notes.left["texts with their pronunciation"] += 1
        else:
            yield string.block(keep=choices.__contains__)


def _in_signs(part: Part) -> bool:
    """Whether most of the strings are in the script in which they may say how they are read."""
    if b"rPh" not in part.data:
        return True
    text = _TAG.sub("", part.data.decode(errors="replace"))
    return 2 * len(_SIGN.findall(text)) > len(_LETTER.findall(text))


def _around(package: Package, name: str, words: HeadWords, cells: Known, done: set[str], notes: Notes) -> Walk[None]:
    """Ask for what belongs to a sheet: tables, comments and the answers to them, shapes, charts."""
    known: Known = {}
    if package.related(name, ("image",)):
        # Behind its cells.
        notes.left["pictures"] += 1
    # What a thread says is said again in a comment for programs that know no threads.
    for relation in package.related(name, ("table", "threadedComment", "comments", "drawing")):
        if relation.target in done:
            continue
        done.add(relation.target)
        part = package.part(relation.target)
        if relation.kind == "table":
            edits = Edits()
            yield from asked(heads_again(part, words.became), words.became, edits)
            yield from asked(labels(part), cells, edits)
            if edits:
                package.put(part, edits)
        elif relation.kind == "threadedComment":
            yield from package.ask(part, contents(part, "text"), known)
        elif relation.kind == "comments":
            yield from package.ask(part, comments(part), known)
        else:
            yield from package.ask(part, shapes.blocks(part, notes, wanted=_is_text), {})
            yield from related.ask(package, relation.target, done, notes, cells)


def _is_text(shape: Shape) -> bool:
    return not shape.linked


def _said_again(package: Package, names: list[str]) -> Iterator[Block]:
    """Yield what charts and tables say of cells."""
    for name in names:
        for relation in package.related(name, ("drawing", "table")):
            if relation.kind == "table":
                yield from labels(package.part(relation.target))
            else:
                for chart in package.related(relation.target, ("chart", "chartEx")):
                    yield from charts.blocks(package.part(chart.target))


def _heads(package: Package, name: str) -> Heads:
    heads = Heads()
    for relation in package.related(name, ("table",)):
        heads.add(package.part(relation.target))
    return heads


def _listed(package: Package, main: str) -> list[str]:
    """Return the sheets of a workbook, in its order."""
    relations = package.relations(main)
    names = []
    for event in package.part(main).events(PREFIXES):
        if isinstance(event, Start) and local(event.name) == "sheet":
            key = next((value for name, value in event.attributes.items() if name.endswith("}id")), "")
            if key in relations and relations[key].kind in _SHEETS:
                names.append(relations[key].target)
    return names
