"""What tells which translations can be relied on, and how well.

SETS names pairs that the bundled model was not trained on, NAME=SOURCE:TRANSLATION with spaces between: half of each of the
first two makes the calibration, and everything is measured on the other halves, and on half of the other sets. TEXTS names
German texts, of which only the levels are counted. The figures go to benchmarks/results/confidence.json, the curve to
docs/confidence.svg.
"""

import asyncio
import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.curves import draw
from benchmarks.pipelines import ROOT
from pipeline.confidence import GENERAL, LEVELS, Calibration, level
from segmenter.splitter import Splitter
from translator import calibrating
from translator.calibrating import Sample
from translator.canary.likeness import likeness
from translator.drafts import Draft
from translator.engines import Engine, loading

_RESULTS = ROOT / "benchmarks" / "results" / "confidence.json"
_CURVE = ROOT / "docs" / "confidence.svg"


@dataclass(frozen=True)
class Judged:
    """A translation with its bare score in `draft.quotient`, and how far it agrees with a person's."""

    source: str
    draft: Draft
    agreement: float

    @property
    def score(self) -> float:
        """The mean log-probability of its tokens."""
        return self.draft.quotient or 0.0

    @property
    def length(self) -> int:
        """Its characters."""
        return max(1, len(self.draft.text))

    @property
    def log_ratio(self) -> float:
        """How far its length is from its source's."""
        return abs(math.log(self.length / len(self.source)))


def _scaled(one: Judged, power: float) -> float:
    return one.score / math.pow(one.length, power)


_FEATURES: Mapping[str, Callable[[Judged], float]] = {
    "score alone": lambda one: one.score,
    **{f"score / length^{power}": partial(_scaled, power=power) for power in (0.2, 0.3, 0.4, 0.5, 0.75, 1.0)},
    "length alone": lambda one: one.length,
    "length ratio alone": lambda one: -one.log_ratio,
    "score / length^0.4, length ratio": lambda one: _scaled(one, 0.4) - 0.05 * one.log_ratio,
    "score / length^0.4, suspect": lambda one: _scaled(one, 0.4) - 0.05 * bool(one.draft.suspect),
    "score / length^0.4, made again": lambda one: _scaled(one, 0.4) - 0.05 * bool(one.draft.repairs),
    "score / length^0.4, in pieces": lambda one: _scaled(one, 0.4) - 0.05 * ("split" in one.draft.flags),
}


def run() -> None:
    """Print and write all figures."""
    sets = dict(one.split("=", 1) for one in os.environ.get("SETS", "").split())
    if not sets:
        print("confidence: set SETS to sets of pairs (docs/fidelity.md)")
        return
    engine = loading.load("ctranslate2", ROOT / "models", threads=2, isolated=False)[0]
    pairs = {name: calibrating.read_pairs(path) for name, path in sets.items()}
    samples = {name: _samples(engine, mine) for name, mine in pairs.items()}
    parts = {name: calibrating.halves(mine) for name, mine in samples.items()}
    calibration = calibrating.fit([parts[name][0] for name in list(parts)[:2]])
    results = {
        "model": engine.model.id,
        "calibration": {"power": calibration.power, "points": calibration.points},
        "features": {name: _features(engine, mine) for name, mine in pairs.items()},
        "sets": {name: _measured(calibration, second) for name, (_, second) in parts.items()},
        "texts": {Path(path).stem: _levels(engine, path) for path in os.environ.get("TEXTS", "").split()},
    }
    _RESULTS.parent.mkdir(exist_ok=True)
    _RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _CURVE.write_text(draw(results), encoding="utf-8")
    show(results)


def _samples(engine: Engine, pairs: Sequence[calibrating.Pair]) -> list[Sample]:
    drafts = asyncio.run(calibrating.translate(engine, [source for source, _ in pairs]))
    return calibrating.samples_of(drafts, [wanted for _, wanted in pairs])


def _features(engine: Engine, pairs: Sequence[calibrating.Pair]) -> dict[str, float]:
    """Return for each feature how much of the worst tenth it puts into the lowest fifth, over the whole set."""
    drafts = asyncio.run(calibrating.translate(engine, [source for source, _ in pairs], power=0.0))
    judged = [
        Judged(source, draft, likeness([(draft.text, wanted)]))
        for draft, (source, wanted) in zip(drafts, pairs, strict=True)
        if draft.quotient is not None
    ]
    agreements = [one.agreement for one in judged]
    return {
        name: round(calibrating.found([of(one) for one in judged], agreements), 3) for name, of in _FEATURES.items()
    }


def _measured(calibration: Calibration, samples: Sequence[Sample]) -> dict[str, object]:
    report = calibrating.report(calibration, samples)
    return {
        "sentences": report.sentences,
        "chrf": round(report.agreement, 1),
        "confidence": round(report.confidence, 1),
        "levels": {name: [round(share, 3), round(mean, 1)] for name, (share, mean) in report.levels.items()},
        "worst tenth in lowest fifth": round(report.found, 3),
        "curve": [[round(told, 1), round(mean, 1)] for told, mean in calibrating.curve(calibration, samples)],
    }


def _levels(engine: Engine, path: str) -> dict[str, float]:
    text = Path(path).read_text(encoding="utf-8")
    sentences = [text[start:end] for start, end in Splitter(ROOT / "models").spans(text, "de")]
    drafts = asyncio.run(calibrating.translate(engine, sentences, GENERAL.power))
    found = [level(draft.confidence) for draft in drafts if draft.confidence is not None]
    return {"sentences": len(sentences)} | {name: round(found.count(name) / len(sentences), 3) for name in LEVELS}


def show(results: Mapping[str, object]) -> None:
    """Print the figures."""
    print(json.dumps(results, indent=1, ensure_ascii=False))
