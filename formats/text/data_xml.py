"""XML of many kinds, told by its root: strings of Android, property lists of Apple, XLIFF, web pages, and all others.

What it is decides what in it is language; of XML that nobody here knows, it is all text between its tags.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from formats.document import Notes, Options, Piece, Reader, Translated
from formats.markup.document import Markup
from formats.markup.rules import Rules
from formats.markup.texts import restored
from formats.markup.texts import texts as markup_texts
from formats.markup.tokens import Token
from formats.strings.prose import is_prose
from formats.text.catalogues import xliff
from formats.text.values import android, plist
from formats.web import xhtml
from formats.xml.part import Part, Start
from formats.xml.splicing import Edits


class _Values(Protocol):
    def texts(self, part: Part, notes: Notes) -> Iterator[str]: ...

    def edits(self, part: Part, translated: Iterator[Translated], options: Options) -> Edits: ...


_BREAKS = frozenset(("br", "lb", "break", "linebreak", "line-break", "newline"))


@dataclass(frozen=True, slots=True)
class _Rules(Rules):
    """What the tags of XML mean that nobody here knows: an empty one of these names is a line break everywhere."""

    html: bool = False

    def breaks_line(self, token: Token) -> bool:
        return token.kind == "empty" and token.name.rpartition(":")[2].lower() in _BREAKS


_READERS: dict[str, Reader] = {"xliff": xliff, "html": xhtml}
_BY_ROOT: dict[str, _Values] = {"resources": android, "plist": plist}


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
    """Yield the texts of what the file is."""
    part, root = _opened(file)
    if reader := _READERS.get(root):
        yield from reader.read(file, options, notes)
    elif values := _BY_ROOT.get(root):
        yield from values.texts(part, notes)
    else:
        yield from filter(is_prose, markup_texts(_markup(part, options).text))


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the file with translations; characters that its encoding does not have are written as references."""
    part, root = _opened(file)
    if reader := _READERS.get(root):
        yield from reader.write(file, translated, options)
    elif values := _BY_ROOT.get(root):
        changes = values.edits(part, translated, options)
        file.seek(0)
        yield part.encoded(changes.spliced(part.data)) if changes else file.read()
    else:
        markup = _markup(part, options)
        made = restored(markup, _all(markup, translated), options).encode()
        file.seek(0)
        yield part.encoded(made) if made != part.data else file.read()


def _all(markup: Markup, translated: Iterator[Translated]) -> Iterator[Translated]:
    """Yield all texts of a markup: those that were read with their translations, the others as they are."""
    for text in markup_texts(markup.text):
        yield next(translated) if is_prose(text) else Translated([Piece(text, None)])


def _markup(part: Part, options: Options) -> Markup:
    for _ in part.events({}, {}):
        # To its end, so that what is not well-formed is refused.
        pass
    return Markup(part.data.decode(), _Rules(source=options.source, target=options.target))


def _opened(file: BinaryIO) -> tuple[Part, str]:
    """Return the file, and the name of its outermost element."""
    file.seek(0)
    part = Part(file.read(), "the file")
    root = next((event.name for event in part.events({}, {}) if isinstance(event, Start)), "")
    return part, root.rpartition("}")[2]
