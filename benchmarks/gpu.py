"""Tokens a second of the neural engines, bare and through the translator's stage.

`python -m benchmarks gpu` takes a minute or two an engine, on a GPU or a CPU, and needs neither Kafka nor MongoDB. The
model is the first from German into English in `SATZSTROM_MODELS` (default: the bundled one).
"""

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.machine import cards
from benchmarks.pipelines import ROOT
from benchmarks.recorder import Recorder
from benchmarks.texts import BOOK, sentences
from pipeline.errors import SetupError
from translator.batches import cut
from translator.drafts import Drafter
from translator.engines import USUAL, Engine
from translator.engines.loading import load
from translator.scheduler import Scheduler

_ENGINES = ("ctranslate2", "transformers")
_SECONDS = 20.0
"""That each measurement takes about."""
_FEW = 64


def run(recorder: Recorder) -> None:
    """Measure each engine that can run here."""
    recorder.details["cards"] = cards()
    for name in _ENGINES:
        _measure(recorder, name)


def _measure(recorder: Recorder, name: str) -> None:
    models = Path(os.environ.get("SATZSTROM_MODELS", ROOT / "models"))
    try:
        engines = load(name, models, threads=len(os.sched_getaffinity(0)))
    except SetupError as error:
        recorder.leave_out(name, str(error))
        return
    try:
        engine = next(one for one in engines if (one.model.source, one.model.target) == ("de", "en"))
        _figures(recorder, name, engine, sentences(BOOK))
    finally:
        for one in engines:
            one.stop()


def _figures(recorder: Recorder, name: str, engine: Engine, sentences: Sequence[str]) -> None:
    """Measure an engine, on as many of the sentences, again and again, as take long enough to be measured."""
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
    note = f"{engine.model.id} on {engine.device}, {engine.workers} batches of {engine.batch_tokens} tokens at once"
    recorder.add(f"{name}, bare", bare, "tokens/s", note=note)
    recorder.add(f"{name}, through the stage", staged, "tokens/s", note=f"{len(many):,} sentences")
    recorder.add(f"{name}, through the stage ÷ bare", staged / bare)
    recorder.add(f"{name}, through the stage, sentences", staged * len(many) / tokens, "sentences/s")


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


def _seconds(work: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
