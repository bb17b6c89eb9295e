"""Lines that are data: tables, rows of CSV, keys with their values, strings of programs, heads of mails, logs, code.

Of each only what people read is to be translated: cells, values, messages, comments.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from segmenter import marks, settings
from segmenter.lines import Line

# Without one of these no line of a paragraph is data.
_SIGNS = re.compile(r"[|=;,:{}\[\]]|^\s{0,9}msg(?:id|str)")
_STROKE = re.compile(r"(?<!\\)\|")
_DELIMITER_ROW = re.compile(r"\s*+[|+:=-][\s|+:=-]++")
_STRING = r"""(?:"(?:[^"\\]++|\\.){0,300}+"|'(?:[^'\\]++|\\.){0,300}+'|`(?:[^`\\]++|\\.){0,300}+`)"""
_STRINGS = re.compile(rf"{_STRING}(?P<is_key>\s{{0,9}}(?::|=>?))?")
# Around the strings of i18n files ("key": "value", 'key' => 'value', key = "value") there is nothing else to read.
_AROUND = re.compile(
    rf"\b(?:true|false|null|None|export|const|let|var|return|default|array)\b|<\?php\b"
    rf"|(?<![\w.$-])(?:{settings.NAME}\s{{0,9}}=>?|[a-z_$][\w.$-]{{0,80}}\s{{0,9}}:)"
)
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
    for read in (_fields, _table, _headers, _catalogue, _strings, _rows, settings.assignments):
        if (found := read(lines)) is not None:
            return Data(found, is_tree=False)
    found = settings.tree(lines, in_tree=in_tree)
    return None if found is None else Data(found, is_tree=True)


def _fields(lines: Sequence[Line]) -> list[Line] | None:
    """Read a card, a date of a calendar, a source of BibTeX, subtitles of ASS, a log of keys: of them only the texts."""
    if not (_FIELDS_BEGIN.match(lines[0].text) or all(_LOG_FIELDS.fullmatch(line.text) for line in lines)):
        return None
    return [
        part
        for line in lines
        for match in _FIELD.finditer(line.text)
        for part in settings.broken(line.part(*match.span(match.lastgroup or 0)))
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
            found += (line.part(start + 1, end) for start, end in pairwise(edges))
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
                found += settings.broken(line.part(*entry.span("value")))
    return found


def _strings(lines: Sequence[Line]) -> list[Line] | None:
    """Read keys with strings: JSON, properties with quotation marks, arrays of programs."""
    found: list[Line] = []
    keys = False
    count = commas = 0
    for line in lines:
        rest = _STRINGS.sub("", line.text)
        if marks.has_letter(_AROUND.sub("", rest)):
            comment = settings.COMMENT.match(line.text)
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
                value = line.part(match.start() + 1, match.end() - 1)
                found += settings.broken(value) if settings.is_read(value.text) else ()
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
        yield line.part(start + match.start(), start + match.end())


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
