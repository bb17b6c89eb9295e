"""Tokens a second of the neural engines, bare and through the translator's stage, with the name of the card: as JSON.

`python -m benchmarks gpu` takes a minute or two an engine, on a GPU or a CPU, and needs neither Kafka nor MongoDB. The
model is the first from German into English in `SATZSTROM_MODELS` (default: the bundled one).
"""

import asyncio
import json
import os
import platform
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.pipelines import ROOT
from pipeline.errors import SetupError
from pipeline.parts import cut as cut_parts
from segmenter.splitter import Splitter
from translator.batches import cut
from translator.drafts import Drafter
from translator.engines import USUAL, Engine
from translator.engines.loading import load
from translator.scheduler import Scheduler
from translator.writing.layout import flatten

_ENGINES = ("ctranslate2", "transformers")
_SECONDS = 20.0
"""That each measurement takes about."""
_FEW = 64


def run() -> None:
    """Print a line for the machine, and one for each engine."""
    print(json.dumps(_machine()), flush=True)
    for name in _ENGINES:
        print(json.dumps({"engine": name} | _measured(name)), flush=True)


def _measured(name: str) -> dict[str, Any]:
    models = Path(os.environ.get("SATZSTROM_MODELS", ROOT / "models"))
    try:
        engines = load(name, models, threads=len(os.sched_getaffinity(0)))
    except SetupError as error:
        return {"error": str(error)}
    try:
        engine = next(one for one in engines if (one.model.source, one.model.target) == ("de", "en"))
        return _figures(engine, _sentences())
    finally:
        for one in engines:
            one.stop()


def _figures(engine: Engine, sentences: Sequence[str]) -> dict[str, Any]:
    """Return the figures of an engine, on as many of the sentences, again and again, as take long enough to be measured."""
    _bare(engine, sentences[:_FEW])
    tokens, seconds = _bare(engine, sentences[:_FEW])
    few = sum(len(engine.encode(text)) for text in sentences[:_FEW]) / _FEW
    count = max(_FEW, round(_SECONDS * tokens / seconds / few))
    # Batches of a GPU are large; until they are full the first speed says little.
    many = [sentences[place % len(sentences)] for place in range(count)]
    tokens, seconds = _bare(engine, many)
    if seconds < _SECONDS / 2:
        many = [sentences[place % len(sentences)] for place in range(round(count * _SECONDS / seconds))]
        tokens, seconds = _bare(engine, many)
    bare = tokens / seconds
    staged = tokens / _seconds(lambda: asyncio.run(_through_the_stage(engine, many)))
    return {
        "model": engine.model.id,
        "device": engine.device,
        "batch_tokens": engine.batch_tokens,
        "workers": engine.workers,
        "sentences": len(many),
        "source_tokens": tokens,
        "bare_tokens_per_second": round(bare),
        "stage_tokens_per_second": round(staged),
        "stage_share": round(staged / bare, 2),
        "stage_sentences_per_second": round(staged * len(many) / tokens, 1),
    }


def _bare(engine: Engine, sentences: Sequence[str]) -> tuple[int, float]:
    """Return how many tokens there are, and the seconds that the engine takes, on as many batches at once as it likes."""
    tokens = [engine.encode(text) for text in sentences]
    batches = [[tokens[place] for place in batch] for batch in cut(tokens, engine.batch_tokens)]
    with ThreadPoolExecutor(engine.workers) as pool:
        seconds = _seconds(lambda: list(pool.map(lambda batch: engine.generate(batch, USUAL), batches)))
    return sum(map(len, tokens)), seconds


async def _through_the_stage(engine: Engine, sentences: Sequence[str]) -> None:
    """Translate as the stage does, two rounds at once: prepared, batched, checked, tried again and put together."""
    scheduler = Scheduler(engine.workers)
    scheduler.start()
    drafter = Drafter(engine, scheduler, urgent=False)
    rounds = iter(
        [sentences[start : start + engine.round_size] for start in range(0, len(sentences), engine.round_size)]
    )

    async def work() -> None:
        for one in rounds:
            await drafter.translate(one)

    try:
        await asyncio.gather(work(), work())
    finally:
        await scheduler.stop()


def _sentences() -> list[str]:
    text = (ROOT / "examples" / "die-verwandlung.txt").read_text(encoding="utf-8")
    splitter = Splitter(ROOT / "models")
    return [flatten(part[start:end])[0] for part in cut_parts(text) for start, end in splitter.spans(part, "de")]


def _seconds(work: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _machine() -> dict[str, Any]:
    """Return what this is measured on."""
    query = ["nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    try:
        said = subprocess.run(query, capture_output=True, text=True, timeout=10, check=True).stdout
        cards = [line.strip() for line in said.splitlines() if line.strip()]
    except (OSError, subprocess.SubprocessError):
        cards = []
    return {"cards": cards, "cores": len(os.sched_getaffinity(0)), "processor": _processor()}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()
