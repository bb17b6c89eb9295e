"""Files of plain text: their characters, changes at places in them, and the file with these, in its own encoding."""

import codecs
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple, Protocol

from formats.document import Notes, Options, Translated
from pipeline.encodings import TextDecoder
from pipeline.errors import EncodingError

_CHUNK = 1 << 20
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Edit(NamedTuple):
    """What stands from one place of a text to another one afterwards."""

    start: int
    end: int
    text: str


class Slot(Protocol):
    """A place of a file that has texts to be translated."""

    @property
    def texts(self) -> Sequence[str]:
        """The texts that it has; there may be none."""

    def edits(self, translated: Sequence[Translated]) -> Iterator[Edit]:
        """Yield what changes with the translations of its texts, one each; some of them are others than the texts."""


@dataclass(frozen=True)
class TextFile:
    """A file of plain text; `text` has no byte order mark."""

    text: str
    encoding: str
    mark: bytes = b""


def opened(
    file: BinaryIO, options: Options, notes: Notes | None = None, *, declared: str | None = None, otherwise: str = ""
) -> TextFile:
    """Return the characters of a file.

    `declared`: by the file itself, in its own way; `otherwise`: what it is read as if nobody says so and it is not UTF-8.
    Raises `EncodingError`, `FormatError`.
    """
    file.seek(0)
    data = file.read()
    decoder = TextDecoder(options.encoding, declared=declared)
    try:
        text = decoder.feed(data) + decoder.finish()
        encoding = decoder.encoding
    except EncodingError:
        if options.encoding or declared or not otherwise or 0 in data[:_CHUNK]:
            raise
        try:
            text, encoding = data.decode(otherwise), otherwise
        except UnicodeDecodeError as error:
            raise EncodingError(otherwise, error.start, error.reason) from None
        if notes is not None:
            notes.warn(
                f"The file is not UTF-8 and does not say what it is, so it was read as {otherwise}; if letters are wrong, "
                "say which encoding it is."
            )
    if notes is not None:
        notes.encoding = encoding
    mark = next((one for one in _MARKS if encoding.startswith("utf") and data.startswith(one)), b"")
    return TextFile(text.removeprefix("\ufeff") if mark == codecs.BOM_UTF8 else text, encoding, mark)


def texts(slots: Iterator[Slot]) -> Iterator[str]:
    """Yield the texts of all places."""
    for slot in slots:
        yield from slot.texts


def edits(slots: Iterator[Slot], translated: Iterator[Translated]) -> list[Edit]:
    """Return what changes with the translations of `texts`."""
    found: list[Edit] = []
    for slot in slots:
        mine = [next(translated) for _ in slot.texts]
        if any(one.changed for one in mine):
            found += slot.edits(mine)
    return found


def written(
    file: BinaryIO, source: TextFile, changes: Sequence[Edit], missing: Callable[[str], str] | None = None
) -> Iterator[bytes]:
    """Yield the file with changes; without any it is as it was, to the last byte.

    Characters that its encoding does not have are written as `missing` writes each; without that the whole file becomes
    UTF-8 with a byte order mark, by which programs know it.
    """
    if not changes:
        file.seek(0)
        yield from iter(lambda: file.read(_CHUNK), b"")
        return
    encoding, mark = source.encoding, source.mark
    ordered = sorted(changes, key=lambda one: (one.start, one.end))
    if missing is not None:
        ordered = [one._replace(text=fitting(one.text, encoding, missing)) for one in ordered]
    elif not all(fits(one.text, encoding) for one in ordered):
        encoding, mark = "utf-8", codecs.BOM_UTF8
    yield mark
    position = 0
    for start, end, text in ordered:
        yield source.text[position:start].encode(encoding)
        yield text.encode(encoding)
        position = end
    yield source.text[position:].encode(encoding)


def fits(text: str, encoding: str) -> bool:
    """Whether an encoding has all characters of a text."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def fitting(text: str, encoding: str, missing: Callable[[str], str]) -> str:
    """Return a text with what an encoding does not have written otherwise."""
    if fits(text, encoding):
        return text
    return "".join(one if fits(one, encoding) else missing(one) for one in text)
