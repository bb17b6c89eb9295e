"""The command that shows what the services say."""

import sys
import time
from collections import deque
from pathlib import Path
from typing import Annotated

import typer

from embedded.commands import Data
from pipeline.command_line import UsageError
from pipeline.data_folder import data_folder
from pipeline.errors import SatzstromError

_EVERY = 0.2


def logs(
    service: Annotated[
        str | None, typer.Argument(metavar="[SERVICE]", help="One of them (default: all), as `ps` calls it.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what they say until Ctrl-C.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="So many of the last lines of each.")] = 50,
    data: Data = None,
) -> None:
    """Show what the services of the pipeline on the data folder said last."""
    folder = data_folder(data) / "logs"
    found = {path.stem: path for path in sorted(folder.glob("*.log"))}
    if not found:
        raise SatzstromError(f"no pipeline ran on {folder.parent}; start one with 'satzstrom up'")
    if service is not None and service not in found:
        raise UsageError(f"there is no log of {service!r}; there are {', '.join(found)}")
    tails = [Tail(path, lines) for name, path in found.items() if service in (None, name)]
    width = max(len(tail.path.stem) for tail in tails)
    while True:
        for tail in tails:
            mark = "" if service else f"{tail.path.stem:<{width}} │ "
            sys.stdout.writelines(f"{mark}{line}\n" for line in tail.more())
        sys.stdout.flush()
        if not follow:
            return
        time.sleep(_EVERY)


class Tail:
    """Reads a log that grows, and goes on with the new one when it is begun anew."""

    def __init__(self, path: Path, lines: int) -> None:
        """`lines`: how many of those that are there already are read."""
        self.path = path
        self._lines: int | None = lines
        self._place = 0
        self._file = 0
        self._rest = b""

    def more(self) -> list[str]:
        """Return the whole lines that are new."""
        try:
            with self.path.open("rb") as stream:
                found = self.path.stat()
                if found.st_ino != self._file or found.st_size < self._place:
                    self._file, self._place, self._rest = found.st_ino, 0, b""
                stream.seek(self._place)
                last, self._lines = self._lines, None
                lines = deque((self._rest + stream.read()).split(b"\n")) if last is None else deque(stream, last)
                self._place = stream.tell()
        except FileNotFoundError:
            return []
        if last is None or (lines and not lines[-1].endswith(b"\n")):
            self._rest = lines.pop()
        return [line.rstrip(b"\r\n").decode(errors="replace") for line in lines]
