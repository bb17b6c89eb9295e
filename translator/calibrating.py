"""How a model's calibration is found out, and how well it tells what can be relied on.

Half of the pairs make the calibration, the other half tells how good it is: every second line is each's.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import msgspec

from pipeline.confidence import GENERAL, LEVELS, Calibration, Level, level, rounded
from pipeline.errors import SetupError
from translator.canary.likeness import likeness
from translator.drafts import Draft, Drafter
from translator.engines import Engine, loading
from translator.engines.pool import EnginePool
from translator.models.folder import Model
from translator.scheduler import Scheduler

Pair = tuple[str, str]

# Closer at the ends, where few sentences are and the levels are decided.
_SHARES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 1.0)
_FEWEST = 200
"""Sentences in each half of a set: with fewer the ends of the curve are chance."""
_WORST, _LOWEST = 0.1, 0.2


@dataclass(frozen=True, slots=True)
class Sample:
    """A translation that was compared with a person's."""

    score: float
    """Adjusted as the general calibration does it."""
    agreement: float
    """chrF of this sentence."""
    suspect: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """How well a calibration tells what can be relied on."""

    sentences: int
    agreement: float
    """Mean chrF."""
    confidence: float
    """Mean of what was told instead of it."""
    levels: dict[Level, tuple[float, float]]
    """For each level: its share of the sentences, and their mean chrF."""
    found: float
    """Of the worst tenth by chrF, the share that is among the fifth with the least confidence."""


async def translate(engine: Engine, texts: Sequence[str], power: float = GENERAL.power) -> list[Draft]:
    """Translate texts as the translator does; with the `power` 0 their scores are not adjusted to their length."""
    calibration = msgspec.structs.replace(GENERAL, power=power)
    scheduler = Scheduler(engine.workers)
    scheduler.start()
    try:
        return await Drafter(engine, scheduler, urgent=False, calibration=calibration).translate(texts)
    finally:
        await scheduler.stop()


def samples_of(drafts: Sequence[Draft], references: Sequence[str]) -> list[Sample]:
    """Compare translations with those of people; what needed no translation, or failed, is left out."""
    return [sample for draft, wanted in zip(drafts, references, strict=True) if (sample := _sample(draft, wanted))]


def _sample(draft: Draft, wanted: str) -> Sample | None:
    if draft.score is None:
        return None
    return Sample(draft.score, likeness([(draft.text, wanted)]), draft.suspect)


def halves(samples: Sequence[Sample]) -> tuple[Sequence[Sample], Sequence[Sample]]:
    """Return those that make a calibration, and those that tell how good it is. Raises `SetupError` for too few."""
    if len(samples) < 2 * _FEWEST:
        raise SetupError(
            f"{len(samples)} sentences with a probability are too few; a calibration needs {2 * _FEWEST} a set"
        )
    return samples[::2], samples[1::2]


def fit(sets: Sequence[Sequence[Sample]]) -> Calibration:
    """Return the calibration that sets of samples ask for; each set weighs the same, however large it is.

    Raises `SetupError` where who is surer is not better.
    """
    weighed = sorted(
        (sample.score, sample.agreement, 1 / len(samples) / len(sets)) for samples in sets for sample in samples
    )
    bins: list[list[tuple[float, float, float]]] = [[] for _ in _SHARES[1:]]
    place, passed = 0, 0.0
    for one in weighed:
        passed += one[2]
        while place < len(bins) - 1 and passed > _SHARES[place + 1]:
            place += 1
        bins[place].append(one)
    points = _ascending([_mean(one) for one in bins if one])
    if len(points) < 2:
        raise SetupError("of translations of which this model is surer no more is right; it has no calibration")
    return Calibration(tuple(map(_point, points)))


def _point(weighed: tuple[float, float, float]) -> tuple[float, float]:
    """Return score and agreement as they are written."""
    return round(weighed[0], 4), round(weighed[1], 1)


def _mean(samples: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    weight = sum(one for _, _, one in samples)
    return (
        sum(score * one for score, _, one in samples) / weight,
        sum(agreement * one for _, agreement, one in samples) / weight,
        weight,
    )


def _ascending(points: Sequence[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Return the points with neighbours joined that do not ascend (isotonic regression by pooling adjacent violators)."""
    joined: list[tuple[float, float, float]] = []
    for point in points:
        joined.append(point)
        while len(joined) > 1 and any(
            first >= second for first, second in zip(_point(joined[-2]), _point(joined[-1]), strict=True)
        ):
            joined[-2:] = [_mean(joined[-2:])]
    return joined


def report(calibration: Calibration, samples: Sequence[Sample]) -> Report:
    """Return how well a calibration tells what samples are worth that had no part in it."""
    told = [rounded(calibration.worth(sample.score), sample.suspect) for sample in samples]
    agreements = [sample.agreement for sample in samples]
    levels: dict[Level, tuple[float, float]] = {}
    for name in LEVELS:
        mine = [agreement for agreement, one in zip(agreements, told, strict=True) if level(one) == name]
        levels[name] = len(mine) / len(samples), sum(mine) / len(mine) if mine else 0.0
    return Report(
        sentences=len(samples),
        agreement=sum(agreements) / len(samples),
        confidence=sum(told) / len(samples),
        levels=levels,
        found=found(told, agreements),
    )


def found(told: Sequence[float], agreements: Sequence[float]) -> float:
    """Return how much of the worst tenth by agreement is among the fifth of which the least is told."""
    worst = _least(agreements, _WORST)
    return len(worst & _least(told, _LOWEST)) / len(worst)


def _least(values: Sequence[float], share: float) -> set[int]:
    return set(sorted(range(len(values)), key=values.__getitem__)[: max(1, round(share * len(values)))])


def curve(calibration: Calibration, samples: Sequence[Sample], bins: int = 10) -> list[tuple[float, float]]:
    """Return what is told on average and the mean chrF, of equally many samples each, those with the least first."""
    told = sorted((calibration.worth(sample.score), sample.agreement) for sample in samples)
    edges = [round(len(told) * number / bins) for number in range(bins + 1)]
    return [
        (sum(one for one, _ in mine) / len(mine), sum(other for _, other in mine) / len(mine))
        for first, last in pairwise(edges)
        if (mine := told[first:last])
    ]


def read_pairs(text: str) -> list[Pair]:
    """Return the pairs of a set: a file with a source, a tab and its translation a line, or two files, `SOURCE:TRANSLATION`.

    Raises `SetupError`.
    """
    names = [text] if Path(text).is_file() else text.split(":")
    try:
        lines = [Path(name).read_text(encoding="utf-8").split("\n") for name in names]
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{text} cannot be read: {error}") from None
    if len(lines) == 1:
        rows = [line.rstrip("\r").split("\t") for line in lines[0] if line.strip()]
        if wrong := next((number for number, row in enumerate(rows, 1) if len(row) != 2), None):
            raise SetupError(f"{text}: row {wrong} is not a source, a tab and a translation")
        return [(source, wanted) for source, wanted in rows]
    if len(lines) != 2 or len(lines[0]) != len(lines[1]):
        raise SetupError(f"{text}: the two files do not have equally many lines")
    sides = zip(*([line.rstrip("\r") for line in one] for one in lines), strict=True)
    return [(source, wanted) for source, wanted in sides if source.strip() and wanted.strip()]


def calibrated(
    model: Model, sets: Sequence[str], pair: Pair | None, engine: str = "ctranslate2"
) -> tuple[Calibration, dict[str, Report]]:
    """Return a model's calibration by sets of pairs, as `read_pairs` names them, and how good it is on the rest of each.

    `pair`: of languages; None for a model that has only one. Raises `SetupError`.
    """
    pairs = {text: read_pairs(text) for text in sets}
    pool = EnginePool()
    try:
        engines = pool.add(loading.serve(engine, model, threads=2))
        found = [one for one in engines if pair in (None, (one.model.source, one.model.target))]
        if len(found) != 1:
            there = ", ".join(f"{one.model.source}-{one.model.target}" for one in engines)
            raise SetupError(f"{model.id} translates {there}; say which one of them with --pair")
        samples = {
            text: halves(
                samples_of(
                    asyncio.run(translate(found[0], [source for source, _ in mine])), [wanted for _, wanted in mine]
                )
            )
            for text, mine in pairs.items()
        }
    finally:
        pool.stop()
    calibration = fit([first for first, _ in samples.values()])
    return calibration, {text: report(calibration, second) for text, (_, second) in samples.items()}


def write(model: Model, calibration: Calibration) -> None:
    """Put a calibration into a model's description; translators read it when they load the model again."""
    path = model.folder / "model.json"
    described = msgspec.json.decode(path.read_bytes()) | {"calibration": msgspec.to_builtins(calibration)}
    # Written beside it and renamed: a translator may be reading it.
    fresh = path.with_name(".model.json.new")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(described)) + b"\n")
    fresh.replace(path)
