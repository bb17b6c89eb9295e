"""In a pipe a row of a table is a line, however narrow a terminal would be."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

PS = """
from embedded import commands, state
process = state.ProcessState("translator-1", 123456, "running", 0)
commands.state.read = lambda folder: state.PipelineState("k:1", "m:1", "http://a:1", [process])
commands.ps()
"""
CALIBRATE = """
from translator.calibrating import Report
from translator.models.recalibrating import _show
levels = {level: (0.333, 44.4) for level in ("high", "medium", "low")}
_show({"a-rather-long-name-of-a-set.tsv": Report(12345, 55.5, 56.6, levels, 0.5)})
"""
LIST = """
from producer.tables import print_table
print_table([("id", "name"), ("a-rather-long-id", "Ein langer Titel,\\nder nie in zwanzig Zeichen passt")], flexible=1)
"""


@pytest.mark.parametrize(
    ("program", "row"),
    [
        (PS, "translator-1 123456 running 0"),
        (CALIBRATE, "a-rather-long-name-of-a-set.tsv 12,345 55.5 56.6 33% (44) 33% (44) 33% (44) 50%"),
        (LIST, "a-rather-long-id Ein langer Titel, der nie in zwanzig Zeichen passt"),
    ],
    ids=["ps", "models calibrate", "lists"],
)
def test_rows_are_lines(program: str, row: str) -> None:
    environment = os.environ | {"COLUMNS": "20"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert row in [" ".join(line.split()) for line in done.stdout.splitlines()]
