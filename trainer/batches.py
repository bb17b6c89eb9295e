"""Batches of sentences that are alike in length, in an order that depends on the seed and the epoch alone."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


class Batch(NamedTuple):
    """Which pairs stand together, and the longest sentence of each side in tokens."""

    pairs: Integers
    source_width: int
    target_width: int


def epoch_of(
    number: int, seed: int, weights: npt.NDArray[np.float64], sources: Integers, targets: Integers, most: int
) -> list[Batch]:
    """Return the batches of an epoch, each of at most `most` tokens on its larger side, padding included.

    `weights`: how often each pair is seen an epoch, 1.5 for one or two times. `sources`, `targets`: lengths in tokens.
    """
    random = np.random.default_rng([seed, number])
    times = np.floor(weights + random.random(len(weights))).astype(np.int64)
    chosen = np.repeat(np.arange(len(weights)), times)
    # A little noise in the lengths mixes each epoch anew.
    noisy = [lengths[chosen] + random.integers(0, 3, len(chosen)) for lengths in (sources, targets)]
    chosen = chosen[np.lexsort(noisy)]
    widest = np.maximum(sources[chosen], targets[chosen])
    batches: list[Batch] = []
    start = 0
    while start < len(chosen):
        end = _end(widest, start, most)
        part = chosen[start:end]
        batches.append(Batch(part, int(sources[part].max()), int(targets[part].max())))
        start = end
    return [batches[at] for at in random.permutation(len(batches))]


def _end(widest: Integers, start: int, most: int) -> int:
    end = min(len(widest), start + max(1, most // int(widest[start])))
    while end > start + 1 and int(widest[start:end].max()) * (end - start) > most:
        end = start + max(1, most // int(widest[start:end].max()))
    return end


class Tokens:
    """Sentences as one row of tokens on a device, from which batches are gathered there."""

    def __init__(self, flat: npt.NDArray[np.int32], lengths: Integers, pad: int, device: Any) -> None:
        import torch

        self._torch, self._pad = torch, pad
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        self._flat, self._starts, self._lengths = (
            torch.from_numpy(array).to(device) for array in (flat, starts, lengths)
        )

    def batch(self, indices: Any, width: int) -> Any:
        """Return sentences, one a row, filled up to `width` with <pad>."""
        place = self._torch.arange(width, device=indices.device)
        at = (self._starts[indices][:, None] + place).clamp_(max=len(self._flat) - 1)
        return self._torch.where(place < self._lengths[indices][:, None], self._flat[at].long(), self._pad)


def flattened(sentences: list[list[int]], end: int, longest: int) -> tuple[npt.NDArray[np.int32], Integers]:
    """Return sentences as one row of ids, each cut at `longest` and with its end mark, and their lengths."""
    lengths = np.array([min(len(sentence), longest - 1) + 1 for sentence in sentences], dtype=np.int64)
    flat = np.full(int(lengths.sum()), end, dtype=np.int32)
    at = 0
    for sentence, length in zip(sentences, lengths, strict=True):
        flat[at : at + length - 1] = sentence[: length - 1]
        at += int(length)
    return flat, lengths
