"""The files of the page: how large they are, and what they say as the API does."""

import re

from api.exports.remarks import REASONS
from tests.conftest import ROOT
from translator import guards

STATIC = ROOT / "api" / "web" / "static"
BUDGET = 150_000
"""Bytes of scripts, styles and pages, uncompressed: what a phone on a slow line waits for."""


def test_the_page_stays_small() -> None:
    files = [path for path in STATIC.rglob("*") if path.suffix in {".js", ".css", ".html"}]
    sizes = {path.name: path.stat().st_size for path in files}
    assert sum(sizes.values()) <= BUDGET, sorted(sizes.items(), key=lambda one: -one[1])[:10]


def test_modules_are_short_and_have_a_purpose() -> None:
    for path in STATIC.glob("*.js"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 200, f"{path.name} has {len(lines)} lines"


def test_the_page_and_exports_give_the_same_reasons() -> None:
    script = (STATIC / "reasons.js").read_text(encoding="utf-8")
    assert dict(re.findall(r'^  (\w+): "([^"]*)",$', script, re.MULTILINE)) == REASONS


def test_every_reason_that_a_translator_gives_has_words() -> None:
    source = (ROOT / "translator" / "guards.py").read_text(encoding="utf-8")
    given = set(re.findall(r'^        "(\w+)": ', source, re.MULTILINE)) | {guards.UNSURE, "empty"}
    assert len(given) > 8
    assert given <= set(REASONS)
