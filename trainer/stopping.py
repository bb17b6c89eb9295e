"""Ending a training that no longer gets better."""

import math
from dataclasses import dataclass


@dataclass
class Patience:
    """Counts checks of the held-out loss since it was last lower by more than `least`; ends after `most` of them."""

    most: int
    least: float = 0.0
    best: float = math.inf
    best_step: int = 0
    waited: int = 0

    def seen(self, step: int, loss: float) -> bool:
        """Take the loss of a check, and return whether it is the best yet. A loss that is no number is never the best."""
        better = loss < self.best - self.least
        if better:
            self.best, self.best_step, self.waited = loss, step, 0
        else:
            self.waited += 1
        return better

    @property
    def over(self) -> bool:
        """Whether it is time to end."""
        return self.waited >= self.most
