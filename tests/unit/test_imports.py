"""Who may import whom: services speak through topics and never call each other."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

SERVICES = {"producer", "segmenter", "translator", "sink", "api", "embedded", "trainer"}
SHARED = {"pipeline", "store", "formats", "satzstrom"}
ALLOWED = {
    "pipeline": set(),
    "store": {"pipeline"},
    "formats": {"pipeline"},
    # A distribution of its own, so nothing of the others.
    "satzstrom": set(),
    "producer": {"pipeline", "formats", "satzstrom"},
    "segmenter": {"pipeline", "store"},
    "translator": {"pipeline"},
    "sink": {"pipeline", "store"},
    "api": {"pipeline", "store", "formats"},
    # Makes what a translator loads, and reads translation memories.
    "trainer": {"pipeline", "formats", "translator"},
    # Starts the services as processes; the demo is a user of the client; its MongoDB is set up as every other.
    "embedded": {"pipeline", "producer", "satzstrom", "store"},
}
# The command line puts the commands together where the embedded pipeline, a translator or the trainer is installed.
EXCEPTIONS = {("producer/__main__.py", other) for other in ("embedded", "translator", "trainer")}
ONLY_STORE = {"motor", "pymongo", "bson"}
DRIVER = "store/driver.py"
CLIENTS = {"AsyncMongoClient", "MongoClient", "AsyncIOMotorClient"}


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


@cache
def imports(path: Path) -> list[ast.Import | ast.ImportFrom]:
    return [node for node in nodes(path) if isinstance(node, ast.Import | ast.ImportFrom)]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in imports(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif node.module:
            names |= {node.module}
    return names


def modules(package: str) -> list[Path]:
    found = sorted((ROOT / package).rglob("*.py"))
    assert found
    return found


@pytest.mark.parametrize("package", ALLOWED)
def test_imports_follow_the_design(package: str) -> None:
    for path in modules(package):
        name = path.relative_to(ROOT).as_posix()
        others = {module.partition(".")[0] for module in imported(path)} & (SERVICES | SHARED) - {package}
        others -= {other for exception, other in EXCEPTIONS if exception == name}
        assert others <= ALLOWED[package], name


def test_only_the_store_knows_mongodb() -> None:
    for package in ALLOWED:
        for path in modules(package):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith("store/"):
                assert not {module.partition(".")[0] for module in imported(path)} & ONLY_STORE, name


def test_only_one_module_knows_the_driver_of_mongodb() -> None:
    for package in ALLOWED:
        for path in modules(package):
            name = path.relative_to(ROOT).as_posix()
            for node in imports(path):
                if isinstance(node, ast.ImportFrom) and name != DRIVER:
                    module = node.module or ""
                    assert not module.startswith(("motor", "pymongo.asynchronous")), name
                    assert not {alias.name for alias in node.names} & CLIENTS, name
                elif isinstance(node, ast.Import) and name != DRIVER:
                    assert not {alias.name.partition(".")[0] for alias in node.names} & {"motor", "pymongo"}, name


def test_one_line_names_the_driver_of_mongodb() -> None:
    lines = (ROOT / DRIVER).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "as Client" in line and line.startswith("from")] == [
        "from pymongo import AsyncMongoClient as Client"
    ]


def test_no_query_names_an_index() -> None:
    # The next release may call it differently, and both run side by side during an upgrade.
    for path in modules("store"):
        for node in nodes(path):
            assert not (isinstance(node, ast.keyword) and node.arg == "hint"), path


def test_the_command_line_starts_without_what_translates() -> None:
    # Its patterns take longer to read than most commands take.
    read = "import sys, translator.models.commands; sys.exit('translator.drafts' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", read], cwd=ROOT, check=False).returncode == 0
