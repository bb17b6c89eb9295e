"""Catalogues of gettext (PO, POT): what has no translation yet gets one; what is translated, fuzzy or obsolete stays."""

import gettext
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from formats.document import Notes, Options, Translated
from formats.errors import DocumentError
from formats.markup.attributes import is_language
from formats.strings.coded import Coded
from formats.strings.codes import Code
from formats.strings.prose import broken
from formats.text import textfile
from formats.text.catalogues.units import filled
from formats.text.textfile import Edit, TextFile
from pipeline.errors import InputError

_LINE = re.compile(r"([^\r\n]*+)(\r\n|[\r\n]|\Z)")
_KEYWORD = re.compile(
    r'[ \t]{0,20}(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d{1,2})\])?[ \t]{0,20})?"((?:[^"\\]++|\\.)*+)"\s*+'
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))")
_MEANT = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_WRITTEN = str.maketrans({"\\": "\\\\", '"': '\\"'} | {meant: f"\\{letter}" for letter, meant in _MEANT.items()})
_CHARSET = re.compile(rb"(?i)Content-Type:[^\r\n]{0,100}?charset=([\w.:-]{1,40})")
_HEADER = re.compile(r"(?m)^(Language|Plural-Forms|Content-Type):[ \t]*+([^\n]*+)")
_PLURAL = re.compile(r"nplurals\s{0,9}=\s{0,9}(\d{1,2})\s{0,9};\s{0,9}plural\s{0,9}=\s{0,9}([^;\n]{1,500})")
_COLUMNS = 76
_TWO = "nplurals=2; plural=(n != 1);"
_SLAVIC = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
_FORMS = {
    **dict.fromkeys(("ja", "zh", "ko", "vi", "th", "id", "ms", "lo", "my"), "nplurals=1; plural=0;"),
    **dict.fromkeys(("fr", "pt-br", "oc"), "nplurals=2; plural=(n > 1);"),
    **dict.fromkeys(("ru", "uk", "be", "sr", "hr", "bs"), _SLAVIC),
    "pl": "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    **dict.fromkeys(("cs", "sk"), "nplurals=3; plural=(n==1 ? 0 : n>=2 && n<=4 ? 1 : 2);"),
    "lt": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "lv": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2);",
    "ro": "nplurals=3; plural=(n==1 ? 0 : (n==0 || (n%100 > 0 && n%100 < 20)) ? 1 : 2);",
    "sl": "nplurals=4; plural=(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3);",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}
"""What `Plural-Forms` says by language; all others have two forms."""
_TRIED = 200
"""Numbers that are tried to see which form they have."""


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
    """Yield the messages without a translation, and the plurals of those that have one."""
    for entry in _entries(_opened(file, options, notes), notes):
        yield from entry.texts


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the catalogue with translations; what its encoding lacks makes it UTF-8, and its header says so."""
    source = _opened(file, options, Notes())
    pairs = filled(_entries(source, Notes()), translated)
    header, changes = _header(source, options) if pairs else (_TWO, [])
    newline = "\r\n" if "\r\n" in source.text else "\n"
    for entry, mine in pairs:
        changes += entry.edits(mine, header, newline)
    if not all(textfile.fits(one.text, source.encoding) for one in changes):
        if stated := _stated_charset(source):
            changes.append(stated)
        changes = [Edit(0, len(source.text), "".join(_applied(source.text, changes)))]
        source = TextFile(source.text, "utf-8")
    yield from textfile.written(file, source, changes)


def _opened(file: BinaryIO, options: Options, notes: Notes) -> TextFile:
    file.seek(0)
    stated = _CHARSET.search(file.read(1 << 16))
    declared = stated[1].decode() if stated else None
    try:
        return textfile.opened(file, options, notes, declared=declared, otherwise="cp1252")
    except InputError:
        # A template says CHARSET.
        if declared is None or declared.lower() != "charset":
            raise
    return textfile.opened(file, options, notes, otherwise="cp1252")


@dataclass
class _Field:
    """A string of an entry: where it stands, and what it is."""

    start: int
    end: int
    text: str = ""
    lines: int = 0


@dataclass
class _Entry:
    """A message."""

    strings: dict[str, _Field] = field(default_factory=dict)
    translations: dict[int | None, _Field] = field(default_factory=dict)
    fuzzy: bool = False
    _coded: list[Coded] = field(default_factory=list)

    def prepare(self) -> None:
        """Read its messages."""
        found = [self.strings[name].text for name in ("msgid", "msgid_plural") if name in self.strings]
        self._coded = [Coded(list(broken(one))) for one in found]

    @property
    def texts(self) -> Sequence[str]:
        """The texts of its message and its plural."""
        return [text for one in self._coded for text in one.texts]

    def edits(self, translated: Sequence[Translated], plural: str, newline: str) -> Iterator[Edit]:
        """Yield its translations in the place of the empty ones."""
        made: list[str] = []
        position = 0
        for one in self._coded:
            mine = translated[position : position + len(one.texts)]
            position += len(one.texts)
            made.append("".join(part.raw if isinstance(part, Code) else part for part in one.restored(mine)))
        several = self.strings["msgid"].lines > 1
        if len(made) == 1:
            for place in self.translations.values():
                yield Edit(place.start, place.end, _quoted(made[0], newline, several=several))
            return
        forms = _chosen(made[0], made[1], self.strings["msgid"].text, plural)
        last = max(self.translations.values(), key=lambda place: place.end)
        for number, place in self.translations.items():
            chosen = forms[number] if number is not None and number < len(forms) else made[1]
            text = _quoted(chosen, newline, several=several)
            if place is last:
                text += "".join(
                    f"{newline}msgstr[{more}] {_quoted(forms[more], newline, several=several)}"
                    for more in range((number or 0) + 1, len(forms))
                )
            yield Edit(place.start, place.end, text)


def _chosen(one: str, many: str, source: str, plural: str) -> list[str]:
    """Return the translation for each form: the message's own for that of 1, the plural's for all others."""
    number, form = _plural(plural)
    # A message that says no number is right for 1 alone, and some languages have the same form for 21.
    alone = all(form(other) != form(1) for other in range(2, _TRIED)) or "%" in source or "{" in source
    return [one if here == form(1) and alone and number > 1 else many for here in range(number)]


def _plural(value: str) -> tuple[int, Callable[[int], int]]:
    stated = _PLURAL.search(value)
    if stated is not None:
        try:
            form = gettext.c2py(stated[2])
            for number in range(_TRIED):
                form(number)
        except (ValueError, ArithmeticError, RecursionError):
            pass
        else:
            return int(stated[1]), form
    return 2, lambda number: int(number != 1)


def _entries(source: TextFile, notes: Notes) -> Iterator[_Entry]:
    for entry in _all(source.text):
        if "msgid" not in entry.strings or not entry.strings["msgid"].text:
            continue
        if any(one.text for one in entry.translations.values()):
            notes.left["fuzzy" if entry.fuzzy else "translated already"] += 1
        elif entry.translations:
            entry.prepare()
            yield entry


def _all(text: str) -> Iterator[_Entry]:
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
        self.entry = _Entry()
        self._here: _Field | None = None
        self._fuzzy = False

    def comment(self, content: str) -> None:
        """Take a line that is none of a message."""
        self._fuzzy = self._fuzzy or (content.startswith("#,") and "fuzzy" in content)
        self._here = None

    def string(self, found: re.Match[str], start: int, end: int) -> _Entry | None:
        """Take a line of a message; return the entry before it if it begins one."""
        name, number, raw = found.groups()
        if name is None:
            if self._here is not None:
                self._here.text += _meant(raw)
                self._here.end, self._here.lines = end, self._here.lines + 1
            return None
        done = None
        if name in ("msgctxt", "msgid") and self.entry.translations:
            done, self.entry = self.entry, _Entry()
        self.entry.fuzzy, self._fuzzy = self.entry.fuzzy or self._fuzzy, False
        self._here = _Field(start, end, _meant(raw), 1)
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


def _quoted(text: str, newline: str, *, several: bool) -> str:
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


def _header(source: TextFile, options: Options) -> tuple[str, list[Edit]]:
    """Return what the header says of plural forms, and what changes in it."""
    header = next((one for one in _all(source.text) if "msgid" in one.strings and not one.strings["msgid"].text), None)
    place = next(iter(header.translations.values()), None) if header else None
    ours = _FORMS.get(options.target.lower()) or _FORMS.get(options.target.lower().partition("-")[0]) or _TWO
    if place is None:
        return ours, []
    values = {found[1]: found[2] for found in _HEADER.finditer(place.text)}
    wanted: dict[str, str] = {}
    language = values.get("Language")
    if (
        options.target
        and language is not None
        and (not language.strip() or is_language(language, options.source or "-"))
    ):
        wanted["Language"] = options.target.replace("-", "_")
    if not _PLURAL.search(values.get("Plural-Forms", "")) and "Plural-Forms" in values:
        wanted["Plural-Forms"] = ours
    changes = []
    for name, value in wanted.items():
        # As it stands in the file, where each line of the header is a string.
        stated = re.compile(rf'{name}:[ \t]*+([^\r\n"\\]*+)').search(source.text, place.start, place.end)
        if stated:
            gap = "" if source.text[stated.start(1) - 1] == " " else " "
            changes.append(Edit(*stated.span(1), gap + value))
    return wanted.get("Plural-Forms") or values.get("Plural-Forms") or ours, changes


def _stated_charset(source: TextFile) -> Edit | None:
    found = re.compile(r"(?i)charset=([\w.:-]{1,40})").search(source.text, 0, 1 << 16)
    return Edit(*found.span(1), "UTF-8") if found else None


def _applied(text: str, changes: Sequence[Edit]) -> Iterator[str]:
    position = 0
    for one in sorted(changes):
        yield text[position : one.start]
        yield one.text
        position = one.end
    yield text[position:]
