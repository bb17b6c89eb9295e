"""Stretches of many lines that are no prose: fences, front matter, comments, formulas, subtitles, directives.

They stay as they are, but for what people read in them: the title of a front matter, the text of a subtitle.
"""

import re
from collections.abc import Callable, Sequence

from segmenter import keyed
from segmenter.keyed import FAR, empty
from segmenter.lines import Line

# Without one of these a text has none of them.
_SIGNS = (
    "```",
    "~~~",
    "---",
    "+++",
    "<!--",
    "$$",
    "\\[",
    "\\begin{",
    "-->",
    "::",
    "[source",
    "<script",
    "<style",
    "[listing",
    "WEBVTT",
    "#+",
    "{code",
    "{noformat",
    "{|",
    "{{",
    "plural,",
    "select,",
    "selectordinal,",
    "0:0",
    "Szenario",
    "Scenario",
)
_OPENING = re.compile(
    r"\A[\ufeff\s]*+(?:(?P<fence>`{3,}|~{3,8}(?!~))[^`]*$|(?P<comment><!--)|(?P<math>\$\$)|(?P<display>\\\[)"
    r"|\\begin\{(?P<tex>(?:equation|align|gather|multline|eqnarray|math|displaymath|verbatim|lstlisting|minted|tikzpicture)\*?)\}"
    r"|(?P<cue>(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}(?:\s*-->|,\d{1,2}:\d{2}:\d{2}\.\d{3}$))|<(?P<program>script|style)\b[^<>\n]*>"
    r"|(?P<listing>\[(?:source|listing)\b[^\]\n]*\]$)|\.\.\s(?P<directive>[\w-]+(?::[\w-]+)?)::"
    r"|(?P<org>\#\+(?i:begin_(?:src|example)))|\{(?P<jira>code|noformat)\b[^{}\n]*\}"
    r"|(?P<armour>-----BEGIN (?!PGP SIGNED)[A-Z ]+-----)|(?P<wiki>\{\|)"
    r"|(?P<plural>\{\w{1,60},\s?(?:plural|select|selectordinal),$)|(?P<infobox>\{\{(?=[^{}\n]*$))"
    r"|(?P<literal>(?=[^\n]*::$))|(?P<feature>(?:Feature|Funktionalit\w+):)|(?P<vtt>WEBVTT(?=$|\s+-)|STYLE$|REGION$|NOTE(?=$|\s)))"
)
# Directives with an argument that people read, and those with a content that nobody does.
_ADMONITION = re.compile(
    r"note|warning|tip|hint|important|caution|danger|attention|error|seealso|admonition|topic|rubric|sidebar|todo"
)
_UNREAD = re.compile(
    r"(?:source)?code(?:-block)?|highlight|literalinclude|math|raw|toctree|contents|include|image|index|graphviz|mermaid|uml|role|meta"
    r"|parsed-literal|doctest|test\w+|csv-table|default-role|program-output|auto\w+|\w+:\w+|module|currentmodule|option|prompt|tabs?"
)
_WEBVTT = re.compile(r"\ufeff?WEBVTT(?:\s+-.*)?")
_OPTION = re.compile(r"\s*:[\w-]+:")
_KEY = re.compile(r"(?P<key>[\w.-]+)\s*[:=](?:\s+|$)(?P<value>.*)")
_PAIR = re.compile(r"[a-z][\w.-]*:(?:\s|$)")
# What people read of a front matter.
_READ = re.compile(
    r"(?i:(?:sub|link)?title|description|summary|abstract|excerpt|caption|lead|(?:unter)?titel|beschreibung|zusammenfassung)"
)
_QUOTES = "\"'"
_RULE = 4


def prose(text: str, lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a text; those that are no prose are empty, and so are paragraphs by themselves."""
    if not any(sign in text for sign in _SIGNS):
        return list(lines)
    found: list[Line] = []
    number = _front_matter(lines, found)
    while number < len(lines):
        line = lines[number]
        opening = _OPENING.match(line.text)
        if opening and opening.lastgroup:
            number = _KINDS[opening.lastgroup](lines, number, opening, found)
        else:
            found.append(line)
            number += 1
    return found


Reader = Callable[[Sequence[Line], int, re.Match[str], list[Line]], int]
"""Takes lines, the number of one that opens something, the match, and where prose goes; returns the next number."""


def _fence(lines: Sequence[Line], number: int, opening: re.Match[str], found: list[Line]) -> int:
    """Leave out a fence. One that is never closed opens nothing, unless it says what it holds."""
    mark = opening["fence"]
    named = len(lines[number].text.strip()) > len(mark)
    found.append(empty(lines[number]))
    for last in range(number + 1, len(lines)):
        text = lines[last].text
        bare = text.strip()
        if len(bare) >= len(mark) and not bare.strip(mark[0]):
            return last + 1
        # The end of a fence that began in a part of the document before this one.
        if not named and (other := _OPENING.match(text)) and (other["fence"] or "").startswith(mark[0]):
            return number + 1
    return len(lines) if named else number + 1


def _until(end: str) -> Reader:
    """Return what leaves out all up to a sign; what stands behind it in its line is prose again."""

    def read(lines: Sequence[Line], number: int, opening: re.Match[str], found: list[Line]) -> int:
        place = opening.end()
        for last in range(number, min(number + FAR, len(lines))):
            closed = lines[last].text.find(end, place)
            if closed >= 0:
                found += (empty(lines[number]), lines[last].after(closed + len(end)))
                return last + 1
            place = 0
        found.append(lines[number])
        return number + 1

    return read


def _listing(lines: Sequence[Line], number: int, _: re.Match[str], found: list[Line]) -> int:
    """Leave out a listing of AsciiDoc, which has the same line before and behind it."""
    found.append(empty(lines[number]))
    mark = lines[number + 1].text if number + 1 < len(lines) else ""
    if len(mark) >= _RULE and not mark.strip("-."):
        for last in range(number + 2, min(number + 2 + FAR, len(lines))):
            if lines[last].text == mark:
                return last + 1
    return number + 1


def _tex(lines: Sequence[Line], number: int, opening: re.Match[str], found: list[Line]) -> int:
    return _until(f"\\end{{{opening['tex']}}}")(lines, number, opening, found)


def _program(lines: Sequence[Line], number: int, opening: re.Match[str], found: list[Line]) -> int:
    return _until(f"</{opening['program']}>")(lines, number, opening, found)


def _jira(lines: Sequence[Line], number: int, opening: re.Match[str], found: list[Line]) -> int:
    return _until(f"{{{opening['jira']}}}")(lines, number, opening, found)


def _org(lines: Sequence[Line], number: int, opening: re.Match[str], found: list[Line]) -> int:
    end = opening["org"].replace("BEGIN", "END").replace("begin", "end")
    return _until(end)(lines, number, opening, found)


def _cue(lines: Sequence[Line], number: int, _: re.Match[str], found: list[Line]) -> int:
    """Leave out the time of a subtitle and its name; its lines are one stretch, but for those of several speakers."""
    if found and (len(found) < 2 or not found[-2].text):
        found[-1] = empty(found[-1])
    found.append(empty(lines[number]))
    number += 1
    first = number
    while number < len(lines) and lines[number].text:
        line = lines[number]
        found.append(line._replace(goes_on=number > first and not line.text.lstrip().startswith(("-", "–", "—"))))
        number += 1
    return number


def _directive(lines: Sequence[Line], number: int, opening: re.Match[str], found: list[Line]) -> int:
    """Leave out a directive of reStructuredText with its options, and what nobody reads of what is indented below it."""
    line = lines[number]
    found.append(empty(line))
    if _UNREAD.fullmatch(opening["directive"]):
        return _indented(lines, number + 1, _indent(line.text))
    if _ADMONITION.fullmatch(opening["directive"]):
        found.append(line.after(opening.end()))
    number += 1
    while number < len(lines) and _OPTION.match(lines[number].text):
        number += 1
    return number


def _literal(lines: Sequence[Line], number: int, _: re.Match[str], found: list[Line]) -> int:
    """Leave out what is indented below a blank line behind two colons: reStructuredText shows it as it is."""
    found.append(lines[number])
    number += 1
    if number + 1 < len(lines) and not lines[number].text and _indent(lines[number + 1].text) > _indent(found[-1].text):
        return _indented(lines, number, _indent(found[-1].text))
    return number


def _block(lines: Sequence[Line], number: int, _: re.Match[str], found: list[Line]) -> int:
    """Leave out all up to a blank line: the head of WebVTT, its styles and notes."""
    if not _WEBVTT.fullmatch(lines[0].text):
        found.append(lines[number])
        return number + 1
    while number < len(lines) and lines[number].text:
        number += 1
    return number


def _armour(lines: Sequence[Line], number: int, _: re.Match[str], found: list[Line]) -> int:
    """Leave out a key, a signature or what is sealed, with the lines that it begins and ends with."""
    for last in range(number + 1, min(number + FAR, len(lines))):
        if lines[last].text.startswith("-----END "):
            found.append(empty(lines[number]))
            return last + 1
    found.append(lines[number])
    return number + 1


_KINDS: dict[str, Reader] = {
    "fence": _fence,
    "comment": _until("-->"),
    "math": _until("$$"),
    "display": _until("\\]"),
    "tex": _tex,
    "program": _program,
    "listing": _listing,
    "cue": _cue,
    "directive": _directive,
    "vtt": _block,
    "org": _org,
    "jira": _jira,
    "armour": _armour,
    "wiki": keyed.wiki,
    "infobox": keyed.infobox,
    "literal": _literal,
    "feature": keyed.feature,
    "plural": keyed.plural,
}


def _front_matter(lines: Sequence[Line], found: list[Line]) -> int:
    """Leave out the front matter but for its title and description; return the number of the line behind it."""
    mark = lines[0].text.lstrip("\ufeff") if lines else ""
    if mark not in ("---", "+++"):
        return 0
    ends = (number for number in range(1, min(FAR, len(lines))) if lines[number].text in (mark, "..."))
    last = next(ends, 0)
    following = next((line.text for line in lines[last + 1 :] if line.text), "")
    # Where more keys follow, it is one of several documents of YAML.
    if not any(_KEY.match(line.text) for line in lines[1:last]) or _PAIR.match(following):
        return 0
    number = 1
    while number < last:
        line = lines[number]
        number += 1
        key = _KEY.match(line.text)
        if key and _READ.fullmatch(key["key"]):
            if key["value"] in ("|", ">", "|-", ">-", "|+", ">+"):
                after = _indented(lines, number, 0)
                found += (empty(line), *lines[number:after])
                number = after
            else:
                value = line.after(key.start("value"))
                quoted = len(value.text) > 1 and value.text[0] in _QUOTES and value.text[-1] == value.text[0]
                found += (empty(line), Line(value.start + 1, value.text[1:-1]) if quoted else value)
    found.append(empty(lines[last]))
    return last + 1


def _indented(lines: Sequence[Line], number: int, indent: int) -> int:
    """Return the number of the first line from `number` on that is indented no deeper than `indent`."""
    while number < len(lines) and (not lines[number].text or _indent(lines[number].text) > indent):
        number += 1
    return number


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
