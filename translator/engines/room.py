"""How much of a batch fits into the memory of a device: estimated by what is free, and learned when it was too much."""

import logging
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence

from translator.engines import Hypothesis, Tokens

logger = logging.getLogger(__name__)

Generate = Callable[[Sequence[Tokens]], list[Hypothesis]]

USUAL_ON_GPU = 16_384
"""Tokens of a batch where nobody tells how much memory is free."""

_LEAST, _MOST = 1024, 32_768
# A search with a beam of four keeps about so many bytes a token for each weight of a model: by the sizes of their layers,
# Marian, NLLB and T5 models between 0.0004 and 0.0008. Half of what is free is left for what libraries hold back.
_BYTES_A_WEIGHT, _SHARE = 0.001, 0.5
_SIGNS = ("out of memory", "alloc_failed", "allocate memory", "bad_alloc")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error of CTranslate2, PyTorch or Python says that memory was short, of a GPU or of the machine."""
    said = f"{type(error).__name__} {error}".lower()
    return isinstance(error, MemoryError) or "outofmemory" in said or any(sign in said for sign in _SIGNS)


def batch_tokens(free: int | None, weights: int, workers: int) -> int:
    """Return how many tokens, with padding, a batch on a GPU should have.

    `free`: bytes that are free beside the model, None where that is not known; `weights`: how many the model has;
    `workers`: how many batches are on the device at once. An estimate: what does not fit all the same is halved (`Room`).
    """
    if free is None:
        return USUAL_ON_GPU
    return min(_MOST, max(_LEAST, int(free * _SHARE / (max(1, weights) * _BYTES_A_WEIGHT * workers))))


def free_gpu_memory() -> int | None:
    """Return how many bytes are free on the first GPU that this process may use, as its driver says; None if it does not."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "").partition(",")[0].strip() or "0"
    command = ["nvidia-smi", f"--id={visible}", "--query-gpu=memory.free", "--format=csv,noheader,nounits"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout  # noqa: S603 (fixed)
        return int(said.splitlines()[0]) << 20
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None


class Room:
    """Runs batches in parts that fit. May be used by several threads.

    A part for which memory was short is halved until it fits, and later batches have no more tokens than that; with each
    batch that fits it becomes a little more again, because others may have held the memory. A sentence alone for which there
    is none raises what the engine raised.
    """

    def __init__(self, most: int, release: Callable[[], None] = lambda: None) -> None:
        """`most`: tokens of a batch, with padding. `release`: gives back what a library holds of the memory."""
        self.most = most
        self.fits = most
        self._release = release

    def run(self, batch: Sequence[Tokens], generate: Generate) -> list[Hypothesis]:
        """Return what `generate` makes of the batch, in its order."""
        return [one for part in self._parts(batch) for one in self._run(part, generate)]

    def _run(self, batch: Sequence[Tokens], generate: Generate) -> list[Hypothesis]:
        try:
            found = generate(batch)
        except Exception as error:
            if not is_out_of_memory(error) or len(batch) == 1:
                raise
        else:
            self.fits = min(self.most, self.fits + self.fits // 128 + 1)
            return found
        # Not while the error is in hand: its traceback holds what took the memory.
        self._release()
        self.fits = max(1, min(self.fits, _padded(batch) // 2))
        logger.warning("no memory for a batch of %d sentences; trying halves of it", len(batch))
        middle = len(batch) // 2
        return self._run(batch[:middle], generate) + self._run(batch[middle:], generate)

    def _parts(self, batch: Sequence[Tokens]) -> Iterator[Sequence[Tokens]]:
        """Yield the batch in parts of at most `fits` tokens; a batch that was cut for the device is one."""
        first, width, most = 0, 0, max(self.fits, 1)
        if self.fits == self.most:
            yield batch
            return
        for place, tokens in enumerate(batch):
            width = max(width, len(tokens))
            if place > first and width * (place + 1 - first) > most:
                yield batch[first:place]
                first, width = place, len(tokens)
        yield batch[first:]


def _padded(batch: Sequence[Tokens]) -> int:
    return len(batch) * max(map(len, batch))
