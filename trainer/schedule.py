"""How far a training is, and how fast it learns there."""

from dataclasses import dataclass

_FLAT = 0.25
"""The part of a training after which the rate falls; it has risen by then, however short the training is."""
_LEAST = 0.01


@dataclass(frozen=True)
class Limits:
    """When a training ends at the latest; the first that is reached counts. None: no such limit."""

    steps: int | None = None
    epochs: float | None = None
    seconds: float | None = None

    def done(self, step: int, epochs: float, seconds: float) -> float:
        """Return how much of the training is over, from 0 to 1 and more."""
        reached = [
            now / limit
            for now, limit in ((step, self.steps), (epochs, self.epochs), (seconds, self.seconds))
            if limit is not None
        ]
        return max(reached)


def rate(height: float, warmup: int, step: int, done: float, begun: float = 0.0) -> float:
    """Return the learning rate: it rises over `warmup` steps, stays until a quarter of the training, and falls in a line.

    `step`, `begun`: steps since the training last began, and how much of the whole was over then; the quarter is one of
    what was left. With a limit of steps or epochs it depends on the step alone, so that a resumed training is the same
    as one in one go.
    """
    passed = (done - begun) / (1 - begun)
    rising = min(1.0, max((step + 1) / warmup, passed / _FLAT)) if warmup else 1.0
    falling = 1.0 if passed < _FLAT else max(_LEAST, (1 - passed) / (1 - _FLAT))
    return height * rising * falling
