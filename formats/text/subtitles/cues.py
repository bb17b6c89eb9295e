"""Subtitles: cues whose sentences are translated whole and cut again where one cue ends and the next one begins."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from formats.document import Piece, Translated
from formats.strings.coded import Coded
from formats.strings.codes import Code
from formats.strings.prose import LINE
from formats.text.textfile import Edit

# A line of a speaker of its own, or of sounds or music.
_OWN_LINE = re.compile(r"\s{0,20}(?:[-–—\u2010]\s{0,3}(?=\w)|[♩♪♫♬#*\[(]|>>)")
_DASH = re.compile(r"\s{0,20}(?:[-–—\u2010]|>>)\s{0,3}(?=[^\W\d_]|[„“\"'(\[¿¡])")
_MUSIC = re.compile(r"[♩♪♫♬]+")
_ENDS = re.compile(r"[.!?…:;♪][\"'“”’»)\]]*+\s{0,20}$|[\])♪]\s{0,20}$")
# After these a sentence goes on, though the next word has a capital letter, as nouns have in German.
_LEADING = re.compile(
    r"(?i:\b(?:der|die|das|den|dem|des|eine?[mnrs]?|meine?[mnrs]?|kein|keine[mnrs]?|und|oder|dass|weil|wenn|mit|von|zu|zum|zur|für|auf|im|in|am|an"
    r"|the|an?|of|to|and|or|for|with|at|le|la|les|un|une|des|du|de|et|el|los|las|y|il|lo|gli|e))$"
)
_SIGNS = re.compile(r"\s{0,9}[,.;:!?…»”’)\]]++(?=\s|$)")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_GAP = 1.0
"""Seconds between two cues at most that one sentence goes over."""
_LONGEST = 600
"""Characters of cues that are translated together."""
_COLUMNS = 42
"""Characters of a line that are read at a glance; a line has more only where there were no more lines."""
_MOST_LINES = 8
"""Lines of a cue that are read as one text; what has more is none that anybody could read."""
_BORDER = Code("close", "", "cue")


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
class _Stretch:
    """Lines of a cue that are read on: all of it, or what one speaker says."""

    start: int
    end: int
    lines: int
    parts: Sequence[str | Code]

    @property
    def plain(self) -> str:
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


class Sentences:
    """Stretches of cues that follow each other and are translated together: a place of a file that has texts."""

    def __init__(self, stretches: Sequence[_Stretch], style: Style, newline: str) -> None:
        self._stretches, self._style, self._newline = stretches, style, newline
        parts: list[str | Code] = []
        for number, one in enumerate(stretches):
            if number:
                parts += (_BORDER, _between(stretches[number - 1].plain, one.plain))
            parts += one.parts
        self._coded = Coded(parts)
        self.texts: Sequence[str] = self._coded.texts

    def edits(self, translated: Sequence[Translated]) -> Iterator[Edit]:
        """Yield the changed text of each cue."""
        cut = self._cut(translated)
        if len(cut) > 1 and not all(map(_visible, cut)):
            # The words of one cue became none of their own.
            cut = self._cut([_without_links(one) for one in translated])
        for stretch, parts in zip(self._stretches, cut, strict=True):
            if parts != list(stretch.parts):
                yield Edit(stretch.start, stretch.end, self._newline.join(self._wrapped(parts, stretch.lines)))

    def _cut(self, translated: Sequence[Translated]) -> list[list[str | Code]]:
        found: list[list[str | Code]] = [[]]
        for part in self._coded.restored(translated):
            if part is _BORDER:
                found.append([])
            elif isinstance(part, str) and len(found) > 1 and not _visible(found[-1]):
                # A sign belongs to the word before it.
                signs = _SIGNS.match(part)
                found[-2] += [signs.group()] if signs else []
                found[-1].append(part[signs.end() :] if signs else part)
            else:
                found[-1].append(part)
        return [_joined(one) for one in found]

    def _wrapped(self, parts: Sequence[str | Code], most: int) -> Iterator[str]:
        """Yield a cue's lines, at most so many."""
        shown = "".join(part for part in parts if isinstance(part, str))
        breaks = _breaks(shown, most)
        position, line = 0, ""
        for part in parts:
            if isinstance(part, Code):
                line += part.raw
                continue
            start = position
            position += len(part)
            for place in [one for one in breaks if start <= one < position]:
                line += self._style.escaped(shown[start:place])
                yield line.strip()
                line, start = "", place
            line += self._style.escaped(shown[start:position])
        yield line.strip()


def sentences(cues: Iterator[Cue], style: Style, newline: str) -> Iterator[Sentences]:
    """Yield the places of the file that have texts: what is translated together."""
    group: list[_Stretch] = []
    before: Cue | None = None
    for cue in cues:
        for number, stretch in enumerate(_stretches(cue, style)):
            if group and not (number == 0 and before is not None and _follows(before, cue, group, stretch)):
                yield Sentences(group, style, newline)
                group = []
            group.append(stretch)
        before = cue
    if group:
        yield Sentences(group, style, newline)


def _stretches(cue: Cue, style: Style) -> Iterator[_Stretch]:
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


def _stretch(cue: Cue, style: Style, start: int, lines: Sequence[str]) -> _Stretch:
    end = start
    parts: list[str | Code] = []
    for number, line in enumerate(lines):
        if number:
            parts.append(_between(style.code.sub("", lines[number - 1]), style.code.sub("", line)))
            broken = LINE.match(cue.text, end)
            end += len(broken.group()) if broken else 0
        parts += _line(line, style)
        end += len(line)
    return _Stretch(cue.first + start, cue.first + end, len(lines), _joined(parts))


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


def _joined(parts: Sequence[str | Code]) -> list[str | Code]:
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
    return bool(_OWN_LINE.match(line) or _ENDS.search(before))


def _follows(before: Cue, cue: Cue, group: Sequence[_Stretch], stretch: _Stretch) -> bool:
    """Whether a cue goes on with the sentence of the one before it."""
    last, first = group[-1].plain, stretch.plain
    if not last or not first or _ENDS.search(last) or group[-1].apart or stretch.apart:
        return False
    if not (-_GAP / 2 < cue.start - before.end < _GAP) or cue.start < before.start or cue.settings != before.settings:
        return False
    if group[-1].pinned != stretch.pinned or any(
        isinstance(one, Code) and one.raw[:2] == "<v" for one in stretch.parts
    ):
        return False
    if sum(len(one.plain) for one in group) + len(first) > _LONGEST:
        return False
    begins = first.lstrip("\"'„“‚«»")
    return begins[:1].islower() or (
        begins[:1].isalpha() and (last.endswith((",", "、", "，")) or bool(_LEADING.search(last)))  # noqa: RUF001 (full-width commas are meant)
    )


def _between(before: str, behind: str) -> str:
    return "" if _WIDE.match(before[-1:]) and _WIDE.match(behind[:1]) else " "


def _visible(parts: Sequence[str | Code]) -> bool:
    return any(isinstance(part, str) and part.strip() for part in parts)


def _without_links(translated: Translated) -> Translated:
    return replace(translated, pieces=[Piece(one.source, one.translation) for one in translated.pieces])


def _breaks(shown: str, most: int) -> list[int]:
    """Return where lines end, so that none is longer than it has to be; a line that ends with a pause is better."""
    width = len(shown.strip())
    count = min(most, max(1, -(-width // _COLUMNS)))
    if count < 2:
        return []
    if most > count and width > count * _COLUMNS - 8:
        count += 1
    places = [found.end() for found in re.finditer(r"\s+", shown)] or list(range(1, len(shown)))
    found: list[int] = []
    for number in range(1, count):
        start = found[-1] if found else 0
        wanted = start + (len(shown) - start) / (count - number + 1)
        left = [place for place in places if start < place < len(shown)]
        if not left:
            break
        found.append(min(left, key=lambda place: abs(place - wanted) - 6 * (shown[:place].rstrip()[-1:] in ",.;:!?")))
    return found
