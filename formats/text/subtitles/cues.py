"""Subtitles: cues whose sentences are translated whole and cut again where one cue ends and the next one begins."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from formats.document import Piece, Translated
from formats.strings.coded import Coded
from formats.strings.codes import Code
from formats.text.subtitles.stretches import ENDS, Cue, Stretch, Style, between, joined, stretches
from formats.text.textfile import Edit

# After these a sentence goes on, though the next word has a capital letter, as nouns have in German.
_LEADING = re.compile(
    r"(?i:\b(?:der|die|das|den|dem|des|eine?[mnrs]?|meine?[mnrs]?|kein|keine[mnrs]?|und|oder|dass|weil|wenn|mit|von|zu|zum|zur|für|auf|im|in|am|an"
    r"|the|an?|of|to|and|or|for|with|at|le|la|les|un|une|des|du|de|et|el|los|las|y|il|lo|gli|e))$"
)
_SIGNS = re.compile(r"\s{0,9}[,.;:!?…»”’)\]]++(?=\s|$)")
_GAP = 1.0
"""Seconds between two cues at most that one sentence goes over."""
_LONGEST = 600
"""Characters of cues that are translated together."""
_COLUMNS = 42
"""Characters of a line that are read at a glance; a line has more only where there were no more lines."""
_BORDER = Code("close", "", "cue")


class Sentences:
    """Stretches of cues that follow each other and are translated together: a place of a file that has texts."""

    def __init__(self, stretches: Sequence[Stretch], style: Style, newline: str) -> None:
        self._stretches, self._style, self._newline = stretches, style, newline
        parts: list[str | Code] = []
        for number, one in enumerate(stretches):
            if number:
                parts += (_BORDER, between(stretches[number - 1].plain, one.plain))
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
        return [joined(one) for one in found]

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
    group: list[Stretch] = []
    before: Cue | None = None
    for cue in cues:
        for number, stretch in enumerate(stretches(cue, style)):
            if group and not (number == 0 and before is not None and _follows(before, cue, group, stretch)):
                yield Sentences(group, style, newline)
                group = []
            group.append(stretch)
        before = cue
    if group:
        yield Sentences(group, style, newline)


def _follows(before: Cue, cue: Cue, group: Sequence[Stretch], stretch: Stretch) -> bool:
    """Whether a cue goes on with the sentence of the one before it."""
    last, first = group[-1].plain, stretch.plain
    if not last or not first or ENDS.search(last) or group[-1].apart or stretch.apart:
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
