"""What the readers import: nothing that opens or starts anything, and libraries whose licences the documentation lists."""

import re
import sys
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT
from tests.unit.test_imports import imported, modules

_REACHES_OUT = {
    "asyncio", "ctypes", "ftplib", "glob", "http", "importlib", "multiprocessing", "os", "resource", "select", "shutil",
    "signal", "socket", "ssl", "subprocess", "tempfile", "threading", "urllib.request",
}  # fmt: skip
# A PDF is read by a process of its own; the table loads readers when they are needed.
_MAY = {"formats/pdf": _REACHES_OUT, "formats/table.py": {"importlib"}}
_TOOLS = {"pytest", "hypothesis", "packaging"}
_CALLED = {"docx": "python-docx", "pptx": "python-pptx"}
_OWN = {"formats", "pipeline", "tests", "api", "store", "segmenter", "translator", "benchmarks"}


def test_readers_open_and_start_nothing() -> None:
    for path in modules("formats"):
        name = path.relative_to(ROOT).as_posix()
        allowed = {one for begin, some in _MAY.items() if name.startswith(begin) for one in some}
        found = {one for module in imported(path) for one in (module, module.partition(".")[0])}
        assert found & _REACHES_OUT <= allowed, name
        # A method may be called so.
        assert not re.search(r"(?<![\w.])(?<!def )open\(", path.read_text(encoding="utf-8")), name


def listed() -> dict[str, tuple[str, str]]:
    """Return the table of libraries: name, licence and what each is used for."""
    page = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    table = page.partition("## Libraries and their licences")[2].partition("|---|---|---|\n")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]
    return {name: (licence, use) for name, licence, use in rows}


def libraries(*folders: str) -> set[str]:
    """Return the distributions that the modules of some folders import."""
    names = {
        module.partition(".")[0] for folder in folders for path in modules(folder) for module in imported(path)
    } - sys.stdlib_module_names
    return {_CALLED.get(name, name) for name in names - _OWN - _TOOLS}


def with_needed(names: set[str]) -> set[str]:
    """Return distributions and all that they need in turn."""
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        needed = (Requirement(line) for line in metadata.requires(name) or ())
        waiting |= {
            canonicalize_name(one.name) for one in needed if not one.marker or one.marker.evaluate({"extra": ""})
        } - found
    return found


@pytest.mark.parametrize("name", listed())
def test_a_licence_is_that_which_the_library_says(name: str) -> None:
    about = metadata.metadata(name)
    assert listed()[name][0] == (about.json.get("license_expression") or about.json["license"])


def test_all_libraries_that_are_used_are_listed_with_what_for() -> None:
    running = with_needed(libraries("formats"))
    used = with_needed(libraries("tests/unit/formats", "tests/office"))
    assert {name for name, (_, use) in listed().items() if use.startswith("at run time")} == running
    assert {name for name, (_, use) in listed().items() if use.startswith("tests")} == used - running


def test_what_the_wheel_of_the_reader_of_pages_brings_is_listed() -> None:
    page = (ROOT / "docs/formats.md").read_text(encoding="utf-8").partition("Its wheel brings ")[2].lower()
    called = {
        "agg23": "anti-grain", "lcms": "little cms", "libopenjpeg": "openjpeg", "pdfium-binaries": "the builds",
        "libgcc_and_libstdc++": "gcc's run time", "llvm-libc": "llvm's libc", "dragonbox-Apache2-LLVM": "dragonbox",
        "dragonbox-Boost": "dragonbox",
    }  # fmt: skip
    # Of another system, of an engine that is in no wheel, and texts that others point to.
    others = {"android", "v8_xfa", "SHARED"}
    files = [one for one in metadata.files("pypdfium2") or () if "BUILD_LICENSES" in one.parts]
    assert files
    names = {one.stem for one in files if not others & {*one.parts}}
    assert [one for one in names if called.get(one, one.replace("_", "-").lower()) not in page.replace("_", "-")] == []


def test_all_kinds_of_files_are_documented() -> None:
    from formats.table import suffixes

    page = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    table = page.partition("| files | suffixes |\n|---|---|\n")[2].partition("\n\n")[0]
    named = [one for row in table.splitlines() for one in re.findall(r"`(\.\w+)`", row.rpartition(" | ")[2])]
    assert sorted(named) == sorted(suffixes())
