"""What a training has told so far: `steps.jsonl`, a line a report."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from pipeline.errors import SetupError
from trainer.files import write_whole

FILE = "steps.jsonl"


@dataclass(frozen=True)
class Report:
    """The mean over the steps since the last report."""

    step: int
    epoch: float
    loss: float
    """Nats a token of the translations, with dropout and smoothed labels: higher than the held-out loss."""
    rate: float
    tokens_per_second: float
    seconds: float
    """Time of training so far, all runs together."""


@dataclass(frozen=True)
class Check:
    """The held-out loss after a step."""

    step: int
    held_out_loss: float
    best: bool
    seconds: float
    use_of_source: float | None = None
    """How much higher the loss is with other sentences' sources; near 0, the model does not look at them.

    None where there are too few pairs to exchange them, and in journals of older releases.
    """


@dataclass(frozen=True)
class Restart:
    """The training began again after this step, because the model did not use its source."""

    step: int
    rate: float
    """The learning rate from here on, at its height."""
    use_of_source: float
    seconds: float


Entry = Report | Check | Restart
_KINDS: dict[str, type[Entry]] = {"steps": Report, "check": Check, "restart": Restart}
_NAMES = {kind: name for name, kind in _KINDS.items()}


class Listener(Protocol):
    """Is told how a training goes."""

    def told(self, entry: Entry) -> None:
        """Take an entry that was just written to the journal."""
        ...


class Journal:
    """Writes the file. What was written after the step from which a training goes on is taken out first."""

    def __init__(self, folder: Path, step: int) -> None:
        path = folder / FILE
        write_whole(path, b"".join(_line(entry) for entry in read(folder) if entry.step <= step))
        self._file: BinaryIO = path.open("ab", buffering=0)
        self._path = path

    def write(self, entry: Entry) -> None:
        """Add an entry. Raises `SetupError` if it cannot be written."""
        try:
            self._file.write(_line(entry))
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
    try:
        return [_entry(json.loads(line)) for line in lines[:-1]]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SetupError(f"{path}: {error!r}") from None


def _line(entry: Entry) -> bytes:
    return json.dumps({"kind": _NAMES[type(entry)], **asdict(entry)}).encode() + b"\n"


def _entry(fields: dict[str, Any]) -> Entry:
    return _KINDS[fields.pop("kind")](**fields)
