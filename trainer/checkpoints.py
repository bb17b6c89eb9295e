"""What a training needs to go on after its process was killed, and the weights of its last checks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from pipeline.errors import SetupError
from trainer.files import replaced

FILE, SNAPSHOTS = "checkpoint.pt", "weights"
Weights = dict[str, Any]


@dataclass
class Place:
    """Where a training is."""

    step: int = 0
    epoch: int = 0
    position: int = 0
    """Batches of the epoch that are done."""
    seconds: float = 0.0
    loss: float = 0.0
    tokens: int = 0
    """Sum of the loss and number of tokens since the last report."""
    best: float = float("inf")
    best_step: int = 0
    waited: int = 0
    checked: int = -1
    """The step of the last check."""
    finished: bool = False
    restarts: int = 0
    begun: int = 0
    """The step after which it last began."""
    begun_done: float = 0.0
    """How much of the whole training was over then."""


def save(folder: Path, place: Place, model: Any, optimizer: Any) -> None:
    """Write a checkpoint in place of the last one. Raises `SetupError`."""
    content = {
        "place": vars(place),
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "random": torch.get_rng_state(),
        "random_cuda": torch.cuda.get_rng_state() if torch.cuda.is_available() else None,
    }
    replaced(folder / FILE, lambda file: torch.save(content, file))


def load(folder: Path, model: Any, optimizer: Any) -> Place:
    """Take over the last checkpoint, and return its place: the beginning if there is none. Raises `SetupError`."""
    path = folder / FILE
    if not path.exists():
        return Place()
    content = _read(path)
    model.load_state_dict(content["model"])
    optimizer.load_state_dict(content["optimizer"])
    torch.set_rng_state(content["random"].cpu())
    if content["random_cuda"] is not None and torch.cuda.is_available():
        torch.cuda.set_rng_state(content["random_cuda"].cpu())
    return Place(**content["place"])


class Snapshots:
    """The weights after the last checks, and of the best one; others are removed."""

    def __init__(self, folder: Path, count: int) -> None:
        self._folder = folder / SNAPSHOTS
        self._folder.mkdir(exist_ok=True)
        self._count = count

    def go_on_from(self, step: int) -> None:
        """Remove what was written after the step from which a training goes on."""
        for path in self._paths():
            if int(path.stem) > step:
                path.unlink()

    def clear(self) -> None:
        """Remove all of them: the training begins again."""
        for path in self._paths():
            path.unlink()

    def add(self, step: int, best_step: int, weights: Weights) -> None:
        """Keep the weights after a step. Raises `SetupError`."""
        replaced(self._folder / f"{step:09}.pt", lambda file: torch.save(weights, file))
        for path in self._paths()[: -self._count]:
            if int(path.stem) != best_step:
                path.unlink()

    def mean(self) -> Weights:
        """Return the mean of the last ones. Raises `SetupError`."""
        paths = self._paths()[-self._count :]
        total = _read(paths[0])
        for path in paths[1:]:
            for name, value in _read(path).items():
                total[name] += value
        return {name: value / len(paths) for name, value in total.items()}

    def of(self, step: int) -> Weights:
        """Return the weights after a step that is kept. Raises `SetupError`."""
        return _read(self._folder / f"{step:09}.pt")

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob("[0-9]*.pt"))


def _read(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, ValueError) as error:
        raise SetupError(f"{path} cannot be read ({error}); remove the training's folder and begin again") from None
    return content
