"""How far a training is, and how fast it learns there."""

from dataclasses import dataclass

_RISING = 0.1
"""The part of a training in which the rate has risen at the latest."""
_FLAT = 0.25
"""The part after which it falls."""
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


def rate(height: float, warmup: int, step: int, done: float) -> float:
    """Return the learning rate: it rises over `warmup` steps, stays until a quarter of the training, and falls in a line.

    With a limit of steps or epochs it depends on the step alone, so that a resumed training is the same as one in one go.
    """
    rising = min(1.0, max((step + 1) / warmup, done / _RISING)) if warmup else 1.0
    falling = 1.0 if done < _FLAT else max(_LEAST, (1 - done) / (1 - _FLAT))
    return height * rising * falling
