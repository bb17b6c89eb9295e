"""What a benchmark measured, and on what: the one place that all figures go to, and come from."""

import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from benchmarks.machine import Commit, Machine, now

RESULTS = Path(__file__).parent / "results"

_HUNDRED, _TEN, _TENTH = 100, 10, 0.1


class Aim(msgspec.Struct, frozen=True):
    """What a figure should be."""

    value: float
    side: Literal["least", "most"]

    def met(self, found: float) -> bool:
        """Whether a figure is so."""
        return found >= self.value if self.side == "least" else found <= self.value

    def __str__(self) -> str:
        return f"{'≥' if self.side == 'least' else '≤'} {shown(self.value)}"


def least(value: float) -> Aim:
    """Return the aim of a figure that should be so much or more."""
    return Aim(value, "least")


def most(value: float) -> Aim:
    """Return the aim of a figure that should be so much or less."""
    return Aim(value, "most")


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was measured, in each of the rounds."""

    name: str
    rounds: list[float]
    unit: str = ""
    aim: Aim | None = None
    note: str = ""

    @property
    def median(self) -> float:
        """The figure of the round in the middle."""
        return statistics.median(self.rounds)

    @property
    def value(self) -> str:
        """Median and unit, as people write them."""
        return f"{shown(self.median)} {self.unit}".rstrip()

    @property
    def spread(self) -> str:
        """The least and the most of all rounds, and how many there were."""
        if len(self.rounds) == 1:
            return "1 round"
        return f"{shown(min(self.rounds))} to {shown(max(self.rounds))}, {len(self.rounds)} rounds"


class Plot(msgspec.Struct, frozen=True, kw_only=True):
    """Lines through points, a line for each name; `diagonal` draws where both axes would be the same."""

    name: str
    title: str
    across: str
    up: str
    lines: dict[str, list[tuple[float, float]]]
    diagonal: bool = False


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """All that a run of a benchmark gave, as it is kept in `benchmarks/results`."""

    name: str
    about: str
    date: str
    commit: Commit
    machine: Machine
    versions: dict[str, str]
    figures: list[Figure]
    plots: list[Plot] = []
    left_out: dict[str, str] = {}
    """What was not measured, and why."""
    details: dict[str, Any] = {}
    """What the benchmark wants to keep for itself."""


class Recorder:
    """Takes the figures of a benchmark while it runs, shows them, and keeps them."""

    def __init__(self, name: str, about: str) -> None:
        self.details: dict[str, Any] = {}
        self._name = name
        self._about = about
        self._date = now()
        self._machine = Machine.here()
        self._figures: list[Figure] = []
        self._plots: list[Plot] = []
        self._left_out: dict[str, str] = {}
        print(f"{name}: {about}", flush=True)

    def add(
        self, name: str, rounds: Sequence[float] | float, unit: str = "", *, aim: Aim | None = None, note: str = ""
    ) -> None:
        """Take what each round gave, or the only one."""
        found = list(rounds) if isinstance(rounds, Sequence) else [rounds]
        figure = Figure(name=name, rounds=[float(f"{one:.6g}") for one in found], unit=unit, aim=aim, note=note)
        self._figures.append(figure)
        wanted = f"aim {aim}; " if aim else ""
        print(f"  {name:<55} {figure.value}   ({wanted}{figure.spread})", flush=True)

    def plot(self, plot: Plot) -> None:
        """Take what is to be drawn."""
        self._plots.append(plot)

    def leave_out(self, name: str, reason: str) -> None:
        """Note what cannot be measured here, and why."""
        self._left_out[name] = reason
        print(f"  {name}: left out, {reason}", flush=True)

    def save(self, folder: Path = RESULTS) -> None:
        """Keep the results; those of an earlier run stay where nothing was measured."""
        if not self._figures:
            return
        results = Results(
            name=self._name,
            about=self._about,
            date=self._date,
            commit=Commit.here(),
            machine=self._machine,
            versions=self._machine.versions(),
            figures=self._figures,
            plots=self._plots,
            left_out=self._left_out,
            details=self.details,
        )
        write(results, folder)


def write(results: Results, folder: Path = RESULTS) -> None:
    """Write results to their file."""
    folder.mkdir(exist_ok=True)
    made = folder / f".{results.name}.json"
    made.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")
    made.replace(folder / f"{results.name}.json")


def read(folder: Path = RESULTS) -> Iterator[Results]:
    """Yield all results, by name."""
    for path in sorted(folder.glob("*.json")):
        yield msgspec.json.decode(path.read_bytes(), type=Results)


def shown(value: float) -> str:
    """Return a figure as people write it: three digits that say something, thousands apart."""
    size = abs(value)
    digits = 0 if size >= _HUNDRED else 1 if size >= _TEN else 2 if size >= _TENTH or not size else 3
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text and size == round(size) else text


def quantiles(values: Sequence[float]) -> dict[int, float]:
    """Return the median and what 95 and 99 of a hundred do not go over."""
    ordered = sorted(values)
    return {share: ordered[min(len(ordered) - 1, len(ordered) * share // 100)] for share in (50, 95, 99)}
