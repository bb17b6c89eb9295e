"""Catalogues of gettext (PO, POT): what has no translation yet gets one; what is translated, fuzzy or obsolete stays."""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from formats.document import Notes, Options, Translated
from formats.markup.attributes import is_language
from formats.strings.coded import Coded
from formats.strings.codes import Code
from formats.strings.icu import branched
from formats.strings.prose import broken
from formats.text import textfile
from formats.text.catalogues import plural_forms
from formats.text.catalogues.po_entries import Entry, entries, quoted
from formats.text.catalogues.units import filled
from formats.text.textfile import Edit, TextFile
from pipeline.errors import InputError

_CHARSET = re.compile(rb"(?i)Content-Type:[^\r\n]{0,100}?charset=([\w.:-]{1,40})")
_HEADER = re.compile(r"(?m)^(Language|Plural-Forms|Content-Type):[ \t]*+([^\n]*+)")


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
    """Yield the messages without a translation, and the plurals of those that have one."""
    for message in _messages(_opened(file, options, notes), notes):
        yield from message.texts


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the catalogue with translations; what its encoding lacks makes it UTF-8, and its header says so."""
    source = _opened(file, options, Notes())
    pairs = filled(_messages(source, Notes()), translated)
    header, changes = _header(source, options) if pairs else (plural_forms.TWO, [])
    newline = "\r\n" if "\r\n" in source.text else "\n"
    for message, mine in pairs:
        changes += message.edits(mine, header, newline)
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


class _Message:
    """An entry that has no translation yet."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        found = [entry.strings[name].text for name in ("msgid", "msgid_plural") if name in entry.strings]
        self._coded = [Coded(list(branched(list(broken(one))))) for one in found]

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
        places, message = self._entry.translations, self._entry.strings["msgid"]
        several = message.lines > 1
        if len(made) == 1:
            for place in places.values():
                yield Edit(place.start, place.end, quoted(made[0], newline, several=several))
            return
        forms = plural_forms.chosen(made[0], made[1], message.text, plural)
        last = max(places.values(), key=lambda place: place.end)
        for number, place in places.items():
            chosen = forms[number] if number is not None and number < len(forms) else made[1]
            text = quoted(chosen, newline, several=several)
            if place is last:
                text += "".join(
                    f"{newline}msgstr[{more}] {quoted(forms[more], newline, several=several)}"
                    for more in range((number or 0) + 1, len(forms))
                )
            yield Edit(place.start, place.end, text)


def _messages(source: TextFile, notes: Notes) -> Iterator[_Message]:
    for entry in entries(source.text):
        if "msgid" not in entry.strings or not entry.strings["msgid"].text:
            continue
        if any(one.text for one in entry.translations.values()):
            notes.left["fuzzy" if entry.fuzzy else "translated already"] += 1
        elif entry.translations:
            yield _Message(entry)


def _header(source: TextFile, options: Options) -> tuple[str, list[Edit]]:
    """Return what the header says of plural forms, and what changes in it."""
    header = next(
        (one for one in entries(source.text) if "msgid" in one.strings and not one.strings["msgid"].text), None
    )
    place = next(iter(header.translations.values()), None) if header else None
    ours = plural_forms.of_language(options.target)
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
    if not plural_forms.is_stated(values.get("Plural-Forms", "")) and "Plural-Forms" in values:
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
