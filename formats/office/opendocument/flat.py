"""OpenDocument files that are one XML file (.fodt), with all that the parts of an archive have."""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from formats.document import Notes, Options, Translated
from formats.errors import DocumentError
from formats.office.opendocument.names import PREFIXES
from formats.office.opendocument.part import Changes, Contents, texts_of
from formats.office.opendocument.styles import Styles
from formats.office.package import MACROS
from formats.xml.part import Part, Start

# Programs write the lists of macros also where there are none.
_MACROS = re.compile(rb"<(?:[\w.-]{1,40}:)?source-code[\s>]")


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:  # noqa: ARG001 -- as all readers are called
    """Yield the texts, in the order of the file."""
    part = _part(file)
    if _MACROS.search(part.data):
        notes.warn(MACROS)
    yield from texts_of(part, Styles(), notes, Contents())


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the file with translations."""
    part, contents = _part(file), Contents()
    changes = Changes(part, Styles(), contents, translated, options)
    if changes:
        yield part.encoded(changes.edits().spliced(part.data))
    else:
        file.seek(0)
        yield file.read()


def _part(file: BinaryIO) -> Part:
    file.seek(0)
    raw = file.read()
    if not raw.removeprefix(codecs.BOM_UTF8).lstrip().startswith((b"<", codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DocumentError(
            "this is no flat OpenDocument file, which is one XML file; if it is an archive give it the name it should have, "
            "such as .odt, else open it with the program that it was made with and save it as .odt"
        )
    part = Part(raw, "the file")
    root = next((event for event in part.events(PREFIXES) if isinstance(event, Start)), None)
    if root is None or root.name != "office:document":
        raise DocumentError(
            "this is an XML file, but no OpenDocument file; open it with the program that it was made with, and save it "
            "as .odt"
        )
    return part
