"""Texts of Apple's programs: .strings, with a key and a value a line; values only."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from formats.document import Notes, Options, Translated
from formats.errors import DocumentError
from formats.strings.codes import Parts
from formats.strings.prose import broken
from formats.text import data_xml, textfile
from formats.text.textfile import TextFile
from formats.text.values.value import Value, joined, paired

_STRING = r'"(?:[^"\\]++|\\[\s\S])*+"'
_ENTRY = re.compile(
    rf"(?:\s++|/\*(?:[^*]++|\*(?!/))*+\*/|//[^\r\n]*+|(?:{_STRING}|[\w.$/:-]++)\s*+(?:=\s*+({_STRING}|[\w.$/:-]++)\s*+)?;)"
)
_ESCAPE = re.compile(r"\\(?:[Uu]([0-9a-fA-F]{4})|([0-7]{1,3})|([\s\S]))")
_MEANT = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_WRITTEN = str.maketrans({"\\": "\\\\", '"': '\\"', "\r": "\\r"})


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
    """Yield the values that people read."""
    source = textfile.opened(file, options, notes)
    if _is_list(source):
        yield from data_xml.read(file, options, notes)
    else:
        yield from textfile.texts(_values(source))


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the file with translations; characters that its encoding does not have are written as escapes."""
    source = textfile.opened(file, options)
    if _is_list(source):
        yield from data_xml.write(file, translated, options)
        return
    yield from textfile.written(file, source, textfile.edits(_values(source), translated), _escape)


def _is_list(source: TextFile) -> bool:
    """Whether it is written as a property list."""
    return source.text.lstrip().startswith(("<?xml", "<plist", "<!DOCTYPE plist"))


def _values(source: TextFile) -> Iterator[Value]:
    text, position = source.text, 0
    while position < len(text):
        entry = _ENTRY.match(text, position)
        if entry is None:
            line = text.count("\n", 0, position) + 1
            raise DocumentError(
                f'line {line} is neither a comment nor an entry such as "key" = "value"; check it with `plutil -lint`, '
                "or send a plain text as .txt"
            )
        position = entry.end()
        raw = entry[1]
        if raw and raw.startswith('"') and (meant := paired(_ESCAPE.sub(_meaning, raw[1:-1]))):
            yield _value(entry.start(1), entry.end(1), raw, meant)


def _value(start: int, end: int, raw: str, meant: str) -> Value:
    # A line break may be written as one or as an escape.
    escapes = _WRITTEN | {ord(sign): escape for sign, escape in (("\n", "\\n"), ("\t", "\\t")) if sign not in raw}

    def write(parts: Parts) -> str:
        return f'"{joined(parts).translate(escapes)}"'

    return Value(start, end, list(broken(meant)), write)


def _meaning(found: re.Match[str]) -> str:
    code, octal, letter = found.groups()
    if code or octal:
        return chr(int(code, 16) if code else int(octal, 8))
    return _MEANT.get(letter, letter)


def _escape(character: str) -> str:
    """Return a character as these files write one that an encoding lacks."""
    units = character.encode("utf-16-be")
    return "".join(f"\\U{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2))
