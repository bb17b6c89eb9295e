"""The documentation points to files that are there."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "models/*/*.md", "examples/*.md", "deploy/**/*.md")
    for path in ROOT.glob(pattern)
)
# Names of modules, as prose and tables mention them: `pipeline/stage.py`.
MENTIONED = re.compile(
    r"`((?:api|deploy|embedded|examples|models|pipeline|producer|satzstrom|segmenter|sink|store|tests|trainer|translator)/[\w./-]+)`"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_points_to_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in links if link and not (page.parent / link).exists()] == []
    assert [name for name in MENTIONED.findall(text) if not (ROOT / name).exists()] == []


def test_there_are_pages() -> None:
    assert len(PAGES) > 10


@pytest.mark.parametrize("name", ["faults.md", "security.md"])
def test_the_tests_that_the_documentation_names_are_there(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    named = set(re.findall(r"(tests/[a-z0-9_/]+\.py)(?:(?:::|` `)(test_[a-z0-9_]+))?", text))
    assert len(named) > 20
    for path, test in named:
        assert not test or f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path}::{test}"
        assert (ROOT / path).exists(), path


SHELL = re.compile(r"```(?:sh|bash|console)\n(.*?)```", re.DOTALL)
QUOTED = re.compile(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
# zsh and fish look for files for these, and do nothing where there are none.
WILD = re.compile(r"\S*(?:\w[?]\w|://\S*[*\[]|\w\[\w+(?:,\w+)*\])\S*")


def unquoted(block: str) -> list[str]:
    """Return words of shell commands that other shells than bash take for patterns of file names."""
    commands = QUOTED.sub("''", block)
    lines = [line.split(" #", 1)[0] for line in commands.splitlines() if not line.lstrip().startswith("#")]
    return [word for line in lines for word in WILD.findall(line)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_work_in_other_shells_than_bash(page: Path) -> None:
    for block in SHELL.findall(page.read_text(encoding="utf-8")):
        assert unquoted(block) == []


def test_words_without_quotes_are_found() -> None:
    assert unquoted("curl http://a/b?c=d  # what?is") == ["http://a/b?c=d"]
    assert unquoted("curl -N 'http://a/b?c=d' \"http://a?b\"\n# see http://a?b") == []
    assert unquoted("pip install satzstrom-server[api,sink]\npip install 'a[b]'") == ["satzstrom-server[api,sink]"]
