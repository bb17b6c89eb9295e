"""What tells which translations can be relied on, and how well.

SETS names pairs that the bundled model was not trained on, NAME=SOURCE:TRANSLATION with spaces between: half of each of the
first two makes the calibration, and it is measured on the other halves, and on half of the other sets. TEXTS names German
texts, of which only the levels are counted.
"""

import asyncio
import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.pipelines import ROOT
from benchmarks.recorder import Plot, Recorder
from pipeline.confidence import GENERAL, LEVELS, level
from segmenter.splitter import Splitter
from translator import calibrating
from translator.canary.likeness import likeness
from translator.drafts import Draft
from translator.engines import Engine, loading

# Of Die Verwandlung, with marks from 0 (nonsense) to 4 (right) that were given without knowing how sure the model was.
_READ = Path(__file__).parent / "data" / "read_verwandlung.jsonl"
_FOUND = "worst tenth in lowest fifth"


@dataclass(frozen=True)
class Judged:
    """A translation, and how good it is by chrF or by somebody's mark."""

    source: str
    draft: Draft
    goodness: float

    @property
    def adjusted(self) -> float:
        """Its score as calibrations take it."""
        return self.draft.score or 0.0

    @property
    def score(self) -> float:
        """The mean log-probability of its tokens."""
        return self.adjusted * math.sqrt(min(1.0, self.length / GENERAL.short))

    @property
    def length(self) -> int:
        """Its characters."""
        return max(1, len(self.draft.text))

    @property
    def log_ratio(self) -> float:
        """How far its length is from its source's."""
        return abs(math.log(self.length / len(self.source)))


def _scaled(one: Judged, power: float, short: float = math.inf) -> float:
    return one.score / math.pow(min(one.length, short), power)


_FEATURES: Mapping[str, Callable[[Judged], float]] = {
    "length": lambda one: one.length,
    "length ratio": lambda one: -one.log_ratio,
    "suspect": lambda one: -len(one.draft.suspect),
    "score": lambda one: one.score,
    **{f"score / length^{power}": partial(_scaled, power=power) for power in (0.2, 0.4, 0.75)},
    **{
        f"score / min(length, {short})^{power}": partial(_scaled, power=power, short=short)
        for short, power in ((25, 0.5), (50, 0.3), (50, 1.0), (100, 0.5))
    },
    "score / min(length, 50)^0.5 (taken)": lambda one: one.adjusted,
    "that, and length ratio": lambda one: one.adjusted - 0.3 * one.log_ratio,
    "that, and suspect": lambda one: one.adjusted - 0.2 * bool(one.draft.suspect),
    "that, and made again": lambda one: one.adjusted - 0.2 * bool(one.draft.repairs),
    "that, and in pieces": lambda one: one.adjusted - 0.2 * ("split" in one.draft.flags),
}


def run(recorder: Recorder) -> None:
    """Measure all figures."""
    sets = dict(one.split("=", 1) for one in os.environ.get("SETS", "").split())
    if not sets:
        recorder.leave_out("all", "SETS names no sets of pairs (docs/fidelity.md)")
        return
    engine = loading.load("ctranslate2", ROOT / "models", threads=2, isolated=False)[0]
    judged = {name: _judged(engine, calibrating.read_pairs(path)) for name, path in sets.items()}
    samples = {
        name: [calibrating.Sample(one.adjusted, one.goodness, one.draft.suspect) for one in mine]
        for name, mine in judged.items()
    }
    parts = {name: calibrating.halves(mine) for name, mine in samples.items()}
    calibration = calibrating.fit([parts[name][0] for name in list(parts)[:2]])
    read = _read(engine)
    for name, (_, second) in parts.items():
        _measure(recorder, name, calibrating.report(calibration, second))
    _marks(recorder, read)
    for path in os.environ.get("TEXTS", "").split():
        _levels(recorder, engine, path)
    for name, of in _FEATURES.items():
        for key, mine in judged.items():
            recorder.add(f"{name}: {_FOUND}, {key}", _found(of, mine))
        recorder.add(f"{name}: nonsense in lowest fifth", _nonsense_found(of, read))
    recorder.details |= {
        "model": engine.model.id,
        "calibration": {"short": calibration.short, "power": calibration.power, "points": calibration.points},
    }
    lines = {name: calibrating.curve(calibration, second) for name, (_, second) in parts.items()}
    recorder.plot(
        plot_of({name: [(round(told, 1), round(mean, 1)) for told, mean in line] for name, line in lines.items()})
    )


def plot_of(lines: dict[str, list[tuple[float, float]]]) -> Plot:
    """Return the plot of what was told against what was so, in ten steps of equally many sentences."""
    title = "Confidence and the chrF that sentences with it had"
    return Plot(name="confidence", title=title, across="confidence", up="chrF", lines=lines, diagonal=True)


def _judged(engine: Engine, pairs: Sequence[calibrating.Pair]) -> list[Judged]:
    drafts = asyncio.run(calibrating.translate(engine, [source for source, _ in pairs]))
    return [
        Judged(source, draft, likeness([(draft.text, wanted)]))
        for draft, (source, wanted) in zip(drafts, pairs, strict=True)
        if draft.score is not None
    ]


def _read(engine: Engine) -> list[Judged]:
    """Return what was marked and is still translated so."""
    rows = [json.loads(line) for line in _READ.read_text(encoding="utf-8").splitlines()]
    drafts = asyncio.run(calibrating.translate(engine, [row["source"] for row in rows]))
    return [
        Judged(row["source"], draft, row["mark"])
        for row, draft in zip(rows, drafts, strict=True)
        if draft.text == row["translation"] and draft.score is not None
    ]


def _found(feature: Callable[[Judged], float], judged: Sequence[Judged]) -> float:
    return round(calibrating.found([feature(one) for one in judged], [one.goodness for one in judged]), 3)


def _nonsense_found(feature: Callable[[Judged], float], read: Sequence[Judged]) -> float:
    """Return how much of what is marked as nonsense is in the lowest fifth."""
    lowest = sorted(read, key=feature)[: len(read) // 5]
    return round(sum(not one.goodness for one in lowest) / max(1, sum(not one.goodness for one in read)), 3)


def _measure(recorder: Recorder, name: str, report: calibrating.Report) -> None:
    note = f"{report.sentences:,} sentences"
    recorder.add(f"chrF, {name}", report.agreement, note=note)
    recorder.add(f"confidence, {name}", report.confidence)
    for level_, (share, mean) in report.levels.items():
        recorder.add(f"{level_}, {name}", 100 * share, "%", note=f"chrF {mean:.1f}")
    recorder.add(f"{_FOUND}, {name}", report.found)


def _marks(recorder: Recorder, read: Sequence[Judged]) -> None:
    """Measure for each level the mean mark of what was read, and how many are nonsense."""
    for name in LEVELS:
        mine = [
            one.goodness for one in read if one.draft.confidence is not None and level(one.draft.confidence) == name
        ]
        note = f"{len(mine)} of {len(read)} sentences, {mine.count(0)} of them nonsense"
        recorder.add(f"mean mark, {name}", sum(mine) / max(1, len(mine)), note=note)


def _levels(recorder: Recorder, engine: Engine, path: str) -> None:
    text = Path(path).read_text(encoding="utf-8")
    sentences = [text[start:end] for start, end in Splitter(ROOT / "models").spans(text, "de")]
    drafts = asyncio.run(calibrating.translate(engine, sentences))
    found = [level(draft.confidence) for draft in drafts if draft.confidence is not None]
    for name in LEVELS:
        recorder.add(f"{name}, {Path(path).stem}", 100 * found.count(name) / len(sentences), "%")
    suspect = sum(bool(draft.suspect) for draft in drafts) / len(drafts)
    recorder.add(f"suspect, {Path(path).stem}", 100 * suspect, "%", note=f"{len(sentences):,} sentences")
