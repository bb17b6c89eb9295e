"""Settings: lines of keys with values, and YAML. Of them only values that people read are to be translated."""

import re
from collections.abc import Iterator, Sequence

from segmenter import marks
from segmenter.lines import Line

NAME = r"[A-Za-z_$][\w.$-]{0,80}"
_ASSIGNMENT = re.compile(
    rf"\A\s*+(?:export\s+|set\s+)?(?P<key>(?:{NAME}|[\w.\[\]-]{{1,80}})=|[a-z_$][\w.$-]{{0,80}}\s{{1,40}}=(?!\S)"
    r"|[a-z_][\w$-]{0,80}(?:\.[\w$-]{1,80}){1,8}\s{0,40}[:=](?=\s))(?P<value>.*)"
)
_SECTION = re.compile(r"\A\s*+\[\[?[\w .:\"-]{1,80}\]\]?")
COMMENT = re.compile(r"\A\s*+(?:#+|;+|//+|--|%+|\"\"\"|/\*+|\*)\s*")
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
_NEW_LINE = re.compile(r"(?<!\\)(?:\\[nrtN])+")
# A value that no one reads: a switch, a name, a path, a number with its unit.
_SWITCH = re.compile(
    r"[a-z]{2}(?:[-_][A-Z]{2})?|(?i:true|false|yes|no|on|off|null|none|nil|auto|default|utf-?8|info|debug|warn|warning|error|localhost|development|production"
    r"|staging|test)|[a-z][a-z\d]*[-_.][\w./:@+=?&%#\\-]*|[^\W_]*_\w*|(?!(?:[A-ZÄÖÜ][a-zäöüß]*/?)++$)[^\s\\/@:=]*+[\\/@:=]\S+"
    r"|[a-z]+[A-Z]\w*|[^\s\d]*+\d\S*|[{$%<]\S*|[A-Z]:\\.*|\[.*\]"
)


def assignments(lines: Sequence[Line]) -> list[Line] | None:
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
        elif comment := COMMENT.match(line.text):
            found.append(line.after(comment.end()))
        elif not _SECTION.fullmatch(line.text):
            others += not folded and marks.has_letter(line.text)
            found.append(Line(line.start, line.text.rstrip("\\")))
        folded = line.text.endswith("\\")
    return found if pairs > others else None


def _first(lines: Sequence[Line], pairs: Sequence[re.Match[str] | None]) -> re.Match[str] | None:
    """Return the pair of the first line that has a letter."""
    return next((pair for line, pair in zip(lines, pairs, strict=True) if marks.has_letter(line.text)), None)


def tree(lines: Sequence[Line], *, in_tree: bool) -> list[Line] | None:
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
    yield from broken(line.part(start, end))


def broken(value: Line) -> Iterator[Line]:
    r"""Yield the lines of a value that has signs for line breaks (`\n`) in it."""
    start = 0
    for match in _NEW_LINE.finditer(value.text):
        yield value.part(start, match.start())
        start = match.end()
    yield value.after(start)


def is_read(text: str) -> bool:
    """Whether people read a value: it is no switch, name, path or number."""
    return _SWITCH.fullmatch(_NEW_LINE.sub(" ", text)) is None and marks.has_letter(text)
