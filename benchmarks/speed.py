"""The pipeline against its bare engine, with the same weights, settings and threads: sentences a second, by turns."""

import os
import time
from pathlib import Path
from typing import Any

from benchmarks.bare import Bare
from benchmarks.pipelines import ROOT, finish, pipeline
from benchmarks.recorder import Aim, Recorder, least
from benchmarks.texts import BOOK, sentences


def run(recorder: Recorder) -> None:
    """Measure the bundled model, and the larger one that LARGER names: a folder with a `model.json` (docs/models.md)."""
    against_bare(recorder, "bundled model", ROOT / "models" / "de-en", copies=2, aim=least(0.92))
    if larger := os.environ.get("LARGER"):
        against_bare(recorder, "larger model", Path(larger), copies=1, aim=least(0.96))
    else:
        recorder.leave_out("a larger model", "LARGER names no folder with one")


def against_bare(recorder: Recorder, name: str, model: Path, *, copies: int, aim: Aim, rounds: int = 3) -> None:
    """Compare, with a text as long as so many copies of the book."""
    text = BOOK * copies
    wanted = sentences(text)
    bare = Bare(model)
    tokens = [bare.encode(sentence) for sentence in wanted]
    ratios, through, alone = [], [], []
    with pipeline("ctranslate2", settings={"SATZSTROM_MODELS": str(model.parent)}) as (client, _):
        finish(client, client.submit(BOOK[:5000]))
        bare.translate(tokens[:200])
        before = _speed(bare, tokens)
        for _ in range(rounds):
            begin = time.perf_counter()
            status = finish(client, client.submit(iter([text.encode()])))
            through.append(status.sentences.total / (time.perf_counter() - begin))
            after = _speed(bare, tokens)
            alone.append((before + after) / 2)
            ratios.append(through[-1] / alone[-1])
            before = after
    size = f"{bare.parameters / 1e6:.0f} million parameters"
    recorder.add(f"pipeline ÷ bare engine, {name}", ratios, aim=aim, note=f"{size}, {len(tokens):,} sentences")
    recorder.add(f"through the pipeline, {name}", through, "sentences/s")
    recorder.add(f"bare engine, {name}", alone, "sentences/s")


def _speed(bare: Bare, tokens: list[Any]) -> float:
    begin = time.perf_counter()
    bare.translate(tokens)
    return len(tokens) / (time.perf_counter() - begin)
