"""What a training has told so far: `steps.jsonl`, a line a report."""

from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec
from msgspec import Struct

from pipeline.errors import SetupError
from trainer.files import write_whole

FILE = "steps.jsonl"


class Report(Struct, frozen=True, tag="steps", tag_field="kind"):
    """The mean over the steps since the last report."""

    step: int
    epoch: float
    loss: float
    """Nats a token of the translations, with dropout and smoothed labels: higher than the held-out loss."""
    rate: float
    tokens_per_second: float
    seconds: float
    """Time of training so far, all runs together."""


class Check(Struct, frozen=True, tag="check", tag_field="kind"):
    """The held-out loss after a step."""

    step: int
    held_out_loss: float
    best: bool
    seconds: float


Entry = Report | Check


class Listener(Protocol):
    """Is told how a training goes."""

    def told(self, entry: Entry) -> None:
        """Take an entry that was just written to the journal."""
        ...


class Journal:
    """Writes the file. What was written after the step from which a training goes on is taken out first."""

    def __init__(self, folder: Path, step: int) -> None:
        path = folder / FILE
        kept = [entry for entry in read(folder) if entry.step <= step]
        write_whole(path, b"".join(msgspec.json.encode(entry) + b"\n" for entry in kept))
        self._file: BinaryIO = path.open("ab", buffering=0)
        self._path = path

    def write(self, entry: Entry) -> None:
        """Add an entry. Raises `SetupError` if it cannot be written."""
        try:
            self._file.write(msgspec.json.encode(entry) + b"\n")
        except OSError as error:
            raise SetupError(f"{self._path} cannot be written ({error.strerror})") from None

    def close(self) -> None:
        """End it."""
        self._file.close()


def read(folder: Path) -> list[Entry]:
    """Return the entries of a journal; none if there is no file. A last line that was cut off by a crash is left out.

    Raises `SetupError` for any other line that cannot be read.
    """
    path = folder / FILE
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise SetupError(f"cannot read {path} ({error.strerror})") from None
    decoder = msgspec.json.Decoder(Entry)
    try:
        return [decoder.decode(line) for line in lines[:-1]]
    except msgspec.DecodeError as error:
        raise SetupError(f"{path}: {error}") from None
