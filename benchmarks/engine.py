"""What settings of the engine give and take: sentences a CPU second, BLEU and chrF against those of the usual search.

SETS names pairs that the bundled model was not trained on, NAME=SOURCE:TRANSLATION with spaces between, of which the first
SENTENCES (500) are taken. MAP names another vocabulary map than the model's own (`satzstrom models map` makes one). WAYS is
part of the names of those ways that are measured. All translate the same sentences by turns in one process. What counts is
CPU time, since others may want the cores.

What counts as the same is also told: how many translations are others when the same sentences come in another order, so that
each has other company in its batch.
"""

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ctranslate2
from sacrebleu.metrics import BLEU, CHRF

from benchmarks.pipelines import ROOT
from benchmarks.recorder import Recorder
from translator import calibrating
from translator.batches import cut
from translator.engines import USUAL, Tokens, output_cap
from translator.engines.vocabulary import MARKS, Encoder, target_vocabulary
from translator.mapping import FILE
from translator.models.folder import Model, find_models

_ROUNDS, _WORKERS, _ROUND_SIZE, _USUAL_TOKENS = 2, 2, 160, 512
_NO_SETS = "needs SETS, pairs that the model was not trained on"


@dataclass(frozen=True)
class Way:
    """Settings of a search, and how its batches are made."""

    search: Mapping[str, Any] = field(default_factory=dict)
    batch_tokens: int = _USUAL_TOKENS
    sort: bool = True
    mapped: bool = False
    compute_type: str = "int8"


_USUAL = Way()
_WAYS = {
    "beam 4": _USUAL,
    "beam 3": Way({"beam_size": 3}),
    "beam 3, length penalty 1.3": Way({"beam_size": 3, "length_penalty": 1.3}),
    "beam 2": Way({"beam_size": 2}),
    "beam 2, length penalty 1.4": Way({"beam_size": 2, "length_penalty": 1.4}),
    "greedy": Way({"beam_size": 1}),
    "length penalty 1.3": Way({"length_penalty": 1.3}),
    "ends with two finished beams (patience 0.5)": Way({"patience": 0.5}),
    "ends with the first finished beam (no length penalty)": Way({"length_penalty": 0}),
    "without scores": Way({"return_scores": False}),
    "batches of 256 tokens": Way(batch_tokens=256),
    "batches of 768 tokens": Way(batch_tokens=768),
    "not sorted by length": Way(sort=False),
    "float32": Way(compute_type="float32"),
    "vocabulary map": Way(mapped=True),
    "vocabulary map, beam 3, length penalty 1.3": Way({"beam_size": 3, "length_penalty": 1.3}, mapped=True),
    "vocabulary map, beam 2, length penalty 1.4": Way({"beam_size": 2, "length_penalty": 1.4}, mapped=True),
}


def run(recorder: Recorder) -> None:
    """Measure all ways on all sets."""
    sets = dict(one.split("=", 1) for one in os.environ.get("SETS", "").split())
    if not sets:
        recorder.leave_out("all", _NO_SETS)
        return
    count = int(os.environ.get("SENTENCES", "500"))
    model = next(one for one in find_models(ROOT / "models", "ctranslate2") if one.folder.name == "de-en")
    own = model.folder_for("ctranslate2") / FILE
    mapping = Path(os.environ["MAP"]) if "MAP" in os.environ else own if own.exists() else None
    wanted = os.environ.get("WAYS", "")
    ways = {
        name: way for name, way in _WAYS.items() if way is _USUAL or (wanted in name and (mapping or not way.mapped))
    }
    if not mapping:
        recorder.leave_out("vocabulary maps", "the model has none, and MAP names none")
    with tempfile.TemporaryDirectory(prefix="satzstrom-bench-") as made:
        bench = _Bench(model, Path(made), mapping)
        for name, pairs in sets.items():
            _compare(recorder, bench, name, calibrating.read_pairs(pairs)[:count], ways)


def _compare(
    recorder: Recorder, bench: "_Bench", name: str, pairs: Sequence[calibrating.Pair], ways: Mapping[str, Way]
) -> None:
    tokens = [bench.encode(source) for source, _ in pairs]
    bench.seconds(tokens[:_ROUND_SIZE], _USUAL)
    seconds: dict[str, list[float]] = {title: [] for title in ways}
    texts: dict[str, list[str]] = {}
    for _ in range(_ROUNDS):
        for title, way in ways.items():
            took, texts[title] = bench.seconds(tokens, way)
            seconds[title].append(took)
    wanted = [[reference for _, reference in pairs]]
    scores = {
        title: (BLEU().corpus_score(made, wanted).score, CHRF().corpus_score(made, wanted).score)
        for title, made in texts.items()
    }
    usual, (bleu, chrf) = seconds["beam 4"], scores["beam 4"]
    others = {
        title: _otherwise(bench, tokens, texts[title], way)
        for title, way in ways.items()
        if way.mapped or way is _USUAL
    }
    for title in ways:
        if ways[title] is _USUAL:
            speed = [len(pairs) / one for one in usual]
            recorder.add(f"{name}: {title}", speed, "sentences a CPU s", note=f"BLEU {bleu:.2f}, chrF {chrf:.2f}")
            continue
        ratios = [before / one for before, one in zip(usual, seconds[title], strict=True)]
        note = f"BLEU {scores[title][0] - bleu:+.2f}, chrF {scores[title][1] - chrf:+.2f}"
        if ways[title].mapped:
            note += f"; {others[title]} of {len(pairs)} otherwise in other company"
        recorder.add(f"{name}: {title}", ratios, "times as fast", note=note)
    recorder.details[name] = {
        "sentences": len(pairs),
        "otherwise in other company": others,
        "bleu": {title: round(one, 2) for title, (one, _) in scores.items()},
        "median CPU seconds": {title: round(statistics.median(one), 2) for title, one in seconds.items()},
    }


def _otherwise(bench: "_Bench", tokens: Sequence[Tokens], texts: Sequence[str], way: Way) -> int:
    """Return how many translations are others when the sentences come in the order of the alphabet."""
    order = sorted(range(len(tokens)), key=lambda place: list(tokens[place]))
    _, found = bench.seconds([tokens[place] for place in order], way)
    return sum(texts[place] != one for place, one in zip(order, found, strict=True))


class _Bench:
    """A model as the engine loads it, in as many forms as the ways ask for."""

    def __init__(self, model: Model, folder: Path, mapping: Path | None) -> None:
        self.encode = Encoder(model)
        self._plain = model.folder_for("ctranslate2")
        self._target = target_vocabulary(self._plain)
        self._mapped = folder / "mapped"
        self._loaded: dict[tuple[bool, str], Any] = {}
        if mapping:
            shutil.copytree(self._plain, self._mapped)
            shutil.copyfile(mapping, self._mapped / FILE)

    def seconds(self, sentences: Sequence[Tokens], way: Way) -> tuple[float, list[str]]:
        """Return the CPU seconds that a way takes, and its translations."""
        translator = self._load(way)
        texts = [""] * len(sentences)

        def translate(batch: Sequence[int]) -> None:
            asked = [sentences[place] for place in batch]
            usual = {"beam_size": USUAL.beam_size, "return_scores": True, "use_vmap": way.mapped, "max_input_length": 0}
            found = translator.translate_batch(
                asked, max_decoding_length=output_cap(max(map(len, asked))), **usual | dict(way.search)
            )
            for place, one in zip(batch, found, strict=True):
                texts[place] = self._target.decode([piece for piece in one.hypotheses[0] if piece not in MARKS])

        batches = _batches(sentences, way)
        begin = time.process_time()
        with ThreadPoolExecutor(_WORKERS) as pool:
            list(pool.map(translate, batches))
        return time.process_time() - begin, texts

    def _load(self, way: Way) -> Any:
        key = way.mapped, way.compute_type
        if key not in self._loaded:
            self._loaded[key] = ctranslate2.Translator(
                str(self._mapped if way.mapped else self._plain),
                compute_type=way.compute_type,
                inter_threads=_WORKERS,
                intra_threads=1,
            )
        return self._loaded[key]


def _batches(sentences: Sequence[Tokens], way: Way) -> list[list[int]]:
    """Return batches of places, made of a round of sentences at a time as the translator does."""
    if not way.sort:
        size = max(1, way.batch_tokens // max(1, round(statistics.mean(map(len, sentences)))))
        return [list(range(start, min(start + size, len(sentences)))) for start in range(0, len(sentences), size)]
    return [
        [start + place for place in batch]
        for start in range(0, len(sentences), _ROUND_SIZE)
        for batch in cut(sentences[start : start + _ROUND_SIZE], way.batch_tokens)
    ]
