"""Messages with alternatives inside a sentence: plurals and selections of ICU, conditions of templates.

Each branch is a text of its own; everything else of it is kept.
"""

import re
from typing import NamedTuple


class Text(NamedTuple):
    """A text that is translated on its own."""

    text: str


Parts = list[str | Text]

_LONGEST = 2000
_HEAD = re.compile(r"\{\s{0,3}[\w.]{1,60},\s{0,3}(?:plural|selectordinal|select),\s{0,20}(?:offset:\d{1,4}\s{1,20})?")
_BRANCH = re.compile(r"\s{0,20}(?:[\w-]{1,60}|=\d{1,9})\s{0,20}\{")
_TAIL = re.compile(r"\s{0,20}\}")
_BRACE = re.compile(r"[{}]")
_STATEMENT = re.compile(r"\{%[^%\n]{0,200}%\}|\{\{(?:[#/^]|else)[^{}\n]{0,100}\}\}|<%(?!=)[^%\n]{0,200}%>")
_WORD = re.compile(r"\w+")
_BLOCKS = frozenset(
    ("if", "unless", "case", "ifchanged", "blocktrans", "blocktranslate", "each", "for", "with", "block")
)
_ALTERNATIVES = frozenset(("else", "elif", "elsif", "elseif", "when", "empty", "plural"))


def read(text: str, start: int) -> tuple[int, Parts] | None:
    """Return where the message that begins at a place ends, and its parts; None if it is none, or longer than one may be."""
    return _read_icu(text, start) if _HEAD.match(text, start) else _read_block(text, start)


def _read_icu(text: str, start: int) -> tuple[int, Parts] | None:
    head = _HEAD.match(text, start)
    if not head:
        return None
    parts: Parts = [head.group()]
    position = head.end()
    while branch := _BRANCH.match(text, position):
        end = _closing(text, branch.end(), start + _LONGEST)
        if end is None:
            return None
        parts += (branch.group(), Text(text[branch.end() : end]), "}")
        position = end + 1
    tail = _TAIL.match(text, position)
    if not tail or len(parts) == 1:
        return None
    return tail.end(), [*parts, tail.group()]


def _closing(text: str, start: int, limit: int) -> int | None:
    """Return where the brace is that closes what was opened before a place."""
    depth = 1
    for brace in _BRACE.finditer(text, start, min(limit, len(text))):
        depth += 1 if brace.group() == "{" else -1
        if not depth:
            return brace.start()
    return None


def _read_block(text: str, start: int) -> tuple[int, Parts] | None:
    parts: Parts = []
    depth = alternatives = 0
    position = start
    for statement in _STATEMENT.finditer(text, start, min(start + _LONGEST, len(text))):
        if not parts and statement.start() != start:
            return None
        word = _WORD.search(statement.group())
        name = word.group() if word else ""
        ends = name.startswith("end") or statement.group().startswith("{{/")
        alternatives += depth == 1 and name in _ALTERNATIVES
        # What is nested deeper belongs to the text of its branch.
        if depth == 0 or (depth == 1 and (ends or name in _ALTERNATIVES)):
            if position < statement.start():
                parts.append(Text(text[position : statement.start()]))
            parts.append(statement.group())
            position = statement.end()
        depth += -1 if ends else name in _BLOCKS
        if depth <= 0:
            return (statement.end(), parts) if alternatives else None
    return None
