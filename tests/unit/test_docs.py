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
