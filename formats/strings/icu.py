"""Messages of ICU as strings have them: the branches of a plural or a selection are texts of their own."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple

from formats.strings.codes import Code, Parts

_HEAD = re.compile(
    r"\{\s{0,20}[\w.]{1,60}\s{0,9},\s{0,20}(?:plural|selectordinal|select)\s{0,9},\s{0,20}(?:offset:\d{1,4}\s{1,20})?"
)
_BRANCH = re.compile(r"\s{0,200}(?:[\w-]{1,60}|=\d{1,9})\s{0,20}\{")
_END = re.compile(r"\s{0,200}\}")
# Braces that are no characters in quotes.
_BRACE = re.compile(r"'[{}#|][^']*+'|([{}])")
_NUMBER = re.compile(r"#")
_DEEPEST = 8
# What stands for codes while braces are looked for: for breaks of lines, and for all others.
_BREAK, _OTHER = "\n", "\ufffc"


def branched(parts: Parts, write: Callable[[str], str] = str, depth: int = 0) -> Iterator[str | Code]:
    """Yield the parts of a string; of a message with branches in it, each branch is a text of its own.

    A message within a sentence is one word of it, in which its branches are. `write`: how the file writes characters.
    """
    string = _String(parts)
    messages = list(_messages(string.text)) if depth < _DEEPEST else []
    alone = len(messages) == 1 and not (string.text[: messages[0].start] + string.text[messages[0].end :]).strip()
    position = 0
    for message in messages:
        yield from string.between(position, message.start)
        inner = _of_message(string, message, write, depth)
        if alone:
            yield from inner
        else:
            yield Code("word", string.raw(message.start, message.end, write), inner=tuple(inner))
        position = message.end
    yield from string.between(position, len(string.text))


class _Message(NamedTuple):
    """Where a message stands, and its branches in it."""

    start: int
    end: int
    branches: list[tuple[int, int]]


class _String:
    """Parts as characters, of which each code is one."""

    def __init__(self, parts: Parts) -> None:
        self._parts = [part for part in parts if part]
        shown = [part if isinstance(part, str) else _shown(part) for part in self._parts]
        self.text = "".join(shown)
        self._starts = [0, *accumulate(map(len, shown))]

    def between(self, start: int, end: int) -> Iterator[str | Code]:
        """Yield what stands from one place to another."""
        number = max(0, bisect_right(self._starts, start) - 1)
        while number < len(self._parts) and (first := self._starts[number]) < end:
            part = self._parts[number]
            if isinstance(part, Code):
                yield part
            elif found := part[max(0, start - first) : end - first]:
                yield found
            number += 1

    def raw(self, start: int, end: int, write: Callable[[str], str]) -> str:
        """Return it as the file has it."""
        return "".join(part.raw if isinstance(part, Code) else write(part) for part in self.between(start, end))


def _shown(code: Code) -> str:
    return _BREAK if code.kind in ("line", "part") else _OTHER


def _of_message(string: _String, message: _Message, write: Callable[[str], str], depth: int) -> Iterator[str | Code]:
    position = message.start
    for start, end in message.branches:
        yield Code("part", string.raw(position, start, write))
        for part in branched(list(string.between(start, end)), write, depth + 1):
            yield from _with_number(part) if isinstance(part, str) else (part,)
        position = end
    yield Code("part", string.raw(position, message.end, write))


def _with_number(text: str) -> Iterator[str | Code]:
    """Yield the text of a branch, in which a `#` is the number that it is chosen by."""
    position = 0
    for found in _NUMBER.finditer(text):
        yield text[position : found.start()]
        yield Code("word", "#")
        position = found.end()
    yield text[position:]


def _messages(text: str) -> Iterator[_Message]:
    """Yield the outermost messages of a text."""
    position = 0
    closing = _closing(text) if _HEAD.search(text) else {}
    while head := _HEAD.search(text, position):
        message = _message(text, head, closing)
        if message is not None:
            yield message
        position = head.end() if message is None else message.end


def _message(text: str, head: re.Match[str], closing: Mapping[int, int]) -> _Message | None:
    """Return the message that begins with a head; None if it is none."""
    found: list[tuple[int, int]] = []
    position = head.end()
    while branch := _BRANCH.match(text, position):
        end = closing.get(branch.end() - 1)
        if end is None:
            return None
        found.append((branch.end(), end))
        position = end + 1
    last = _END.match(text, position)
    return _Message(head.start(), last.end(), found) if found and last else None


def _closing(text: str) -> dict[int, int]:
    """Return where braces are closed, by where they open."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for brace in _BRACE.finditer(text):
        if brace[1] == "{":
            opened.append(brace.start())
        elif brace[1] == "}" and opened:
            found[opened.pop()] = brace.start()
    return found
