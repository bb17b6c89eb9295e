"""Subtitles of the web (WebVTT)."""

import html
import re
from collections.abc import Iterator
from typing import BinaryIO

from formats.document import Notes, Options, Translated
from formats.errors import DocumentError
from formats.markup.attributes import is_language
from formats.strings.codes import Code
from formats.text import textfile
from formats.text.subtitles.cues import Sentences, sentences
from formats.text.subtitles.stretches import Cue, Style
from formats.text.textfile import Edit, TextFile

_BLANK = re.compile(r"(?:\r\n|[\n\r])[ \t]{0,99}(?=\r\n|[\n\r]|\Z)")
_BLOCK = re.compile(r"(?:[^\n\r]++(?:\r\n|[\n\r]|\Z))++")
_TIME = r"(?:(\d{1,9}):)?(\d{1,2}):(\d{1,2})[.,](\d{3})"
_TIMES = re.compile(rf"(?m)^[ \t]{{0,9}}{_TIME}[ \t]{{0,9}}-->[ \t]{{0,9}}{_TIME}([^\n\r]*+)(?:\r\n|[\n\r]|\Z)")
_CODE = re.compile(r"</?[a-zA-Z][^<>\n]{0,300}>|<\d[\d:.]{3,20}>|</?>")
_NAME = re.compile(r"</?([a-zA-Z]+)")
_LANGUAGE = re.compile(r"(?mi)^Language:[ \t]{0,9}([\w-]{1,35})[ \t]{0,9}$")
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\u00a0": "&nbsp;", "\u200e": "&lrm;", "\u200f": "&rlm;"}
)
_HEAD = 2000


def read(file: BinaryIO, options: Options, notes: Notes) -> Iterator[str]:
    """Yield what is said: sentences of several cues as one text."""
    yield from textfile.texts(_sentences(_opened(file, options, notes)))


def write(file: BinaryIO, translated: Iterator[Translated], options: Options) -> Iterator[bytes]:
    """Yield the subtitles with translations."""
    source = _opened(file, options, Notes())
    changes = textfile.edits(_sentences(source), translated)
    head = source.text[: min(_HEAD, len(_head(source.text)))]
    stated = _LANGUAGE.search(head)
    if changes and stated and options.target and options.source and is_language(stated[1], options.source):
        changes.append(Edit(*stated.span(1), options.target))
    yield from textfile.written(file, source, changes)


def _opened(file: BinaryIO, options: Options, notes: Notes) -> TextFile:
    source = textfile.opened(file, options, notes, otherwise="cp1252")
    if source.text.strip() and not source.text.startswith("WEBVTT"):
        raise DocumentError("it does not begin with WEBVTT, as subtitles of the web do; send SubRip's as .srt")
    return source


def _head(text: str) -> str:
    block = _BLOCK.match(text)
    return block.group() if block else ""


def _sentences(source: TextFile) -> Iterator[Sentences]:
    newline = "\r\n" if "\r\n" in source.text else "\n"
    return sentences(_cues(source.text), Style(_CODE, _code, html.unescape, _escaped), newline)


def _cues(text: str) -> Iterator[Cue]:
    """Yield the cues; notes, styles and regions are blocks without times."""
    for block in _BLOCK.finditer(text):
        times = _TIMES.search(text, block.start(), block.end())
        if times is None or text.count("\n", block.start(), times.start()) > 1:
            continue
        shown = text[times.end() : block.end()].rstrip()
        groups = times.groups()
        yield Cue(_seconds(groups[:4]), _seconds(groups[4:8]), groups[8].strip(), times.end(), shown)


def _seconds(time: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, rest = (one or "0" for one in time)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(rest) / 1000


def _code(raw: str) -> Code:
    name = _NAME.match(raw)
    if name is None:
        return Code("mark", raw)
    return Code("close" if raw.startswith("</") else "open", raw, name[1].lower())


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
