"""A language of a few words, which a small network learns in seconds."""

import os
import random
import subprocess
import sys
from itertools import product
from pathlib import Path

from tests.conftest import ROOT

NOUNS = {
    "Hund": "dog",
    "Vogel": "bird",
    "Baum": "tree",
    "Mann": "man",
    "Fisch": "fish",
    "Stein": "stone",
    "Tisch": "table",
}
VERBS = {"sieht": "sees", "hört": "hears", "sucht": "seeks", "findet": "finds", "malt": "paints"}
ENDS = {"heute": "today", "jetzt": "now", "oft": "often", "nie": "never"}


def pairs() -> list[tuple[str, str]]:
    made = [
        (f"Der {a} {v} den {b} {e}.", f"The {NOUNS[a]} {ENDS[e]} {VERBS[v]} the {NOUNS[b]}.")
        for a, v, b, e in product(NOUNS, VERBS, NOUNS, ENDS)
    ]
    random.Random(5).shuffle(made)
    return made


def write(folder: Path) -> tuple[Path, Path]:
    """Write a file to train on and one to test on; the first has all of the second."""
    lines = [f"{source}\t{target}\n" for source, target in pairs()]
    data, test = folder / "toy.tsv", folder / "test.tsv"
    data.write_text("".join(f"words\t{line}" for line in lines), encoding="utf-8")
    test.write_text("".join(lines[:40]), encoding="utf-8")
    return data, test


def train(data: Path, out: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Train in a process of its own, as people do."""
    options = ("--name", "toy", "--pieces", "150", "--threads", "1", "--batch", "512", "--rate", "0.005", *options)
    command = [sys.executable, "-m", "tests.training.small", "--data", str(data), "--out", str(out)]
    return subprocess.run(
        [*command, "--report-every", "10", *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": "", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
