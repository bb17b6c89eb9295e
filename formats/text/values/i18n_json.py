"""Texts of programs in JSON: nested keys, i18next, ARB, extensions of browsers, FormatJS. Values only; keys stay."""

import json
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from formats.document import Notes, Options, Translated
from formats.errors import DocumentError
from formats.markup.attributes import is_language
from formats.strings.codes import Parts
from formats.strings.icu import branched
from formats.strings.prose import broken
from formats.text import textfile
from formats.text.textfile import Edit, TextFile
from formats.text.values.value import Value, joined

_TOKEN = re.compile(
    r'\s*+(?:(?P<string>"(?:[^"\\\x00-\x1f]++|\\.)*+")|(?P<sign>[{}\[\],:])|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/'
    r"|(?P<other>[\w.+-]++))"
)
_SPACE = re.compile(r"\s*+")
_DEPTH = 256
_UNICODE = re.compile(r"\\u[0-9a-fA-F]{4}")
_LANGUAGE_KEYS = frozenset(("@@locale", "locale", "lang", "language", "$locale"))
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_MESSAGES = ("message", "defaultMessage")
"""Keys of the text where each is an object that says more about it."""
_ABOUT = frozenset(("$schema", "$id", "$ref", "id", "url", "href", "src", "icon", "class", "className"))


class _String(NamedTuple):
    """A string that is a value: its keys from the outermost on, and where it stands."""

    keys: tuple[str, ...]
    within: tuple[int, ...]
    """The numbers of the objects that it is in."""
    start: int
    end: int
    raw: str


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
    """Yield the values that people read."""
    yield from textfile.texts(_values(textfile.opened(file, options, notes), notes))


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the file with translations; characters that its encoding does not have are written as escapes."""
    source = textfile.opened(file, options)
    changes = textfile.edits(_values(source, Notes()), translated)
    if changes and options.source and options.target:
        for one in _strings(source.text)[0]:
            stated = one.raw[1:-1]
            if one.keys and one.keys[-1] in _LANGUAGE_KEYS and is_language(stated, options.source):
                changes.append(Edit(one.start + 1, one.end - 1, options.target))
    yield from textfile.written(file, source, changes, lambda character: json.dumps(character)[1:-1])


def _values(source: TextFile, notes: Notes) -> Iterator[Value]:
    strings, objects = _strings(source.text)
    escaped = source.text.isascii() and bool(_UNICODE.search(source.text))
    for one in strings:
        if not _is_text(one, objects):
            continue
        try:
            text = json.loads(one.raw, strict=False)
            text.encode()
        except (ValueError, UnicodeError):
            notes.left["strings with broken escapes"] += 1
            continue
        yield _value(one, text, escaped=escaped)


def _value(one: _String, text: str, *, escaped: bool) -> Value:
    def write(parts: Parts) -> str:
        new = json.dumps(joined(parts), ensure_ascii=escaped)
        return new.replace("/", "\\/") if "\\/" in one.raw else new

    return Value(one.start, one.end, list(branched(list(broken(text)))), write)


def _is_text(one: _String, objects: list[set[str]]) -> bool:
    key = one.keys[-1] if one.keys else ""
    if any(name.startswith("@") for name in one.keys) or key in _ABOUT:
        # What ARB says about a text, and its language.
        return False
    if key in _LANGUAGE_KEYS and _LANGUAGE.fullmatch(one.raw[1:-1]):
        return False
    for depth, number in enumerate(one.within):
        if message := next((name for name in _MESSAGES if name in objects[number]), None):
            return len(one.within) == depth + 1 and key == message
    return True


def _strings(text: str) -> tuple[list[_String], list[set[str]]]:
    """Return the strings that are values, and the keys of each object. Raises `DocumentError` for what is no JSON."""
    reading = _Reading()
    position = 0
    while token := _TOKEN.match(text, position):
        position = token.end()
        if token["string"] is not None:
            reading.string(token.start("string"), token["string"])
        elif token["sign"] is not None and not reading.sign(token["sign"]):
            raise _broken(text, position - 1, f"{token['sign']!r} has no place there")
    rest = _SPACE.match(text, position)
    position = rest.end() if rest else position
    if position < len(text) or reading.opened:
        raise _broken(text, position, "it goes on otherwise than JSON can" if position < len(text) else "it breaks off")
    return reading.found, reading.objects


class _Reading:
    """What a file of JSON has had so far."""

    def __init__(self) -> None:
        self.found: list[_String] = []
        self.objects: list[set[str]] = []
        self.opened: list[tuple[int | None, str | None]] = []
        """Of each object and list that is open: its number (a list has none), and its key where something is within."""
        self._key: str | None = None

    def string(self, start: int, raw: str) -> None:
        """Take a string: a key, or a value."""
        number = self.opened[-1][0] if self.opened else None
        if number is not None and self._key is None:
            self._key = raw[1:-1]
            self.objects[number].add(self._key)
            return
        around = (key for _, key in self.opened if key is not None)
        keys = (*around, *((self._key,) if self._key is not None else ()))
        within = tuple(number for number, _ in self.opened if number is not None)
        self.found.append(_String(keys, within, start, start + len(raw), raw))

    def sign(self, sign: str) -> bool:
        """Take a sign; return whether it can be there."""
        if sign in "{[":
            if len(self.opened) >= _DEPTH:
                return False
            if self.opened:
                self.opened[-1] = self.opened[-1][0], self._key
            self.objects += [set()] if sign == "{" else []
            self.opened.append((len(self.objects) - 1 if sign == "{" else None, None))
            self._key = None
        elif sign in "]}":
            if not self.opened or (self.opened.pop()[0] is None) != (sign == "]"):
                return False
            if self.opened:
                # Nothing is within that key any more.
                self.opened[-1] = self.opened[-1][0], None
            self._key = None
        elif sign == ",":
            self._key = None
        return True


def _broken(text: str, position: int, reason: str) -> DocumentError:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return DocumentError(
        f"this is no JSON: {reason} in line {line}, character {column}; mend it there, or send a plain text as .txt"
    )
