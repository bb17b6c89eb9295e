"""Numbers before words: nothing on the page or in the command line says "1 sentences"."""

import ast
import re
from collections.abc import Iterator

import pytest

from pipeline.counted import counted
from tests.conftest import ROOT

# Words with an s that are no plurals, and a unit that is written so.
_OTHERS = frozenset({"is", "has", "was", "does", "as", "lies", "differs", "sentences/s"})
_BEHIND = re.compile(r" ([a-z]+s(?:/s)?)\b")
_IN_TEMPLATE = re.compile(r"\$\{(?:[^{}]|\{[^{}]*\})*\} ([a-z]+s)\b")
_CONSTANT = re.compile(r"\$\{(?:number\()?[A-Z_]+\)?\}")


def _in_python(text: str) -> Iterator[str]:
    """Yield values in texts before a word that may be a plural; constants are never one."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.JoinedStr):
            continue
        for value, behind in zip(node.values, node.values[1:], strict=False):
            if isinstance(value, ast.FormattedValue) and isinstance(behind, ast.Constant):
                word, name = _BEHIND.match(str(behind.value)), ast.unparse(value.value)
                if word and word.group(1) not in _OTHERS and not name.isupper():
                    yield f"{{{name}}}{word.group()}"


def _in_script(text: str) -> Iterator[str]:
    for found in _IN_TEMPLATE.finditer(text):
        if found.group(1) not in _OTHERS and not _CONSTANT.match(found.group()):
            yield found.group()


def test_numbers_stand_before_words_by_counted_alone() -> None:
    looked_at = (
        *((path, _in_script) for path in (ROOT / "api/web/static").glob("*.js")),
        *((path, _in_python) for place in ("producer", "embedded") for path in (ROOT / place).rglob("*.py")),
    )
    assert len(looked_at) > 80
    left = [f"{path.relative_to(ROOT)}: {found}" for path, find in looked_at for found in find(path.read_text("utf-8"))]
    # How fast something goes, and what is at least two.
    allowed = {
        "embedded/chaos/command.py: {quiet} documents",
        "embedded/chaos/growth.py: {self.first_files} files",
    }
    assert set(left) == allowed


def test_what_the_search_above_finds() -> None:
    assert list(_in_python('f"{n} files, {MOST} files, {name} is, {x} sentences/s"')) == ["{n} files"]
    assert list(_in_script("`${n} files, ${number(MOST)} files, ${name} is, ${f({ a: 1 })} terms`")) == [
        "${n} files",
        "${f({ a: 1 })} terms",
    ]


@pytest.mark.parametrize(("number", "text"), [(0, "0 files"), (1, "1 file"), (1234, "1,234 files")])
def test_numbers_with_their_word(number: int, text: str) -> None:
    assert counted(number, "file") == text
    assert counted(number, "glossary is", "glossaries are") == text.replace("files", "glossaries are").replace(
        "file", "glossary is"
    )
