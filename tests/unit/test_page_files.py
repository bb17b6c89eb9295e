"""The files of the page: how large they are, and what they say as the API does."""

import re

from api.exports.remarks import REASONS
from tests.conftest import ROOT
from translator import guards

STATIC = ROOT / "api" / "web" / "static"
BUDGET = 150_000
"""Bytes of scripts, styles and HTML, uncompressed, for which somebody waits who opens a page."""
_IMPORT = re.compile(r'^(?:import|export) .*?"\./([\w-]+\.js)";', re.MULTILINE)
_PAGE = re.compile(r'import\("\./([\w-]+\.js)"\)')


def needed(script: str, known: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return a script and all that it imports."""
    if script in known:
        return known
    known |= {script}
    for one in _IMPORT.findall((STATIC / script).read_text(encoding="utf-8")):
        known = needed(one, known)
    return known


def test_whoever_opens_a_page_waits_for_little() -> None:
    pages = _PAGE.findall((STATIC / "main.js").read_text(encoding="utf-8"))
    assert "document.js" in pages
    always = sum(path.stat().st_size for path in [*STATIC.glob("*.css"), STATIC / "index.html"])
    for page in pages:
        sizes = {name: (STATIC / name).stat().st_size for name in needed(page, needed("main.js"))}
        assert always + sum(sizes.values()) <= BUDGET, (page, sorted(sizes.items(), key=lambda one: -one[1])[:10])


def test_modules_are_short() -> None:
    for path in STATIC.glob("*.js"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 250, f"{path.name} has {lines} lines"


def test_the_page_and_exports_give_the_same_reasons() -> None:
    script = (STATIC / "reasons.js").read_text(encoding="utf-8")
    assert dict(re.findall(r'^  (\w+): "([^"]*)",$', script, re.MULTILINE)) == REASONS


def test_every_reason_that_a_translator_gives_has_words() -> None:
    source = (ROOT / "translator" / "guards.py").read_text(encoding="utf-8")
    given = set(re.findall(r'^        "(\w+)": ', source, re.MULTILINE)) | {guards.UNSURE, "empty"}
    assert len(given) > 8
    assert given <= set(REASONS)
