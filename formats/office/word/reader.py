"""Documents of Word: the text, then headers, footers, notes, comments, charts, diagrams, and what it says of itself."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from formats.document import Notes, Options, Translated
from formats.errors import DocumentError
from formats.office import blocks
from formats.office import package as packages
from formats.office.attributes import values
from formats.office.blocks import Walk
from formats.office.drawing import related
from formats.office.package import Package
from formats.office.pictures import counted
from formats.office.word.fields import Fields
from formats.office.word.nodes import PREFIXES, grow
from formats.office.word.paragraphs import Became, Paragraph, asked
from formats.office.word.runs import Context
from formats.office.word.styles import Styles
from formats.xml.labels import label
from formats.xml.part import Part, Start
from formats.xml.splicing import Edits

_KIND = "a Word document (.docx)"
_STORIES = ("header", "footer", "footnotes", "endnotes", "comments")
_LANGUAGE = re.compile(
    rb"(<(?:[\w.-]{1,40}:)?(?:lang|themeFontLang)\s[^<>]*?)((?:[\w.-]{1,40}:)?val=)(\"[^\"<>]*+\"|'[^'<>]*+')"
)


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
    """Yield paragraphs, and alternative texts and text boxes behind the paragraphs that they hang on."""
    return packages.read(file, _KIND, options, notes, _walk)


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the document with translations."""
    return packages.write(file, _KIND, translated, options, _walk)


def _walk(package: Package, notes: Notes) -> Walk[None]:
    main = package.main()
    _check(package.part(main))
    styles = Styles()
    for relation in package.related(main, ("styles",)):
        styles = Styles.of(package.part(relation.target))
    done: set[str] = set()
    for name in (main, *(relation.target for relation in package.related(main, _STORIES))):
        if name not in done:
            done.add(name)
            yield from _story(package, name, styles, notes)
            yield from related.ask(package, name, done, notes)
    yield from package.about()
    if package.changed:
        for relation in package.related(main, ("styles", "settings", "numbering")):
            _put(package, package.part(relation.target), Edits())


def _check(part: Part) -> None:
    """Raise `DocumentError` if a main part is that of another kind of file."""
    root = next(one for one in part.events(PREFIXES) if isinstance(one, Start))
    if root.name != "w:document":
        raise DocumentError(
            f"the file is not {_KIND}, whatever its name says: its main part is {part.name}; give it the name that its "
            "program gave it"
        )


def _story(package: Package, name: str, styles: Styles, notes: Notes) -> Walk[None]:
    part = package.part(name)
    context = Context(part, styles, notes, lambda context, node, says: Paragraph(context, node, says=says))
    edits, fields, contents = Edits(), Fields(), _Contents()
    events = counted(part.events(PREFIXES), notes)
    for event in events:
        if not isinstance(event, Start):
            continue
        if event.name == "w:p" and not event.empty:
            paragraph = Paragraph(context, grow(event, events), fields)
            became = yield from asked(paragraph, {})
            if not contents.waits(paragraph, became):
                _write(became, edits)
        elif event.name in ("w:tblCaption", "w:tblDescription"):
            yield from blocks.asked(values(part, event, {"w:val": None}), {}, edits)
        elif event.name == "w:altChunk":
            notes.left["embedded documents"] += 1
    for became in contents.entries():
        _write(became, edits)
    if edits:
        _put(package, part, edits)


class _Contents:
    """Entries of a table of contents, which say what the headings say: in the same words after translation."""

    def __init__(self) -> None:
        self._entries: list[Became] = []
        self._waited: set[str] = set()
        self._headings: dict[str, Translated] = {}

    def waits(self, paragraph: Paragraph, became: Became) -> bool:
        """Take a paragraph; whether it is an entry and has to wait for its heading."""
        mine = became[-1].translated
        if paragraph.in_contents:
            self._entries.append(became)
            self._waited.update(one.source for one in mine)
        elif paragraph.is_heading or any(one.source in self._waited for one in mine):
            self._headings.update((one.source, one) for one in mine if one.source not in self._headings)
        return paragraph.in_contents

    def entries(self) -> Iterator[Became]:
        """Yield what becomes of the entries, once all headings are known."""
        for became in self._entries:
            last = became[-1]
            words = [self._headings.get(one.source, one) for one in last.translated]
            yield [*became[:-1], last._replace(translated=words)]


def _write(became: Became, edits: Edits) -> None:
    """Write what became of a paragraph and of what is inside of it, the inner ones first."""
    for one in became:
        if isinstance(one.block, Paragraph) or any(text.changed for text in one.translated):
            one.block.write(one.translated, one.edits)
    edits.extend(became[-1].edits)


def _put(package: Package, part: Part, edits: Edits) -> None:
    """Keep what becomes of a part, with the languages of its texts."""
    options = package.options

    def labelled(found: re.Match[bytes]) -> bytes:
        value = found[3]
        return found[1] + found[2] + value[:1] + label(value[1:-1].decode(), options).encode() + value[:1]

    new = _LANGUAGE.sub(labelled, edits.spliced(part.data))
    if new != part.data:
        package.changed[part.name] = package.archive.pack(part.name, [part.encoded(new)])
