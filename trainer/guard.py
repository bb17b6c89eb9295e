"""Telling a model that translates from one that only writes likely sentences, whatever its source says.

A deep network with too high a rate can lose what its encoder knows: all its outputs become alike, and the decoder learns
to do without. The loss falls all the same, as a language model's does, so that only exchanging the sources shows it.
"""

from typing import NamedTuple

from pipeline.errors import SetupError

LEAST_USE = 0.05
"""A part of the loss. Collapsed models had 0.00 to 0.03, those that were learning to translate 0.06 soon and 0.3 later."""
RESTARTS = 2
SLOWER = 1 / 3
"""What the learning rate is multiplied by when a training begins again."""
# An attempt has so much of the whole training to begin to use its source; after the latest there is no time to begin again.
_TRIAL, _LATEST = 0.2, 0.5


class HeldOut(NamedTuple):
    """The mean loss a token (nats) on the pairs that are held out."""

    loss: float
    use_of_source: float | None
    """How much higher it is with other sentences' sources: near 0, the model does not look at them.

    None where no two sentences are alike enough in length to exchange their sources.
    """


def ignores_source(held_out: HeldOut) -> bool:
    """Whether a model's translations hardly depend on what it translates; never where that could not be measured."""
    # A figure that is no number is none of a model that translates.
    return held_out.use_of_source is not None and not held_out.use_of_source >= LEAST_USE * held_out.loss


def begins_again(held_out: HeldOut, done: float, begun: float, restarts: int) -> bool:
    """Whether a training has to begin again.

    `done`: how much of it is over; `begun`: how much was when it last began; `restarts`: how often it began again.
    """
    in_time = done - begun >= _TRIAL and done <= _LATEST
    return in_time and restarts < RESTARTS and ignores_source(held_out)


def require_use(held_out: HeldOut) -> None:
    """Raise `SetupError` for a finished model that ignores its source."""
    if ignores_source(held_out):
        raise SetupError(
            f"the model does not use its source: its held-out loss is {held_out.loss:.3f} with its own sources and "
            f"only {held_out.use_of_source:.3f} more with those of other sentences. It writes likely sentences, no "
            "translations, so it is neither written nor registered; begin again in another folder with a lower --rate, "
            "more pairs or more steps"
        )
