"""Shells complete commands and options."""

import os
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT

PROGRAM = "import sys; sys.argv[0] = 'satzstrom'; from producer.__main__ import main; main()"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("satzstrom sub", "submit"), ("satzstrom submit --pri", "--priority")],
)
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_words_are_completed(shell: str, typed: str, expected: str) -> None:
    asked = {
        "bash": {"COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))},
        "zsh": {"_TYPER_COMPLETE_ARGS": typed},
        "fish": {"_TYPER_COMPLETE_ARGS": typed, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }[shell]
    environment = os.environ | asked | {"_SATZSTROM_COMPLETE": f"complete_{shell}"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert expected in re.findall(r"[\w-]+", done.stdout)
