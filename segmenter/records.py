"""Lines that are data: tables, rows of CSV, keys with their values, strings of programs, heads of mails, logs, code.

Of each only what people read is to be translated: cells, values, messages, comments.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from segmenter import marks
from segmenter.lines import Line

# Without one of these no line of a paragraph is data.
_SIGNS = re.compile(r"[|=;,:{}\[\]]|^\s{0,9}msg(?:id|str)")
_STROKE = re.compile(r"(?<!\\)\|")
_DELIMITER_ROW = re.compile(r"\s*+[|+:=-][\s|+:=-]++")
_STRING = r"""(?:"(?:[^"\\]++|\\.){0,300}+"|'(?:[^'\\]++|\\.){0,300}+'|`(?:[^`\\]++|\\.){0,300}+`)"""
_STRINGS = re.compile(rf"{_STRING}(?P<is_key>\s{{0,9}}(?::|=>?))?")
_NAME = r"[A-Za-z_$][\w.$-]{0,80}"
# Around the strings of i18n files ("key": "value", 'key' => 'value', key = "value") there is nothing else to read.
_AROUND = re.compile(
    rf"\b(?:true|false|null|None|export|const|let|var|return|default|array)\b|<\?php\b"
    rf"|(?<![\w.$-])(?:{_NAME}\s{{0,9}}=>?|[a-z_$][\w.$-]{{0,80}}\s{{0,9}}:)"
)
_ASSIGNMENT = re.compile(
    rf"\A\s*+(?:export\s+|set\s+)?(?P<key>(?:{_NAME}|[\w.\[\]-]{{1,80}})=|[a-z_$][\w.$-]{{0,80}}\s{{1,40}}=(?!\S)"
    r"|[a-z_][\w$-]{0,80}(?:\.[\w$-]{1,80}){1,8}\s{0,40}[:=](?=\s))(?P<value>.*)"
)
_SECTION = re.compile(r"\A\s*+\[\[?[\w .:\"-]{1,80}\]\]?")
_COMMENT = re.compile(r"\A\s*+(?:#+|;+|//+|--|%+|\"\"\"|/\*+|\*)\s*")
_YAML = re.compile(
    r"\A\s*+(?:-\s+)?(?P<key>\"[^\"]{1,80}\"|'[^']{1,80}'|[a-z_][\w.-]{0,80}|[A-Z]+_[A-Z_]+|<<|/[\w/{}.-]{0,80}):(?:\s+(?P<value>.*)|$)"
)
_COMMANDS = re.compile(
    r"run|script|command|cmd|image|uses|path|branch(?:es)?|on|type|id|lang|language|locale|layout|class|icon"
)
_ASSIGNED_COMMANDS = re.compile(r"(?:Try)?Exec\w*|Icon|Type|Categories|MimeType|StartupWMClass|User|Group")
# The name of what is written once and used again.
_ANCHOR = re.compile(r"[&*][\w-]+")
_YAML_ITEM = re.compile(r"\A\s*+-\s+(?P<value>.*)")
_HEADER = re.compile(r"(?P<key>[A-Z][A-Za-z-]{1,40}):\s(?P<value>.*)")
_HEADERS = re.compile(
    r"From|To|B?[Cc]c|Date|Subject|Reply-To|Message-I[Dd]|In-Reply-To|References|Received|MIME-Version|Content-[\w-]+|Return-Path"
    r"|Sender|Delivered-To|User-[Aa]gent|Disallow|Allow|Sitemap|Accept[\w-]*|Authorization|Cache-Control|Cookie|Set-Cookie|X-[\w-]+|List-[\w-]+"
)
_CATALOGUE = re.compile(
    r"\A\s*+(?:(?P<word>msgid(?:_plural)?|msgctxt|msgstr(?:\[\d\])?)\s+)?\"(?P<value>(?:[^\"\\]++|\\.)*+)\"\s*"
)
_CATALOGUE_HEAD = re.compile(r"[A-Z][\w-]{1,40}: [^\n]*\\n")
# What begins a card or subtitles, the lines of a log with keys, and the values that people read there.
_FIELDS_BEGIN = re.compile(r"\ufeff?(?:BEGIN:V[A-Z]+|\[(?:Script Info|V4\+? Styles|Events)\]|@[A-Za-z]+\{[^\s,{}]+,)$")
_LOG_FIELDS = re.compile(
    r"(?=.*\b(?:level|lvl|msg)=)(?:[\w.]{1,60}=(?:\"(?:[^\"\\]++|\\.){0,300}+\"|[^\s\"]*+)(?:\s++|$)){2,40}"
)
_FIELD = re.compile(
    r"\A(?:SUMMARY|DESCRIPTION|LOCATION|NOTE|COMMENT|TITLE)(?:;[^:\n]{0,200})?:(?P<card>.*)|\ATitle:\s(?P<title>.*)"
    r"|\ADialogue:(?:[^,\n]{0,200},){9}(?P<said>.*)|\b(?:msg|message|error|err)=\"(?P<logged>(?:[^\"\\]++|\\.){0,300}+)\""
)
# What separates the cells of a row, how many of it a row has at least, and the cells.
_FIELDS = [
    (";", 1, re.compile(r'"(?:[^"]++|"")*+"(?=\s*+(?:;|$))|[^;]+')),
    (",", 2, re.compile(r'"(?:[^"]++|"")*+"(?=\s*+(?:,|$))|[^,]+')),
    ("|", 2, re.compile(r"[^|]+")),
]
_DECIMAL = re.compile(r"\d,\d")
_NEW_LINE = re.compile(r"(?<!\\)(?:\\[nrtN])+")
# A value that no one reads: a switch, a name, a path, a number with its unit.
_SWITCH = re.compile(
    r"[a-z]{2}(?:[-_][A-Z]{2})?|(?i:true|false|yes|no|on|off|null|none|nil|auto|default|utf-?8|info|debug|warn|warning|error|localhost|development|production"
    r"|staging|test)|[a-z][a-z\d]*[-_.][\w./:@+=?&%#\\-]*|[^\W_]*_\w*|(?!(?:[A-ZÄÖÜ][a-zäöüß]*/?)++$)[^\s\\/@:=]*+[\\/@:=]\S+"
    r"|[a-z]+[A-Z]\w*|[^\s\d]*+\d\S*|[{$%<]\S*|[A-Z]:\\.*|\[.*\]"
)


class Data(NamedTuple):
    """What people read in a paragraph of data: each value is a line, and one that goes on is of the value before it."""

    values: list[Line]
    is_tree: bool
    """Whether it is YAML, whose values may have blank lines in them."""


def values(lines: Sequence[Line], *, in_tree: bool = False) -> Data | None:
    """Return what people read in a paragraph of data; None for a paragraph that is none.

    `in_tree`: the paragraph before it was YAML.
    """
    if not any(_SIGNS.search(line.text) for line in lines):
        return None
    for read in (_fields, _table, _headers, _catalogue, _strings, _rows, _assignments):
        if (found := read(lines)) is not None:
            return Data(found, is_tree=False)
    found = _tree(lines, in_tree=in_tree)
    return None if found is None else Data(found, is_tree=True)


def _part(line: Line, start: int, end: int) -> Line:
    return Line(line.start + start, line.text[start:end])


def _fields(lines: Sequence[Line]) -> list[Line] | None:
    """Read a card, a date of a calendar, a source of BibTeX, subtitles of ASS, a log of keys: of them only the texts."""
    if not (_FIELDS_BEGIN.match(lines[0].text) or all(_LOG_FIELDS.fullmatch(line.text) for line in lines)):
        return None
    return [
        part
        for line in lines
        for match in _FIELD.finditer(line.text)
        for part in _broken(_part(line, *match.span(match.lastgroup or 0)))
    ]


def _table(lines: Sequence[Line]) -> list[Line] | None:
    """Read a table whose cells have strokes between them."""
    if not any("|" in line.text for line in lines):
        return None
    ruled = any("|" in line.text and _DELIMITER_ROW.fullmatch(line.text) for line in lines)
    rows = [line.text.lstrip().startswith("|") or (ruled and "|" in line.text) for line in lines]
    if not any(rows) or not (
        ruled or all(row or not marks.has_letter(line.text) for line, row in zip(lines, rows, strict=True))
    ):
        return None
    found: list[Line] = []
    for line, row in zip(lines, rows, strict=True):
        if row:
            edges = [-1, *(match.start() for match in _STROKE.finditer(line.text)), len(line.text)]
            found += (_part(line, start + 1, end) for start, end in pairwise(edges))
        else:
            found.append(line)
    return found


def _headers(lines: Sequence[Line]) -> list[Line] | None:
    """Read the head of a mail: of it only the subject is translated."""
    heads = [_HEADER.fullmatch(line.text) for line in lines]
    if sum(head is not None and _HEADERS.fullmatch(head["key"]) is not None for head in heads) < 2:
        return None
    found: list[Line] = []
    for line, head in zip(lines, heads, strict=True):
        if head and head["key"] == "Subject":
            found.append(line.after(head.start("value")))
        elif not head and not line.text[0].isspace():
            found.append(line)
    return found


def _catalogue(lines: Sequence[Line]) -> list[Line] | None:
    """Read entries of a catalogue of gettext: of them only the translations are translated."""
    if not any(line.text.lstrip().startswith(("msgid", "msgstr")) for line in lines):
        return None
    found: list[Line] = []
    word = ""
    for line in lines:
        if entry := _CATALOGUE.fullmatch(line.text):
            word = entry["word"] or word
            if word.startswith("msgstr") and not _CATALOGUE_HEAD.fullmatch(entry["value"]):
                found += _broken(_part(line, *entry.span("value")))
    return found


def _strings(lines: Sequence[Line]) -> list[Line] | None:
    """Read keys with strings: JSON, properties with quotation marks, arrays of programs."""
    found: list[Line] = []
    keys = False
    count = commas = 0
    for line in lines:
        rest = _STRINGS.sub("", line.text)
        if marks.has_letter(_AROUND.sub("", rest)):
            comment = _COMMENT.match(line.text)
            if comment is None:
                return None
            found.append(line.after(comment.end()))
            continue
        strings = list(_STRINGS.finditer(line.text))
        count += len(strings)
        commas += rest.count(",") + (not line.text.endswith(","))
        keys = keys or any(match["is_key"] for match in strings) or (bool(strings) and _AROUND.search(rest) is not None)
        for match in strings:
            if not match["is_key"]:
                value = _part(line, match.start() + 1, match.end() - 1)
                found += _broken(value) if is_read(value.text) else ()
    # A list of strings has a comma between each two of them.
    return found if keys or (count > 1 and 0 < count <= commas and any("," in line.text for line in lines)) else None


def _rows(lines: Sequence[Line]) -> list[Line] | None:
    """Read rows with as many cells each, with a semicolon or comma between them."""
    if len(lines) < 2:
        return None
    lines = _with_quoted_breaks(lines)
    for sign, least, fields in _FIELDS:
        spaced = sum(line.text.count(sign + " ") - line.text.count(f" {sign} ") for line in lines)
        decimals = sum(len(_DECIMAL.findall(line.text)) for line in lines) if sign == "," else 0
        if (spaced + decimals) * 2 >= sum(line.text.count(sign) for line in lines):
            continue
        split = [[match.span() for match in fields.finditer(line.text)] for line in lines]
        gaps = [_gaps(line.text, found, sign) for line, found in zip(lines, split, strict=True)]
        if gaps[0] >= least and len(set(gaps)) == 1 and spaced * 2 < sum(gaps):
            return [
                part
                for line, found in zip(lines, split, strict=True)
                for start, end in found
                for part in _cell(line, start, end)
            ]
    return None


def _cell(line: Line, start: int, end: int) -> Iterator[Line]:
    """Yield the lines of a cell without its quotation marks."""
    if line.text[start] == '"' == line.text[end - 1]:
        start, end = start + 1, end - 1
    for match in re.finditer(r"[^\n]+", line.text[start:end]):
        yield _part(line, start + match.start(), start + match.end())


def _with_quoted_breaks(lines: Sequence[Line]) -> Sequence[Line]:
    """Put lines together where the first has a quotation mark that a later one closes: cells may have line breaks."""
    if not any(line.text.count('"') % 2 for line in lines):
        return lines
    found: list[Line] = []
    for line in lines:
        if found and found[-1].text.count('"') % 2:
            gap = "\n" * (line.start - found[-1].end)
            found[-1] = Line(found[-1].start, f"{found[-1].text}{gap}{line.text}")
        else:
            found.append(line)
    return found


def _gaps(text: str, fields: Sequence[tuple[int, int]], sign: str) -> int:
    return text.count(sign) - sum(text.count(sign, start, end) for start, end in fields)


def _assignments(lines: Sequence[Line]) -> list[Line] | None:
    """Read lines of a key, an equals sign and a value; most lines are such."""
    found: list[Line] = []
    pairs = others = 0
    folded = False
    for line in lines:
        pair = None if folded else _ASSIGNMENT.fullmatch(line.text)
        if pair:
            pairs += 1
            if not _ASSIGNED_COMMANDS.fullmatch(pair["key"].rstrip(" =")):
                found += _value(line, pair)
        elif comment := _COMMENT.match(line.text):
            found.append(line.after(comment.end()))
        elif not _SECTION.fullmatch(line.text):
            others += not folded and marks.has_letter(line.text)
            found.append(Line(line.start, line.text.rstrip("\\")))
        folded = line.text.endswith("\\")
    return found if pairs > others else None


def _first(lines: Sequence[Line], pairs: Sequence[re.Match[str] | None]) -> re.Match[str] | None:
    """Return the pair of the first line that has a letter."""
    return next((pair for line, pair in zip(lines, pairs, strict=True) if marks.has_letter(line.text)), None)


def _tree(lines: Sequence[Line], *, in_tree: bool) -> list[Line] | None:
    """Read the keys and values of YAML: keys are small, and there are several, or YAML stood before."""
    pairs = [_YAML.fullmatch(line.text) for line in lines]
    indented = lines[0].text[0].isspace()
    if sum(pair is not None for pair in pairs) < (1 if in_tree else 2) or not (
        _first(lines, pairs) or (in_tree and indented)
    ):
        return None
    found: list[Line] = []
    # What is folded (`>`) is one text over several lines; what is not (`|`) keeps its lines.
    folded, begun = "|" if in_tree and indented and not pairs[0] else "", False
    plain = False
    for line, pair in zip(lines, pairs, strict=True):
        if pair:
            first = (pair["value"] or "")[:1]
            folded, begun = first if first in ("|", ">") else "", False
            plain = bool(first) and not folded
            if not folded and not _COMMANDS.fullmatch(pair["key"]) and not _ANCHOR.fullmatch(pair["value"] or ""):
                found += _value(line, pair)
        elif item := _YAML_ITEM.fullmatch(line.text):
            found += _value(line, item)
        elif comment := re.match(r"\s*#\s*", line.text):
            found.append(line.after(comment.end()))
        elif folded and line.text[0].isspace():
            found.append(line._replace(goes_on=folded == ">" and begun))
            begun = True
        elif plain and line.text[0].isspace():
            found.append(line._replace(goes_on=bool(found)))
        elif marks.has_letter(line.text):
            return None
    return found


def _value(line: Line, pair: re.Match[str]) -> Iterator[Line]:
    """Yield a value without its quotation marks, if somebody reads it."""
    start, end = pair.span("value")
    text = line.text[start:end].strip() if start >= 0 else ""
    if not text or not is_read(text.strip("\"'")):
        return
    start += line.text[start:].index(text)
    end = start + len(text.rstrip("\\"))
    if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]:
        start, end = start + 1, end - 1
    yield from _broken(_part(line, start, end))


def _broken(value: Line) -> Iterator[Line]:
    r"""Yield the lines of a value that has signs for line breaks (`\n`) in it."""
    start = 0
    for match in _NEW_LINE.finditer(value.text):
        yield _part(value, start, match.start())
        start = match.end()
    yield value.after(start)


def is_read(text: str) -> bool:
    """Whether people read a value: it is no switch, name, path or number."""
    return _SWITCH.fullmatch(_NEW_LINE.sub(" ", text)) is None and marks.has_letter(text)
