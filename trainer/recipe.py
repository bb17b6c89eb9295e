"""How a model is trained, apart from what it is trained on."""

from dataclasses import dataclass

from trainer.schedule import Limits

RATES = {"tiny": 1e-3, "base": 3e-4}
"""Learning rates by size: a wider network learns in smaller steps, or its encoder collapses (trainer/guard.py)."""
BATCHES = {"cpu": 4_000, "cuda": 40_000}
"""Tokens a step by kind of device."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """The numbers that decide what training does with the same data and the same first weights."""

    limits: Limits
    rate: float = 1e-3
    """Its height."""
    batch: int = 4000
    """Tokens a step on the larger side."""
    warmup: int = 2000
    """Steps in which the rate rises; at most a quarter of the training."""
    smoothing: float = 0.1
    seed: int = 1
    check_every: int = 500
    """Steps from one held-out loss and checkpoint to the next."""
    report_every: int = 20
    average: int = 5
    """The model is the mean of so many last checkpoints, or the best of all if that is better."""
    resumable: bool = True
    """Whether checkpoints are written, from which a training goes on that was killed."""
    patience: int = 10
    """It ends when the held-out loss was not lower in so many checks."""
