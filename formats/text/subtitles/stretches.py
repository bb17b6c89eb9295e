"""Cues of subtitles in stretches that are read on: all of a cue, or what one speaker says in it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from formats.strings.codes import Code
from formats.strings.prose import LINE

# A line of a speaker of its own, or of sounds or music.
_OWN_LINE = re.compile(r"\s{0,20}(?:[-–—\u2010]\s{0,3}(?=\w)|[♩♪♫♬#*\[(]|>>)")
_DASH = re.compile(r"\s{0,20}(?:[-–—\u2010]|>>)\s{0,3}(?=[^\W\d_]|[„“\"'(\[¿¡]|\Z)")
_MUSIC = re.compile(r"[♩♪♫♬]+")
ENDS = re.compile(r"[.!?…:;♪][\"'“”’»)\]]*+\s{0,20}$|[\])♪]\s{0,20}$")
"""Where a sentence ends, or a sound."""
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_MOST_LINES = 8
"""Lines of a cue that are read as one text; what has more is none that anybody could read."""


@dataclass(frozen=True)
class Cue:
    """What is shown for a time."""

    start: float
    end: float
    """Both in seconds."""
    settings: str
    first: int
    """Where its text begins in the file."""
    text: str


@dataclass(frozen=True)
class Style:
    """How a kind of subtitles writes what it shows."""

    code: re.Pattern[str]
    """A code within a cue."""
    read: Callable[[str], Code]
    """What a code is."""
    plain: Callable[[str], str] = str
    """The characters that a stretch without codes stands for."""
    escaped: Callable[[str], str] = str
    """How characters are written."""


@dataclass(frozen=True)
class Stretch:
    """Lines of a cue that are read on: all of it, or what one speaker says."""

    start: int
    end: int
    """Both in the file."""
    lines: int
    parts: Sequence[str | Code]

    @property
    def plain(self) -> str:
        """What is read of it."""
        return "".join(one for one in self.parts if isinstance(one, str)).strip()

    @property
    def pinned(self) -> tuple[str, ...]:
        """Codes that say where or who, which two cues of one sentence have alike."""
        return tuple(one.raw for one in self.parts if isinstance(one, Code) and one.raw.startswith(("{\\a", "{\\p")))

    @property
    def apart(self) -> bool:
        """Whether it is of a speaker of its own, or sounds or music."""
        marks = (one.raw for one in self.parts if isinstance(one, Code) and one.kind == "mark")
        return bool(_OWN_LINE.match(self.plain) or any(_DASH.match(f"{raw}x") or _MUSIC.match(raw) for raw in marks))


def stretches(cue: Cue, style: Style) -> Iterator[Stretch]:
    """Yield the stretches of a cue."""
    start = position = 0
    lines: list[str] = []
    for number, line in enumerate(LINE.split(cue.text)):
        full = len(lines) == _MOST_LINES
        if number and (full or not line.strip() or not lines[-1].strip() or _parts(lines[-1], line, style)):
            yield _stretch(cue, style, start, lines)
            start, lines = position, []
        lines.append(line)
        position += len(line)
        break_ = LINE.match(cue.text, position)
        position += len(break_.group()) if break_ else 0
    yield _stretch(cue, style, start, lines)


def _stretch(cue: Cue, style: Style, start: int, lines: Sequence[str]) -> Stretch:
    end = start
    parts: list[str | Code] = []
    for number, line in enumerate(lines):
        if number:
            parts.append(between(style.code.sub("", lines[number - 1]), style.code.sub("", line)))
            broken = LINE.match(cue.text, end)
            end += len(broken.group()) if broken else 0
        parts += _line(line, style)
        end += len(line)
    return Stretch(cue.first + start, cue.first + end, len(lines), joined(parts))


def _line(line: str, style: Style) -> Iterator[str | Code]:
    position, first = 0, True
    for found in style.code.finditer(line):
        yield from _plain(line[position : found.start()], style, first=first)
        first = first and not line[position : found.start()].strip()
        yield style.read(found.group())
        position = found.end()
    yield from _plain(line[position:], style, first=first)


def _plain(raw: str, style: Style, *, first: bool) -> Iterator[str | Code]:
    if first and (dash := _DASH.match(raw)):
        yield Code("mark", dash.group())
        raw = raw[dash.end() :]
    position = 0
    for found in _MUSIC.finditer(raw):
        yield style.plain(raw[position : found.start()])
        yield Code("mark", found.group())
        position = found.end()
    yield style.plain(raw[position:])


def joined(parts: Sequence[str | Code]) -> list[str | Code]:
    """Return parts with neighbouring texts as one, and no empty ones."""
    found: list[str | Code] = []
    for part in parts:
        if part == "":
            continue
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        else:
            found.append(part)
    return found


def _parts(before: str, line: str, style: Style) -> bool:
    """Whether a line begins anew, so that it stays a line of its own."""
    before, line = style.code.sub("", before), style.code.sub("", line)
    return bool(_OWN_LINE.match(line) or ENDS.search(before))


def between(before: str, behind: str) -> str:
    """Return what stands between two lines that are read on."""
    return "" if _WIDE.match(before[-1:]) and _WIDE.match(behind[:1]) else " "
