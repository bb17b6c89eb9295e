"""How fast the pipeline is, as ratios where a ratio says more than seconds."""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.pipelines import ROOT, pipeline, satzstrom
from pipeline.parts import cut
from satzstrom import Client
from segmenter.splitter import Splitter
from translator.engines.ctranslate2 import CTranslate2Engine
from translator.models.folder import find_models
from translator.writing.layout import flatten

# Sentences of 170 characters on average; in STORY they have 98, which is more usual.
BOOK = (ROOT / "examples" / "die-verwandlung.txt").read_text(encoding="utf-8")
STORY = (ROOT / "examples" / "immensee.txt").read_text(encoding="utf-8")
# Asking for the status costs time of the same two cores: seldom where speed is measured, often where latency is.
_SELDOM, _OFTEN = 0.25, 0.003


def run() -> None:
    """Print all figures."""
    against_bare_engine()
    identity()
    latency()
    second_start()


def finish(client: Client, document: str, poll: float = _SELDOM) -> Any:
    """Wait until a document is done, and return its status."""
    while not (status := client.status(document)).ended:
        time.sleep(poll)
    assert status.state == "done", status
    return status


def against_bare_engine(rounds: int = 3, copies: int = 4) -> None:
    """Sentences/s of the pipeline over those of the bare engine on the same sentences, in turn.

    The text has the length of a novel; the book of the examples is a short one.
    """
    text = BOOK * copies
    splitter = Splitter(ROOT / "models")
    sentences = [flatten(part[start:end])[0] for part in cut(text) for start, end in splitter.spans(part, "de")]
    engine = CTranslate2Engine(find_models(ROOT / "models", "ctranslate2")[0], threads=2)
    tokens = [engine.encode(sentence) for sentence in sentences]

    def bare() -> float:
        begin = time.perf_counter()
        engine._translator.translate_batch(  # noqa: SLF001 (the engine without anything of ours around it)
            tokens, beam_size=4, batch_type="tokens", max_batch_size=512, max_input_length=0, max_decoding_length=256
        )
        return len(tokens) / (time.perf_counter() - begin)

    with pipeline("ctranslate2") as (client, _):
        finish(client, client.submit(BOOK[:5000]))
        bare()
        ratios, speeds = [], []
        for _ in range(rounds):
            alone = bare()
            begin = time.perf_counter()
            status = finish(client, client.submit(iter([text.encode()])))
            speed = status.sentences.total / (time.perf_counter() - begin)
            speeds.append(speed)
            ratios.append(speed / statistics.mean((alone, bare())))
    print(f"pipeline / bare engine     {statistics.median(ratios):.2f}   (aim 0.9; {_spread(ratios)})")
    print(f"  sentences/s              {statistics.median(speeds):.0f}   ({len(tokens)} sentences)")


def identity(copies: int = 70) -> None:
    """Sentences/s through everything with the identity engine."""
    text = STORY * copies
    with pipeline("identity", settings={"SATZSTROM_MEMORY": "all"}) as (client, _):
        finish(client, client.submit(BOOK))
        speeds = []
        for _ in range(3):
            begin = time.perf_counter()
            status = finish(client, client.submit(iter([text.encode()])))
            speeds.append(status.sentences.total / (time.perf_counter() - begin))
    print(f"identity, sentences/s      {statistics.median(speeds):.0f}   (aim 5000; {_spread(speeds, '.0f')})")


def latency(count: int = 100) -> None:
    """Time from submitting one sentence to its translation in the API, less the engine's own time."""
    sentence = "Das Haus steht am Ende der Straße, und im Garten blühen die Rosen."
    with pipeline("ctranslate2") as (client, _):
        for _ in range(10):
            finish(client, client.submit(sentence))
        engine = CTranslate2Engine(find_models(ROOT / "models", "ctranslate2")[0], threads=2)
        tokens = [engine.encode(sentence)]
        whole, alone = [], []
        for _ in range(count):
            begin = time.perf_counter()
            finish(client, client.submit(sentence), _OFTEN)
            whole.append(time.perf_counter() - begin)
            begin = time.perf_counter()
            engine._translator.translate_batch(tokens, beam_size=4)  # noqa: SLF001 (as above)
            alone.append(time.perf_counter() - begin)
    own = statistics.median(alone)
    whole.sort()
    p50, p95 = (1000 * (whole[int(len(whole) * part)] - own) for part in (0.5, 0.95))
    print(f"one sentence, p50 / p95    {p50:.0f} / {p95:.0f} ms   (aim p50 50; less {1000 * own:.0f} ms in the engine)")


def second_start() -> None:
    """Seconds from `satzstrom up` on used data to the first translated sentence."""
    with tempfile.TemporaryDirectory(prefix="satzstrom-bench-") as made:
        data = Path(made)
        with pipeline("ctranslate2", data):
            pass
        begin = time.perf_counter()
        with pipeline("ctranslate2", data) as (client, _):
            finish(client, client.submit("Guten Morgen."))
            seconds = time.perf_counter() - begin
        satzstrom(data, "down")
    print(f"second start to sentence   {seconds:.1f} s   (aim 15)")


def _spread(values: list[float], form: str = ".2f") -> str:
    return f"{min(values):{form}} to {max(values):{form}}"
