"""Showing how a training goes: live, and as a curve."""

import sys
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from trainer.journal import Check, Entry, Report
from trainer.lines import check_line, restart_line
from trainer.schedule import Limits

_WIDTH, _HEIGHT = 64, 12


class Watcher:
    """Shows entries of the journal on standard error: a bar on a terminal, a line a check elsewhere."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._last: Report | None = None
        columns = (
            TextColumn("step {task.fields[step]}"),
            BarColumn(bar_width=24),
            TextColumn(
                "{task.percentage:>3.0f} %  loss {task.fields[loss]}  held out {task.fields[held_out]}  {task.fields[speed]}"
            ),
            TimeRemainingColumn(compact=True),
        )
        self._bar = Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty())
        self._task = self._bar.add_task("training", total=1.0, step=0, loss="–", held_out="–", speed="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def told(self, entry: Entry) -> None:
        """Show an entry."""
        if isinstance(entry, Report):
            self._last = entry
            done = self._limits.done(entry.step, entry.epoch, entry.seconds)
            speed = f"{entry.tokens_per_second:,.0f} tokens/s"
            self._bar.update(
                self._task, completed=min(1.0, done), step=entry.step, loss=f"{entry.loss:.3f}", speed=speed
            )
        elif isinstance(entry, Check):
            use = "" if entry.use_of_source is None else f" ({entry.use_of_source:+.2f} with other sources)"
            self._bar.update(self._task, held_out=f"{entry.held_out_loss:.3f}{use}")
            if self._bar.disable:
                self._say(check_line(entry, self._last))
        else:
            self._say(restart_line(entry))

    def _say(self, line: str) -> None:
        # Above the bar, where there is one.
        self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)


def curve(entries: Sequence[Entry], width: int = _WIDTH, height: int = _HEIGHT) -> str:
    """Return the losses by step, drawn with characters: `·` of training, `o` held out."""
    trained = [(entry.step, entry.loss) for entry in entries if isinstance(entry, Report)]
    held_out = [(entry.step, entry.held_out_loss) for entry in entries if isinstance(entry, Check)]
    points = trained + held_out
    if not points:
        return "no step was reported yet"
    last = max(step for step, _ in points)
    low, high = min(loss for _, loss in points), max(loss for _, loss in points)
    grid = [[" "] * width for _ in range(height)]
    for mark, series in (("·", trained), ("o", held_out)):
        for column, row in _cells(series, last, low, high, (width, height)):
            grid[row][column] = mark
    edges = {0: f"{high:7.3f} ", height - 1: f"{low:7.3f} "}
    rows = [edges.get(number, " " * 8) + "│" + "".join(row).rstrip() for number, row in enumerate(grid)]
    return "\n".join(
        [*rows, " " * 8 + "└" + "─" * width, f"{'loss':>8} 0{last:>{width - 1}} steps   · training   o held out"]
    )


def _cells(
    series: Sequence[tuple[int, float]], last: int, low: float, high: float, size: tuple[int, int]
) -> Iterable[tuple[int, int]]:
    width, height = size
    for step, loss in series:
        down = (high - loss) / (high - low) if high > low else 0.0
        yield min(width - 1, step * width // (last + 1)), min(height - 1, int(down * height))
