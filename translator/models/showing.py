"""What commands for models show: steps, and how far they are."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Column, Table

_BETWEEN_LINES = 10.0

# Where no person looks, nothing has to fit into a line.
_WIDE = 250

console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _WIDE)


def table(*columns: str) -> Table:
    """Return a table whose names are never cut, however narrow the terminal is."""
    return Table(*(Column(name, overflow="fold") for name in columns), box=None)


def say(message: str) -> None:
    """Say one step."""
    console.print(message, markup=False)


@contextmanager
def shown() -> Iterator[Callable[[int, int | None], None]]:
    """Show bytes as a bar, or where nobody looks as a line now and then."""
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (TextColumn("  "), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Bar(progress)


class _Lines:
    """Says every ten seconds how many bytes are there, for logs."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _BETWEEN_LINES

    def __call__(self, done: int, total: int | None) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _BETWEEN_LINES
            say(f"{done / 1e6:,.0f} MB{f' of {total / 1e6:,.0f} MB' if total else ''}")


class _Bar:
    """Shows bytes as a bar, from the first ones on."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None, visible=False)

    def __call__(self, done: int, total: int | None) -> None:
        self._progress.update(self._task, completed=done, total=total, visible=True)
