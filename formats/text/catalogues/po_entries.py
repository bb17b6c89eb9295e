"""Catalogues of gettext as their lines have them: entries, their strings, and where each stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from formats.errors import DocumentError

_LINE = re.compile(r"([^\r\n]*+)(\r\n|[\r\n]|\Z)")
_KEYWORD = re.compile(
    r'[ \t]{0,20}(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d{1,2})\])?[ \t]{0,20})?"((?:[^"\\]++|\\.)*+)"\s*+'
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))")
_MEANT = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_WRITTEN = str.maketrans({"\\": "\\\\", '"': '\\"'} | {meant: f"\\{letter}" for letter, meant in _MEANT.items()})
_COLUMNS = 76


@dataclass
class Field:
    """A string of an entry: where it stands, and what it is."""

    start: int
    end: int
    text: str = ""
    lines: int = 0


@dataclass
class Entry:
    """A message with its translations."""

    strings: dict[str, Field] = field(default_factory=dict)
    """By keyword: `msgctxt`, `msgid`, `msgid_plural`."""
    translations: dict[int | None, Field] = field(default_factory=dict)
    """By number of their form; None where there is one."""
    fuzzy: bool = False


def entries(text: str) -> Iterator[Entry]:
    """Yield the entries of a catalogue. Raises `DocumentError` at what is neither a comment nor a string."""
    lines = _Lines()
    for line in _LINE.finditer(text):
        found = _KEYWORD.fullmatch(line[1])
        content = line[1].strip()
        if found is not None:
            start, end = line.start(1) + line[1].index('"'), line.start(1) + len(line[1].rstrip())
            if done := lines.string(found, start, end):
                yield done
        elif not content or content.startswith("#"):
            lines.comment(content)
        else:
            raise DocumentError(
                f"line {text.count(chr(10), 0, line.start()) + 1} is neither a comment nor a string of a catalogue: "
                f"{content[:60]!r}; check it with `msgfmt --check`, or send a plain text as .txt"
            )
    if lines.entry.strings:
        yield lines.entry


class _Lines:
    """What the lines of a catalogue have said so far."""

    def __init__(self) -> None:
        self.entry = Entry()
        self._here: Field | None = None
        self._fuzzy = False

    def comment(self, content: str) -> None:
        """Take a line that is none of a message."""
        self._fuzzy = self._fuzzy or (content.startswith("#,") and "fuzzy" in content)
        self._here = None

    def string(self, found: re.Match[str], start: int, end: int) -> Entry | None:
        """Take a line of a message; return the entry before it if it begins one."""
        name, number, raw = found.groups()
        if name is None:
            if self._here is not None:
                self._here.text += _meant(raw)
                self._here.end, self._here.lines = end, self._here.lines + 1
            return None
        done = None
        if name in ("msgctxt", "msgid") and self.entry.translations:
            done, self.entry = self.entry, Entry()
        self.entry.fuzzy, self._fuzzy = self.entry.fuzzy or self._fuzzy, False
        self._here = Field(start, end, _meant(raw), 1)
        if name == "msgstr":
            self.entry.translations[int(number) if number else None] = self._here
        else:
            self.entry.strings[name] = self._here
        return done


def _meant(raw: str) -> str:
    def one(found: re.Match[str]) -> str:
        code, octal, letter = found.groups()
        if code or octal:
            return chr(int(code, 16) if code else int(octal, 8))
        return _MEANT.get(letter, letter)

    return _ESCAPE.sub(one, raw)


def quoted(text: str, newline: str, *, several: bool) -> str:
    """Return a string as catalogues have it; `several`: over several lines, as its message is."""
    if not several and "\n" not in text[:-1]:
        return f'"{text.translate(_WRITTEN)}"'
    lines = [""]
    for line in text.splitlines(keepends=True):
        found = ""
        for word in re.split(r"(?<=\s)", line):
            if found and len(found) + len(word) > _COLUMNS:
                lines.append(found)
                found = ""
            found += word
        lines.append(found)
    return newline.join(f'"{line.translate(_WRITTEN)}"' for line in lines)
