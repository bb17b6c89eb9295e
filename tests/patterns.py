"""Finds every pattern of the code base, and texts on which each might take long: what its own text suggests.

`python -m tests.patterns` measures them all and prints those that take too long (`tests/contract/test_patterns.py`).
"""

import ast
import contextlib
import gc
import heapq
import importlib.util
import math
import pkgutil
import re
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from re import _constants as codes  # what the parser's tree is made of
from re import _parser as parser  # the one that `re.compile` uses
from types import FrameType, ModuleType
from typing import Any

ROOT = Path(__file__).parent.parent
PACKAGES = (
    "pipeline",
    "producer",
    "satzstrom",
    "segmenter",
    "translator",
    "sink",
    "store",
    "formats",
    "api",
    "embedded",
)
# Several gigabytes that take seconds to load: of modules that import them the source is read alone.
NOT_LOADED = ("torch", "transformers")
METHODS = ("finditer", "match", "fullmatch")
# What these do to a text costs what `finditer` costs.
SCANS = {"search", "sub", "subn", "split", "findall", "finditer"}

LIMIT = 5.0
"""How much more than the yardstick a pattern may take for a text of the same length."""
SMALL_CHANGE = 0.5
"""What takes less of the yardstick than this (some 20 ms for 64 KB) is far from mattering, and too little to compare."""
STOP = 4 * LIMIT
"""A measurement is stopped there, and needs no second: no neighbour makes a machine so slow."""
TRIES = 5
"""So often a pattern that seems to be slow is measured, in turn with the yardstick; the least of each counts."""
CPU_SECONDS = 150
LONG_TEXTS = ("api.", "store.", "pipeline.terms.")
GROWTH = 8.0
"""Four times the text may take so many times the time; what is quadratic takes sixteen times."""

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
# Of all texts those that take longest when they are short are tried longer.
_SIEVE = ((800, 20), (4_000, 3))
_SMALL, _LARGE, _HUGE = 16_000, 64_000, 1_000_000

# Linear, since each repetition is bounded; with as many alternatives as the largest patterns of the code base have,
# so that a machine with small caches or busy neighbours is slow for both.
_YARDSTICK = re.compile(
    "|".join(
        rf"(?<![\w{first}-])[{first}-z]\w{{0,30}}+[.{sign}/]{{1,3}}\w{{2,30}}?(?:{first}{sign}|[{sign}A-Z0-9]{{2}}-)"
        for first in "abcdefgh"
        for sign in "@:#_+"
    )
)


@dataclass(frozen=True)
class Pattern:
    """A pattern of the code base, and the methods with which it is used."""

    name: str
    compiled: re.Pattern[Any]
    methods: tuple[str, ...]


def every_pattern() -> list[Pattern]:
    """Return all patterns: of modules, classes and collections, and those that functions make."""
    found: dict[tuple[Any, int], Pattern] = {}
    for place, source, module in _sources():
        for name, value in _values(module) if module else ():
            key = value.pattern, value.flags
            methods = _methods(source, name.partition("[")[0].rpartition(".")[2])
            methods += found[key].methods if key in found else ()
            found[key] = Pattern(f"{place}.{name}", value, _costly(methods))
        for name, value, method in _inline(source, loaded=module is not None):
            found.setdefault((value.pattern, value.flags), Pattern(f"{place}:{name}", value, (method,)))
    return sorted(found.values(), key=lambda one: one.name)


def _sources() -> Iterator[tuple[str, str, ModuleType | None]]:
    """Yield name, source and module of each module; no module where it needs what is not loaded."""
    for package in PACKAGES:
        top = importlib.import_module(package)
        for name in [package, *(found.name for found in pkgutil.walk_packages(top.__path__, f"{package}."))]:
            module = None
            try:
                module = importlib.import_module(name)
            except ModuleNotFoundError as error:
                if error.name not in NOT_LOADED:
                    raise
            spec = importlib.util.find_spec(name)
            assert spec is not None
            yield name, Path(spec.origin or "").read_text(encoding="utf-8"), module


def _values(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any]]]:
    for name, value in list(vars(module).items()):
        if isinstance(value, type):
            if value.__module__ == module.__name__:
                for attribute, member in list(vars(value).items()):
                    yield from _inside(f"{name}.{attribute}", member)
        elif not isinstance(value, ModuleType):
            yield from _inside(name, value)


def _inside(name: str, value: Any, depth: int = 0) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield name, value
    elif depth < 4 and isinstance(value, Mapping):
        for key, member in value.items():
            yield from _inside(f"{name}[{key!r}]", member, depth + 1)
    elif depth < 4 and isinstance(value, tuple | list | set | frozenset):
        for number, member in enumerate(value):
            yield from _inside(f"{name}[{number}]", member, depth + 1)
    elif depth < 4 and hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        for field in value.__dataclass_fields__:
            yield from _inside(f"{name}.{field}", getattr(value, field, None), depth + 1)


def _methods(source: str, name: str) -> tuple[str, ...]:
    """Return with which methods a module uses a pattern: all, where it does not show."""
    used = set(re.findall(rf"\b{re.escape(name)}\.(\w+)\b", source))
    found = tuple(method for method in METHODS if method in used or (method == "finditer" and used & SCANS))
    return found or METHODS


def _costly(methods: Iterable[str]) -> tuple[str, ...]:
    """Return methods without `match` where `finditer` is used, whose first step is what `match` does."""
    found = dict.fromkeys(methods)
    if "finditer" in found:
        found.pop("match", None)
    return tuple(found)


def _inline(source: str, *, loaded: bool) -> Iterator[tuple[str, re.Pattern[Any], str]]:
    """Yield patterns that functions make; what an f-string puts into them is `a1` here."""
    functions = {name: name for name in ("match", "fullmatch")} | dict.fromkeys(SCANS | {"compile"}, "finditer")
    tree = ast.parse(source)
    # Those of the module itself are found by their names, with their flags and uses.
    named = {
        id(call)
        for node in tree.body
        if loaded
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
    }
    for node in ast.walk(tree):
        if id(node) in named or not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr in functions):
            continue
        text = _constant(node.args[0])
        if text is not None:
            with contextlib.suppress(
                re.error
            ):  # a piece of one with other flags: the compiled one is found by its name
                yield f"{node.lineno}", re.compile(text), functions[node.func.attr]


def _constant(node: ast.expr) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join("a1" if isinstance(part, ast.FormattedValue) else str(_constant(part)) for part in node.values)
    return None


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


class _TooLongError(Exception):
    """The measured call has used up its time."""


def _stop(signum: int, frame: FrameType | None) -> None:
    raise _TooLongError


def seconds(compiled: re.Pattern[Any], method: str, text: str, limit: float) -> float:
    """Return the processor time that a method takes for a text; infinity if it was stopped at the limit."""
    given: Any = text if isinstance(compiled.pattern, str) else text.encode("utf-8", "replace")
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    begin = time.process_time()
    try:
        if method == "finditer":
            for _ in compiled.finditer(given):
                pass
        else:
            getattr(compiled, method)(given)
    except _TooLongError:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - begin


def yardstick() -> float:
    """Return the seconds that the yardstick takes for 64 KB."""
    return seconds(_YARDSTICK, "finditer", "aA.b:c " * (_LARGE // 7), 1e3)


class Meter:
    """Measures patterns by the yardstick, which it measures first."""

    def __init__(self) -> None:
        signal.signal(signal.SIGVTALRM, _stop)
        self.yardstick = min(yardstick() for _ in range(TRIES))

    def check(self, pattern: Pattern) -> list[str]:
        """Return what is wrong with a pattern, one text for each method."""
        found = (self._check(pattern, method) for method in pattern.methods)
        return [slow for slow in found if slow is not None]

    def _check(self, pattern: Pattern, method: str) -> str | None:
        tried = list(texts(pattern.compiled))
        for size, kept in _SIEVE:
            times = []
            for make in tried:
                times.append((self._seconds(pattern, method, make(size)), make))
                if times[-1][0] == math.inf and (slow := self._too_long(pattern, method, make)) is not None:
                    return slow
            tried = [make for _, make in heapq.nlargest(kept, times, key=lambda one: one[0])]
        for make in tried:
            if (slow := self._too_long(pattern, method, make)) is not None:
                return slow
        return self._too_long(pattern, method, tried[0], _HUGE) if pattern.name.startswith(LONG_TEXTS) else None

    def _seconds(self, pattern: Pattern, method: str, text: str) -> float:
        # A short one is stopped later: a tenth of a second has to be measurable.
        stop = self.yardstick * max(1.0, STOP * len(text) / _LARGE)
        return seconds(pattern.compiled, method, text, stop)

    def _too_long(self, pattern: Pattern, method: str, make: Callable[[int], str], size: int = _LARGE) -> str | None:
        """Return what is wrong with the time that a text takes; None if it is right.

        Of several measurements in turn the least counts: others work on this machine, too.
        """
        small, large = make(size // 4), make(size)
        what = f"{pattern.name} .{method} {large[:12]!r}…{large[-6:]!r}"
        before = after = unit = math.inf
        for _ in range(TRIES):
            after = min(after, taken := self._seconds(pattern, method, large))
            if taken == math.inf:
                return f"{what}: stopped after {STOP:.0f} times what the yardstick took for {size // 1_000} KB"
            if after <= SMALL_CHANGE * self.yardstick:
                return None
            before = min(before, self._seconds(pattern, method, small))
            unit = min(unit, yardstick())
            if after <= LIMIT * unit * size / _LARGE and after <= GROWTH * before:
                return None
        took = f"{before:.3f} s for {size // 4_000} KB, {after:.3f} s for {size // 1_000} KB"
        return f"{what}: {took}, {unit:.3f} s by the yardstick"


def main() -> int:
    """Measure all patterns, or those named; print the names of each before it is measured, and what is wrong with it."""

    def say(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    wanted = sys.argv[1:]
    bad = 0
    # All is stopped after so many seconds of a processor, however long they last.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    sys.modules.update(dict.fromkeys(NOT_LOADED))  # type: ignore[arg-type]  # which says that there is none
    patterns = every_pattern()
    gc.disable()
    meter = Meter()
    for pattern in patterns:
        if wanted and not any(name in pattern.name for name in wanted):
            continue
        say(f"measuring {pattern.name}")
        for line in meter.check(pattern):
            say(f"SLOW {line}")
            bad += 1
    say(f"{len(patterns)} patterns, {bad} slow; {meter.yardstick:.3f} s by the yardstick")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
