"""Showing how a document grows."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from producer.wording import of_all, state_of, to_go, way_on
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

    On a terminal a bar is drawn on standard error; elsewhere a line is written every few seconds. Both say once that the
    upload stands still, and how to go on with it. `quiet` writes nothing.
    """
    if quiet:
        return _follow(client, document, lambda _: None)
    if sys.stderr.isatty():
        return _with_bar(client, document)
    return _follow(client, document, Lines().show)


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
        TextColumn("{task.fields[rest]}"),
    )
    with Progress(*columns, console=Console(stderr=True, soft_wrap=True), transient=False) as bar:
        task = bar.add_task("translating", total=None, rate="", rest="")
        stalls = Stalls()

        def show(status: Status) -> None:
            speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
            bar.update(
                task,
                description=state_of(status),
                total=all_of(status),
                completed=status.sentences.translated,
                rate=f"{speed:.0f}/s" if speed else "",
                rest=to_go(status),
            )
            if said := stalls.told(status):
                bar.console.print(said, markup=False, highlight=False)

        return _follow(client, document, show)


def all_of(status: Status) -> int | None:
    """Return how many sentences the whole bar stands for; None while nothing says how many there will be."""
    if status.estimated is None and status.state == "receiving":
        return None
    return max(status.sentences.total, status.estimated or 0) or None


class Stalls:
    """Tells once that an upload stands still, and again if it does so after it has gone on."""

    def __init__(self) -> None:
        self._told = False

    def told(self, status: Status) -> str:
        """Return what to say now; mostly nothing."""
        before, self._told = self._told, status.stalled_since is not None
        if status.stalled_since is None or before:
            return ""
        since = f"{status.stalled_since.astimezone():%H:%M:%S}"
        return f"nothing has come of {status.id} since {since}: its upload seems to have broken off; {way_on(status)}"


class Lines:
    """Plain lines for logs and pipes."""

    def __init__(self) -> None:
        self._next = 0.0
        self._before: tuple[float, int] | None = None
        self._stalls = Stalls()

    def show(self, status: Status) -> None:
        """Write a line if it is time for one, or if the document has ended."""
        if said := self._stalls.told(status):
            sys.stderr.write(f"{said}\n")
        now = time.monotonic()
        if now < self._next and not status.ended:
            return
        self._next = now + _LINE_EVERY
        translated = status.sentences.translated
        rate = ""
        if self._before is not None and now > self._before[0]:
            rate = f", {(translated - self._before[1]) / (now - self._before[0]):.0f} sentences/s"
        self._before = (now, translated)
        rest = f", {left}" if (left := to_go(status)) else ""
        sys.stderr.write(f"{state_of(status)}: {translated:,} of {of_all(status)}{rate}{rest}\n")
