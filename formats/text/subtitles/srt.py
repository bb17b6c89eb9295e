"""Subtitles of SubRip."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from formats.document import Notes, Options, Translated
from formats.errors import DocumentError
from formats.strings.codes import Code
from formats.text import textfile
from formats.text.subtitles.cues import Sentences, sentences
from formats.text.subtitles.stretches import Cue, Style
from formats.text.textfile import TextFile

_TIME = r"(\d{1,3}):(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMES = re.compile(rf"(?m)^[ \t]{{0,9}}{_TIME}[ \t]{{0,9}}-->[ \t]{{0,9}}{_TIME}([^\n\r]*+)(?:\r\n|[\n\r]|\Z)")
_NUMBER = re.compile(r"(?:\A|[\n\r])[ \t]{0,9}\d{1,9}[ \t]{0,9}(?:\r\n|[\n\r])\Z")
_CODE = re.compile(
    r"</?(?:[ibus]|font|em|strong)\b[^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}|\{/?[a-zA-Z]:?[^{}\s]{0,40}\}", re.IGNORECASE
)
_NAME = re.compile(r"</?([a-zA-Z]+)")


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
    """Yield what is said: sentences of several cues as one text."""
    yield from textfile.texts(_sentences(_opened(file, options, notes)))


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the subtitles with translations; what the encoding lacks makes the file UTF-8 with a byte order mark."""
    source = _opened(file, options, Notes())
    yield from textfile.written(file, source, textfile.edits(_sentences(source), translated))


def _opened(file: BinaryIO, options: Options, notes: Notes) -> TextFile:
    return textfile.opened(file, options, notes, otherwise="cp1252")


def _sentences(source: TextFile) -> Iterator[Sentences]:
    newline = "\r\n" if "\r\n" in source.text else "\n"
    return sentences(_cues(source.text), Style(_CODE, _code), newline)


def _cues(text: str) -> Iterator[Cue]:
    found = list(_TIMES.finditer(text))
    if not found and text.strip():
        raise DocumentError(
            "no times of subtitles are in it (such as 00:00:01,000 --> 00:00:02,500); send a plain text as .txt"
        )
    for number, times in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        first = times.end()
        # The number of the next cue stands in the line before its times.
        window = max(first, end - 40)
        if number + 1 < len(found) and (own := _NUMBER.search(text[window:end])):
            end = window + own.start()
        shown = text[first:end].rstrip()
        yield Cue(_seconds(times.groups()[:4]), _seconds(times.groups()[4:8]), times[9].strip(), first, shown)


def _seconds(time: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, rest = (one or "0" for one in time)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{rest}")


def _code(raw: str) -> Code:
    if raw.startswith("{"):
        return Code("mark", raw)
    name = _NAME.match(raw)
    return Code("close" if raw.startswith("</") else "open", raw, name[1].lower() if name else "")
