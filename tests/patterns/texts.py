"""Texts on which a pattern might take long: what its own text suggests, and what is usual."""

import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

# What `re.compile` uses to read a pattern, and what the tree is made of that it makes of it.
parser: Any = import_module("re._parser")
codes: Any = import_module("re._constants")

# One of each kind of character, and what ends lines, sentences and tags.
_CHARACTERS = list("\t\n\r\f \"#'()*,-./:;<>?@[\\]_`{}~a1A0äß\u00a0\u00ad\u200b\u2014„»\u0301中\U0001f600")
_PAIRS = [
    "a ",
    "a.",
    "1.",
    "A.",
    "a-",
    "aA",
    "a@",
    "a/",
    "<a ",
    "<b>a</b>",
    "&a",
    "\r\n",
    " \n",
    "\n ",
    "\t ",
    "- ",
    "a\n",
]
_TAILS = ("", "\n", "\0")


_OF_CATEGORY = {codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " \t\n", codes.CATEGORY_WORD: "a1_"}


class _Shapes:
    """What a pattern's tree suggests: beginnings that it accepts, and what it repeats."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.units: dict[str, None] = {}
        self.starts: dict[str, None] = {"": None}
        self._walk(parser.parse(pattern, flags), "")

    def _walk(self, tree: Iterable[tuple[Any, Any]], before: str) -> str:
        """Note the shapes of a sequence that stands behind `before`; return one text that it accepts."""
        text = ""
        for op, value in tree:
            text += self._walk_one(op, value, before + text)
            if text and len(text) < 40:
                self.units.setdefault(text)
        return text

    def _walk_one(self, op: Any, value: Any, before: str) -> str:  # noqa: C901, PLR0911 (a case for each kind of node)
        if op is codes.LITERAL:
            self.units.setdefault(chr(value))
            return chr(value)
        if op is codes.NOT_LITERAL:
            return "a" if value != ord("a") else "b"
        if op is codes.ANY:
            return "a"
        if op is codes.IN:
            samples = _members(value)
            for sample in samples[:8]:
                self.units.setdefault(sample)
            return samples[0] if samples else ""
        if op is codes.BRANCH:
            branches: list[str] = [self._walk(branch, before) for branch in value[1]]
            return max(branches, key=len)
        if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            least, _, body = value
            self.starts.setdefault(before)
            text = self._walk(body, before)
            self.units.setdefault(text)
            return text * max(1, min(int(least), 50))
        if op is codes.SUBPATTERN:
            return self._walk(value[3], before)
        if op is codes.ATOMIC_GROUP:
            return self._walk(value, before)
        if op in (codes.ASSERT, codes.ASSERT_NOT):
            direction, body = value
            text = self._walk(body, before)
            if direction < 0 and op is codes.ASSERT:
                self.starts.setdefault(text)
                return text if not before else ""
            return ""
        return ""


def _members(items: Iterable[tuple[Any, Any]]) -> list[str]:
    """Return characters that a class in brackets has."""
    found: list[str] = []
    negated = False
    for op, value in items:
        if op is codes.NEGATE:
            negated = True
        elif op is codes.LITERAL:
            found.append(chr(value))
        elif op is codes.RANGE:
            found += [chr(value[0]), chr(value[1])]
        elif op is codes.CATEGORY:
            found += _OF_CATEGORY.get(value, "a- ")
    if not negated:
        return list(dict.fromkeys(found))
    return [one for one in "a1A- \t\n.<\"'/" if not _in(items, one)]


def _in(items: Iterable[tuple[Any, Any]], character: str) -> bool:
    tests: dict[Any, Callable[[str], bool]] = {
        codes.CATEGORY_DIGIT: str.isdigit,
        codes.CATEGORY_SPACE: str.isspace,
        codes.CATEGORY_WORD: lambda one: one.isalnum() or one == "_",
        codes.CATEGORY_NOT_DIGIT: lambda one: not one.isdigit(),
        codes.CATEGORY_NOT_SPACE: lambda one: not one.isspace(),
        codes.CATEGORY_NOT_WORD: lambda one: not (one.isalnum() or one == "_"),
    }
    for op, value in items:
        if op is codes.LITERAL and value == ord(character):
            return True
        if op is codes.RANGE and value[0] <= ord(character) <= value[1]:
            return True
        if op is codes.CATEGORY and tests[value](character):
            return True
    return False


def texts(pattern: re.Pattern[Any]) -> Iterator[Callable[[int], str]]:
    """Yield what makes texts of a given length on which the pattern might take long."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    shapes = _Shapes(source, pattern.flags & ~re.UNICODE)
    own = [unit for unit in shapes.units if unit]
    short = [unit for unit in own if len(unit) <= 2][:8]
    pairs = [first + second for first in short for second in short if first != second]
    starts = list(dict.fromkeys(["", "a", *(start for start in shapes.starts if len(start) < 200)]))[:5]
    shaped = [(start, unit, tail) for unit in own[:60] for start in starts for tail in _TAILS]
    for unit in [*pairs, *_CHARACTERS, *_PAIRS]:
        shaped += [("", unit, "\0"), ("a", unit, "\n")]
    for start, unit, tail in dict.fromkeys((start, _shortest(unit), tail) for start, unit, tail in shaped):
        yield _repeated(start, unit, tail)
    for opening, closing in ("()", "[]", "{}", "<>", "»«"):
        yield _nested(opening, closing)


def _shortest(unit: str) -> str:
    """Return what a unit repeats."""
    return unit[: (unit + unit).index(unit, 1)]


def _repeated(start: str, unit: str, tail: str) -> Callable[[int], str]:
    return lambda size: start + unit * (size // len(unit)) + tail


def _nested(opening: str, closing: str) -> Callable[[int], str]:
    return lambda size: opening * (size // 2) + closing * (size // 2)
