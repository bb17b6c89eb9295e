"""Finds every pattern of the code base: of modules, classes and collections, and those that functions make."""

import ast
import contextlib
import importlib.util
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

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
