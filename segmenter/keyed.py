"""Stretches of lines with words for programs in each of them: templates and tables of wikis, Gherkin, plurals of ICU.

Each function takes lines, the number of one that opens such a stretch, the match that says so and where prose goes, and
returns the number of the line behind the stretch.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from segmenter import prefixes, settings
from segmenter.lines import Line

FAR = 200
"""Lines that a stretch has at most where something has to close it, so that none that is never closed takes long."""
_PARAMETER = re.compile(r"\s*\|\s*[\w -]{1,60}=\s*")
_WIKI_CELL = re.compile(r"\A\s*+(?:\|\+|[|!])\s*+|(?:(?<!\s)\s++)?(?:\|\||!!|\|)\s*+")
_WIKI_STYLE = re.compile(r"(?:[\w-]{1,40}=(?:\"[^\"]*\"|\w+)\s*)+")
_SCENARIO = re.compile(
    r"\s*(?:Scenario(?: Outline| Template)?|Background|Examples?|Rule"
    r"|Szenario(?:grundriss|vorlage)?|Hintergrund|Grundlage|Beispiele?|Regel):"
)
_STEP = re.compile(r"\s+(?:Given|When|Then|And|But|Angenommen|Gegeben sei(?:en)?|Wenn|Dann|Und|Aber|\*)\s")


def empty(line: Line) -> Line:
    """Return a line without text, which ends a paragraph."""
    return Line(line.start, "")


def infobox(lines: Sequence[Line], number: int, _: re.Match[str], found: list[Line]) -> int:
    """Leave out a template of a wiki over several lines, but for the values that people read."""
    last = next((place for place in range(number, min(number + FAR, len(lines))) if "}}" in lines[place].text), 0)
    if not any(_PARAMETER.match(line.text) for line in lines[number:last]):
        found.append(lines[number])
        return number + 1
    for line in lines[number:last]:
        value = _PARAMETER.match(line.text)
        found += (empty(line), line.after(value.end())) if value and settings.is_read(line.text[value.end() :]) else ()
    end = lines[last].text.index("}}") + 2
    found += (empty(lines[last]), lines[last].after(end))
    return last + 1


def wiki(lines: Sequence[Line], number: int, _: re.Match[str], found: list[Line]) -> int:
    """Leave out a table of a wiki but for its cells, each on its own."""
    last = next((place for place in range(number, min(number + FAR, len(lines))) if lines[place].text == "|}"), 0)
    if not last:
        found.append(lines[number])
        return number + 1
    for line in lines[number + 1 : last]:
        if line.text.startswith("|-"):
            continue
        edges = [(0, 0), *(match.span() for match in _WIKI_CELL.finditer(line.text)), (len(line.text),) * 2]
        for (_before, start), (end, _next) in pairwise(edges):
            cell = Line(line.start + start, line.text[start:end].rstrip())
            found += (empty(line), cell) if not _WIKI_STYLE.fullmatch(cell.text) else ()
    found.append(empty(lines[last]))
    return last + 1


def plural(lines: Sequence[Line], number: int, _: re.Match[str], found: list[Line]) -> int:
    """Leave out the beginning of a plural of ICU; each branch is on its own up to the brace that closes it."""
    depth = 0
    for last in range(number, min(number + FAR, len(lines))):
        depth += lines[last].text.count("{") - lines[last].text.count("}")
        if depth <= 0:
            found += (part for line in lines[number + 1 : last] for part in (empty(line), prefixes.inner(line)))
            found.append(empty(lines[last]))
            return last + 1
    found.append(lines[number])
    return number + 1


def feature(lines: Sequence[Line], number: int, opening: re.Match[str], found: list[Line]) -> int:
    """Leave out the words of Gherkin, which tell a program what a line is, up to the end of the text."""
    if not any(_SCENARIO.match(line.text) for line in lines[number + 1 : number + FAR]):
        found.append(lines[number])
        return number + 1
    found += (empty(lines[number]), lines[number].after(opening.end()), empty(lines[number]))
    for line in lines[number + 1 :]:
        word = _SCENARIO.match(line.text) or _STEP.match(line.text)
        if word:
            found += (empty(line), line.after(word.end()), empty(line))
        else:
            found.append(line if not line.text.lstrip().startswith(("@", "#")) else empty(line))
    return len(lines)
