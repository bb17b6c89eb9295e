"""Texts of Java programs (.properties): values only; keys and comments stay."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from formats.document import Notes, Options, Translated
from formats.strings.codes import Code, Parts
from formats.strings.icu import branched
from formats.strings.prose import broken
from formats.text import textfile
from formats.text.textfile import TextFile
from formats.text.values.value import Value, joined, paired

# A line with those that it goes on in; a backslash at its end says so.
_LINE = re.compile(r"[ \t\f]*+(?:[#!][^\r\n]*+|((?:[^\\\r\n]++|\\(?:\r\n|[\s\S]|\Z))*+))(?:\r\n|[\r\n]|\Z)")
_KEY = re.compile(r"(?:[^\\\s=:]++|\\(?:\r\n|[\s\S]))*+[ \t\f]*+(?:[=:][ \t\f]*+)?")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(\r\n|[\r\n])[ \t\f]*+|([\s\S]))")
_MEANT = {"n": "\n", "t": "\t", "r": "\r", "f": "\f"}
_WRITTEN = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\f": "\\f"})
_UNICODE = re.compile(r"\\u[0-9a-fA-F]{4}")
# An argument of java.text.MessageFormat, in whose patterns an apostrophe begins what is kept, and two are one.
_ARGUMENT = re.compile(r"\{\d{1,2}(?:,[^{}]{1,60})?\}")
_QUOTED = re.compile(r"'[^']++'")


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
    """Yield the values that people read."""
    yield from textfile.texts(_values(_opened(file, options, notes)))


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the file with translations; characters that its encoding does not have are written as escapes."""
    source = _opened(file, options, Notes())
    yield from textfile.written(file, source, textfile.edits(_values(source), translated), _escape)


def _opened(file: BinaryIO, options: Options, notes: Notes) -> TextFile:
    # Without a word on it they are Latin-1, by their definition, or UTF-8, as Java reads them since 9.
    return textfile.opened(file, options, notes, otherwise="iso8859-1")


def _values(source: TextFile) -> Iterator[Value]:
    escaped = source.text.isascii() and bool(_UNICODE.search(source.text))
    position = 0
    while position < len(source.text):
        line = _LINE.match(source.text, position)
        assert line is not None, "any line is one"
        position = line.end()
        if not line[1]:
            continue
        key = _KEY.match(line[1])
        start = line.start(1) + (key.end() if key else 0)
        meant = paired(_ESCAPE.sub(_meaning, source.text[start : line.end(1)]))
        if meant:
            yield _value(start, line.end(1), meant, escaped=escaped)


def _value(start: int, end: int, meant: str, *, escaped: bool) -> Value:
    is_pattern = bool(_ARGUMENT.search(meant))

    def write(parts: Parts) -> str:
        made = joined([_doubled(part) if isinstance(part, str) and is_pattern else part for part in parts])
        made = made.translate(_WRITTEN)
        if made[:1] == " ":
            made = "\\" + made
        return "".join(one if one.isascii() else _escape(one) for one in made) if escaped else made

    parts = _pattern(meant) if is_pattern else broken(meant)
    return Value(start, end, list(branched(list(parts), _doubled if is_pattern else str)), write)


def _pattern(text: str) -> Iterator[str | Code]:
    """Yield a pattern with what is quoted in it as words of its own, and its doubled apostrophes as one."""
    for part in broken(text):
        if isinstance(part, Code):
            yield part
            continue
        position = 0
        single = part.replace("''", "\0")
        for found in _QUOTED.finditer(single):
            yield single[position : found.start()].replace("\0", "'")
            yield Code("word", found.group().replace("\0", "''"))
            position = found.end()
        yield single[position:].replace("\0", "'")


def _doubled(text: str) -> str:
    return text.replace("'", "''")


def _meaning(found: re.Match[str]) -> str:
    code, broken, letter = found.groups()
    if code:
        return chr(int(code, 16))
    return "" if broken else _MEANT.get(letter, letter)


def _escape(character: str) -> str:
    """Return a character as Java writes one that an encoding lacks."""
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2))
