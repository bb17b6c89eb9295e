"""Paragraphs of pages as a Word file or a web page."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from formats.document import Options, Piece, Translated
from formats.making import word
from formats.pdf.document import Paragraph
from formats.pdf.layout import BOLD, ITALIC
from formats.pdf.texts import Look, Text
from formats.strings.inline import Words, place

_EDGES: dict[str, word.Edge] = {"head": "header", "foot": "footer"}

_Fragment = tuple[str, Look, bool]
"""Words, how they look, and whether they are raised."""


def as_word(paragraphs: Iterator[Paragraph], translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield a Word file."""
    file = word.WordFile("")
    for is_row, group in groupby(paragraphs, key=lambda one: len(one.texts) > 1):
        if is_row:
            yield from _word_table(file, list(group), translated, options)
            continue
        for paragraph in group:
            fragments, language = _translated(paragraph.texts[0], translated, options)
            if paragraph.label:
                fragments = [(f"{paragraph.label}\t", Look(), False), *fragments]
            if paragraph.margin:
                runs = word.run("".join(words for words, _, _ in fragments), word.Look(language=language))
                file.on_every_page(_EDGES[paragraph.margin], word.paragraph(runs))
                continue
            runs = _runs(file, fragments, language, bold=paragraph.bold and not paragraph.level)
            style = f"Heading{paragraph.level}" if paragraph.level else ""
            yield file.write(word.paragraph(runs, style=style, hanging=bool(paragraph.label)))
    yield file.finish()


def as_page(paragraphs: Iterator[Paragraph], translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield a web page."""
    head = '<head><meta charset="utf-8"><title></title></head>'
    yield f'<!DOCTYPE html>\n<html lang="{escape(options.target)}">\n{head}\n<body>\n'.encode()
    for is_row, group in groupby(paragraphs, key=lambda one: len(one.texts) > 1):
        if is_row:
            rows = [[_tags(_translated(text, translated, options)[0]) for text in row.texts] for row in group]
            lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
            yield ("<table>\n" + "".join(f"<tr>{line}</tr>\n" for line in lines) + "</table>\n").encode()
            continue
        for paragraph in group:
            inner = _tags(_translated(paragraph.texts[0], translated, options)[0])
            if paragraph.bold and not paragraph.level:
                inner = f"<strong>{inner}</strong>"
            label = f"{escape(paragraph.label)} " if paragraph.label else ""
            tag = f"h{paragraph.level}" if paragraph.level else "p"
            yield f"<{tag}>{label}{inner}</{tag}>\n".encode()
    yield b"</body>\n</html>\n"


def _word_table(
    file: word.WordFile, rows: Sequence[Paragraph], translated: Iterator[Translated], options: Options
) -> Iterator[bytes]:
    columns = max(len(row.texts) for row in rows)
    yield file.write(word.table_start(columns, file.width))
    for row in rows:
        cells = []
        for text in row.texts:
            fragments, language = _translated(text, translated, options)
            cells.append(word.paragraph(_runs(file, fragments, language)))
        cells += [word.paragraph("")] * (columns - len(cells))
        yield file.write(word.row(cells, [""] * columns))
    yield file.write(f"</w:tbl>{word.paragraph('')}")


def _translated(text: Text, translated: Iterator[Translated], options: Options) -> tuple[list[_Fragment], str]:
    """Return a text's translation in pieces, and the language that it is in."""
    found = next(translated) if text.given else Translated([Piece(text.text, None)] if text.text else [])
    fragments: list[_Fragment] = []
    for one in place(text.spans, text.points, found):
        looks = [text.looks[key] for key in one.keys]
        style = 0
        for look in looks:
            style |= look.style
        address = next((look.address for look in looks if look.address), "")
        raised = not isinstance(one, Words)
        words = text.marks[one.key - len(text.looks)] if not isinstance(one, Words) else one.text
        fragments.append((words, Look(style, address), raised))
    return fragments, options.target if found.changed else options.source


def _runs(file: word.WordFile, fragments: Sequence[_Fragment], language: str, *, bold: bool = False) -> str:
    runs = []
    for words, look, raised in fragments:
        made = word.run(
            words,
            word.Look(
                bold=bold or bool(look.style & BOLD),
                italic=bool(look.style & ITALIC),
                language=language,
                raised=raised,
                style="Hyperlink" if look.address else "",
            ),
        )
        runs.append(file.link(look.address, made) if look.address else made)
    return "".join(runs)


def _tags(fragments: Sequence[_Fragment]) -> str:
    pieces = []
    for words, look, raised in fragments:
        piece = f"<sup>{escape(words)}</sup>" if raised else escape(words)
        piece = f"<em>{piece}</em>" if look.style & ITALIC else piece
        piece = f"<strong>{piece}</strong>" if look.style & BOLD else piece
        pieces.append(f'<a href="{escape(look.address)}">{piece}</a>' if look.address else piece)
    return "".join(pieces)
