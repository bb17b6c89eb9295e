"""Showing how a document grows."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pipeline.counted import counted
from satzstrom import Client
from satzstrom.results import Status

_POLL_EVERY = 0.25
_LINE_EVERY = 5.0


@contextmanager
def going_on(document: str) -> Iterator[None]:
    """Say what becomes of a document whose watcher is interrupted, and how to find it again."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write(
            f"\nThe document goes on without you. See it: satzstrom watch {document}; stop it: satzstrom cancel {document}\n"
        )
        raise


def watch(client: Client, document: str, *, quiet: bool) -> Status:
    """Follow a document until nothing more comes, and return how it ended.

    On a terminal a bar is drawn on standard error; elsewhere a line is written every few seconds; `quiet` writes nothing.
    """
    if quiet:
        return _follow(client, document, lambda _: None)
    if sys.stderr.isatty():
        return _with_bar(client, document)
    return _follow(client, document, _Lines().show)


def _follow(client: Client, document: str, show: Callable[[Status], None]) -> Status:
    while True:
        status = client.status(document)
        show(status)
        if status.ended:
            return status
        time.sleep(_POLL_EVERY)


def _with_bar(client: Client, document: str) -> Status:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TextColumn("sentences"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=False) as bar:
        task = bar.add_task("translating", total=None, rate="")

        def show(status: Status) -> None:
            speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
            bar.update(
                task,
                description=status.state,
                total=status.sentences.total or None,
                completed=status.sentences.translated,
                rate=f"{speed:.0f}/s" if speed else "",
            )

        return _follow(client, document, show)


class _Lines:
    """Plain lines for logs and pipes."""

    def __init__(self) -> None:
        self._next = 0.0
        self._before: tuple[float, int] | None = None

    def show(self, status: Status) -> None:
        now = time.monotonic()
        if now < self._next and not status.ended:
            return
        self._next = now + _LINE_EVERY
        counts = status.sentences
        rate = ""
        if self._before is not None and now > self._before[0]:
            rate = f", {(counts.translated - self._before[1]) / (now - self._before[0]):.0f} sentences/s"
        self._before = (now, counts.translated)
        eta = f", {status.eta_seconds:.0f} s to go" if status.eta_seconds and not status.ended else ""
        sys.stderr.write(f"{status.state}: {counts.translated:,} of {counted(counts.total, 'sentence')}{rate}{eta}\n")
