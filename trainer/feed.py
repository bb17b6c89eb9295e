"""Batches on the device, and the loss of a model on the pairs that are held out."""

from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from trainer.batches import Batch, Integers, Tokens, epoch_of
from trainer.guard import HeldOut
from trainer.machine import has_bfloat16


class Feed:
    """The stored data of a training, on a device."""

    def __init__(self, data: dict[str, npt.NDArray[Any]], pad: int, device: Any) -> None:
        self._data, self._device = data, device
        self._half = has_bfloat16(device)
        self._sides = {
            name: Tokens(data[name], data[f"{name}_lengths"], pad, device)
            for name in ("training_sources", "training_targets", "held_out_sources", "held_out_targets")
        }

    def epoch(self, number: int, seed: int, most: int) -> list[Batch]:
        """Return the batches of an epoch of training, each of at most `most` tokens a side."""
        lengths = self._lengths("training")
        return epoch_of(number, seed, self._data["weights"].astype(np.float64), *lengths, most)

    def loss(self, model: Any, batch: Batch, smoothing: float) -> tuple[Any, int]:
        """Return the mean loss a token of a batch of training, and how many tokens those are."""
        return self._loss(model, "training", batch, smoothing)

    def held_out_loss(self, model: Any, most: int) -> HeldOut:
        """Return the loss over all pairs that are held out, and what exchanging their sources does to it."""
        lengths = self._lengths("held_out")
        total, count, more, exchanged = 0.0, 0, 0.0, 0
        model.eval()
        with torch.no_grad():
            for batch in epoch_of(0, 0, np.ones(len(lengths[0])), *lengths, most):
                loss, tokens = self._loss(model, "held_out", batch, 0.0)
                total, count = total + float(loss) * tokens, count + tokens
                if len(batch.pairs) > 1:
                    other, _ = self._loss(model, "held_out", batch, 0.0, exchange=True)
                    more, exchanged = more + float(other - loss) * tokens, exchanged + tokens
        model.train()
        return HeldOut(total / count, more / exchanged if exchanged else None)

    def _loss(
        self, model: Any, kind: str, batch: Batch, smoothing: float, *, exchange: bool = False
    ) -> tuple[Any, int]:
        indices = torch.from_numpy(batch.pairs).to(self._device, non_blocking=True)
        x = self._sides[f"{kind}_sources"].batch(indices, batch.source_width)
        if exchange:
            x = x.roll(1, 0)
        y = self._sides[f"{kind}_targets"].batch(indices, batch.target_width)
        with torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=self._half):
            loss = model(x, y, smoothing)
        return loss, int(self._lengths(kind)[1][batch.pairs].sum())

    def _lengths(self, kind: str) -> tuple[Integers, Integers]:
        return self._data[f"{kind}_sources_lengths"], self._data[f"{kind}_targets_lengths"]
