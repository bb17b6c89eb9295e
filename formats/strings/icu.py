"""Messages of ICU as values have them: the branches of a plural or a selection are texts of their own."""

import re
from collections.abc import Iterator

from formats.strings.codes import Code
from formats.strings.prose import broken

_HEAD = re.compile(
    r"\{\s{0,20}[\w.]{1,60}\s{0,9},\s{0,20}(?:plural|selectordinal|select)\s{0,9},\s{0,20}(?:offset:\d{1,4}\s{1,20})?"
)
_BRANCH = re.compile(r"\s{0,200}(?:[\w-]{1,60}|=\d{1,9})\s{0,20}\{")
_BRACE = re.compile(r"[{}]")
_NUMBER = re.compile(r"#")
_DEEPEST = 8


def parts_of(text: str, depth: int = 0) -> Iterator[str | Code]:
    """Yield a value with its line breaks as codes; of a message with branches, each branch as a text of its own.

    A message within a sentence stays in it: whoever translates the sentence knows what it is.
    """
    message = _branches(text) if depth < _DEEPEST else None
    if message is None:
        for part in broken(text):
            yield from _with_number(part) if depth and isinstance(part, str) else (part,)
        return
    position = 0
    for start, end in message:
        yield Code("part", text[position:start])
        yield from parts_of(text[start:end], depth + 1)
        position = end
    yield Code("part", text[position:])


def _with_number(text: str) -> Iterator[str | Code]:
    """Yield the text of a branch, in which a `#` is the number that it is chosen by."""
    position = 0
    for found in _NUMBER.finditer(text):
        yield text[position : found.start()]
        yield Code("word", "#")
        position = found.end()
    yield text[position:]


def _branches(text: str) -> list[tuple[int, int]] | None:
    """Return where the branches are of a text that is one message as a whole; None if it is none."""
    stripped = text.strip()
    head = _HEAD.match(stripped)
    if head is None or not stripped.endswith("}"):
        return None
    offset = text.index(stripped)
    found: list[tuple[int, int]] = []
    position = head.end()
    while branch := _BRANCH.match(stripped, position):
        end = _closing(stripped, branch.end())
        if end is None:
            return None
        found.append((offset + branch.end(), offset + end))
        position = end + 1
    return found if found and stripped[position:].strip() == "}" else None


def _closing(text: str, start: int) -> int | None:
    depth = 1
    for brace in _BRACE.finditer(text, start):
        depth += 1 if brace.group() == "{" else -1
        if not depth:
            return brace.start()
    return None
