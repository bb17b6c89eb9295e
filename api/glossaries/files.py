"""Glossaries as files: read in any encoding, and written."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from api.glossaries import columns, tbx
from api.glossaries.collecting import Collected
from pipeline.encodings import DETECT, TextDecoder
from store.accounts.glossaries import Dictionaries, Pair

Format = Literal["csv", "tsv", "tbx"]
MEDIA_TYPES: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "tbx": "application/x-tbx+xml",
}
LIMIT = 32 * 1024 * 1024
"""Bytes of a file: a TBX has several times as many as its terms."""
_AT_ONCE = 1000
_WESTERN = frozenset(("de", "en", "fr", "es", "it", "nl", "pt", "da", "sv", "no", "nb", "nn", "fi", "is"))
_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Of UTF-16, and bytes that are nothing in windows-1252.
_NOT_WESTERN = re.compile(rb"[\x00\x81\x8d\x8f\x90\x9d]")


def read(raw: bytes, stated: Pair | None, *, encoding: str | None = None) -> Collected:
    """Return the terms of a file, whatever kind it is; `stated`: the languages that its sender says.

    A text that is not UTF-8 and has no mark is windows-1252, as Excel writes it, where that has the languages; else guessed,
    unless the sender says its `encoding`.

    Raises `InputError` of several kinds for what cannot be read.
    """
    if _is_xml(raw):
        return tbx.collect(raw, stated)
    decoder = TextDecoder(encoding or _likely(raw, stated))
    return columns.collect(decoder.feed(raw) + decoder.finish(), stated)


def _likely(raw: bytes, stated: Pair | None) -> str:
    """Return how a text is to be read of which nobody says it: a list of words is too short for guessing."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        if raw[:2] not in _MARKS and not _NOT_WESTERN.search(raw) and set(stated or ()) <= _WESTERN:
            return "windows-1252"
    return DETECT


def _is_xml(raw: bytes) -> bool:
    head = raw[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return head.startswith((b"<?xml", b"<martif", b"<tbx", b"<!doctype"))


def write(form: Format, dictionaries: Dictionaries, name: str) -> Iterator[bytes]:
    """Yield a file that `read` reads as the same terms."""
    if form == "tbx":
        yield from tbx.write(dictionaries, name)
        return
    several = len(dictionaries) != 1
    head = ["source", "target", "source_lang", "target_lang"] if several else list(next(iter(dictionaries)))
    lines = [
        head,
        *([*entry, *(pair if several else ())] for pair, terms in dictionaries.items() for entry in terms.items()),
    ]
    # Spreadsheets know UTF-8 by its mark.
    yield "\ufeff".encode() if form == "csv" else b""
    for start in range(0, len(lines), _AT_ONCE):
        yield _LINES[form](lines[start : start + _AT_ONCE]).encode()


def _as_csv(lines: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(lines)
    return out.getvalue()


def _as_tsv(lines: Sequence[Sequence[str]]) -> str:
    """Return lines in which a quotation mark means itself, unless it would be taken for one around the cell."""
    return "".join("\t".join(map(_cell, line)) + "\n" for line in lines)


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if len(text) > 1 and text[0] == text[-1] == '"' else text


_LINES = {"csv": _as_csv, "tsv": _as_tsv}
