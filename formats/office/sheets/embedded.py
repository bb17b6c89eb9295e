"""Workbooks within documents: what a chart shows of their cells is the same in both."""

import io
from collections.abc import Iterator

from formats.document import Notes
from formats.errors import DocumentError
from formats.office.blocks import Block, Known, Says, asked, texts
from formats.office.package import Package
from formats.office.sheets.strings import strings
from formats.office.sheets.tables import columns, heads_again, names_columns
from formats.xml.part import Part
from formats.xml.splicing import Edits


def in_step(package: Package, name: str, shown: Known, notes: Notes) -> None:
    """Give the cells of a chart's workbook the translations of the names that the chart shows of them.

    All else in it stays as it is, and all of it where the names are heads of a table and formulas use them.
    """
    words: Known = {text: one for text, one in shown.items() if one is not None and one.changed}
    try:
        inner = Package(io.BytesIO(package.archive.read(name)), "a workbook", package.options)
        main = inner.main()
        if not name.lower().endswith((".xlsx", ".xlsm")):
            raise DocumentError(f"{name} is no workbook of XML")
    except DocumentError:
        notes.warn("A chart's workbook cannot be read, so it stays as it is; its names are those of the source there.")
        return
    if not words or not _is_free(inner, main, {text: one.text for text, one in words.items() if one}):
        return
    for kind, found in (("sharedStrings", "si"), ("worksheet", "is")):
        for relation in inner.related(main, (kind,)):
            part = inner.part(relation.target)
            _follow(inner, part, (string.block(Says.AFTER) for string in strings(part, found)), words)
    for table in _tables(inner, main):
        _follow(inner, table, heads_again(table, words), words)
    if inner.changed:
        package.changed[name] = package.archive.pack(name, inner.result())


def _follow(package: Package, part: Part, blocks: Iterator[Block], words: Known) -> None:
    edits = Edits()
    # These blocks ask for nothing.
    assert not list(texts(asked(blocks, words, edits)))
    if edits:
        package.put(part, edits)


def _is_free(package: Package, main: str, words: dict[str, str]) -> bool:
    """Whether the heads of tables may change: no formula uses them, and no two become alike."""
    for table in _tables(package, main):
        heads = columns(table)
        if any(head in words for head in heads):
            became = {words.get(head, head).casefold() for head in heads}
            used = any(
                names_columns(part)
                for part in (table, *(package.part(one.target) for one in package.related(main, ("worksheet",))))
            )
            if used or len(became) < len(heads):
                return False
    return True


def _tables(package: Package, main: str) -> Iterator[Part]:
    for sheet in package.related(main, ("worksheet",)):
        for table in package.related(sheet.target, ("table",)):
            yield package.part(table.target)
