"""The training itself: from one checkpoint to the next."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy.typing as npt
import torch

from pipeline.errors import SetupError
from trainer import checkpoints
from trainer.batches import Batch
from trainer.checkpoints import Snapshots, Weights
from trainer.feed import Feed
from trainer.guard import SLOWER, HeldOut, begins_again, require_use
from trainer.journal import Check, Entry, Journal, Listener, Report, Restart
from trainer.machine import chosen_device, prepare
from trainer.network import Marian
from trainer.recipe import Recipe
from trainer.schedule import rate
from trainer.stopping import Patience

_DECAY, _BETAS, _EPSILON, _NORM = 0.01, (0.9, 0.98), 1e-9, 1.0


class Result(NamedTuple):
    """The finished model."""

    weights: Weights
    held_out: HeldOut
    which: str
    """Which weights these are, for people."""


class Training:
    """Trains a model in its folder, on from the last checkpoint there.

    Killed at any time and begun again on the same machine's CPU, it does the same steps on the same data as in one go.
    """

    def __init__(
        self,
        recipe: Recipe,
        folder: Path,
        model: Marian,
        data: dict[str, npt.NDArray[Any]],
        listeners: Sequence[Listener] = (),
    ) -> None:
        self.recipe, self.folder, self._listeners = recipe, folder, listeners
        device = chosen_device()
        prepare(device)
        self.model = model.to(device)
        self._first = _weights(self.model)
        self._feed = Feed(data, model.pad, device)
        self._optimizer = _optimizer(self.model)
        self.place = checkpoints.load(folder, self.model, self._optimizer)
        self._snapshots = Snapshots(folder, recipe.average)
        self._patience = Patience(recipe.patience, 0.0, self.place.best, self.place.best_step, self.place.waited)

    def run(self, stop: Callable[[], bool] = lambda: False) -> bool:
        """Train until a limit is reached or the held-out loss no longer falls; return whether that is so.

        `stop` is asked after each step: when it says so, a checkpoint is written and nothing is lost. Raises `SetupError`.
        """
        if self.place.finished:
            return True
        self._snapshots.go_on_from(self.place.step)
        self._journal = Journal(self.folder, self.place.step)
        try:
            return self._run(stop)
        except torch.OutOfMemoryError:
            smaller = max(64, self.recipe.batch // 2)
            raise SetupError(
                f"the device's memory is too small for {self.recipe.batch} tokens a step; begin again in another folder "
                f"with --batch {smaller}"
            ) from None
        finally:
            self._journal.close()

    def result(self) -> Result:
        """Return the model as far as it is: the mean of the last checkpoints, or the best one. It can be trained on.

        Raises `SetupError` if it does not use its source.
        """
        found, now = [], _weights(self.model)
        for weights, which in (
            (self._snapshots.mean(), f"mean of the last {self.recipe.average} checkpoints"),
            (self._snapshots.of(self.place.best_step), f"checkpoint of step {self.place.best_step}"),
        ):
            self.model.load_state_dict(weights)
            found.append(Result(weights, self._feed.held_out_loss(self.model, self.recipe.batch), which))
        self.model.load_state_dict(now)
        result = found[0] if found[0].held_out.loss <= found[1].held_out.loss else found[1]
        require_use(result.held_out)
        return result

    @property
    def epochs(self) -> float:
        """How many times it went through the data."""
        return self.place.epoch + self.place.position / len(
            self._feed.epoch(self.place.epoch, self.recipe.seed, self.recipe.batch)
        )

    def _run(self, stop: Callable[[], bool]) -> bool:
        place, self._mark, self._tokens_since = self.place, time.monotonic(), 0
        self.model.train()
        for batch, epochs in self._batches():
            done = self.recipe.limits.done(place.step, epochs, place.seconds + self._passed())
            if done >= 1 or self._patience.over:
                break
            self._step(batch, self._rate(place.step, done))
            place.step += 1
            place.position += 1
            if place.step % self.recipe.report_every == 0:
                self._report(epochs, self._rate(place.step - 1, done))
            if place.step % self.recipe.check_every == 0:
                held_out = self._check()
                if begins_again(held_out, done, place.begun_done, place.restarts):
                    self._begin_again(done, held_out)
                self._save()
            if stop():
                self._save()
                return False
        if place.checked != place.step:
            self._check()
        place.finished = True
        self._save()
        return True

    def _batches(self) -> Iterator[tuple[Batch, float]]:
        """Yield the batches from the place on, for ever, with the epochs that are done before each."""
        place = self.place
        while True:
            epoch = self._feed.epoch(place.epoch, self.recipe.seed, self.recipe.batch)
            for position in range(place.position, len(epoch)):
                yield epoch[position], place.epoch + position / len(epoch)
            place.epoch, place.position = place.epoch + 1, 0

    def _step(self, batch: Batch, learning: float) -> None:
        for group in self._optimizer.param_groups:
            group["lr"] = learning
        loss, tokens = self._feed.loss(self.model, batch, self.recipe.smoothing)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.model.shared.weight.grad[self.model.pad].zero_()
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), _NORM)
        # A step whose gradient is not finite is left out, without waiting for the device.
        self._optimizer.grad_scale, self._optimizer.found_inf = None, (~torch.isfinite(norm)).float()
        self._optimizer.step()
        self.place.loss = self.place.loss + loss.detach() * tokens
        self.place.tokens += tokens
        self._tokens_since += tokens

    def _report(self, epochs: float, learning: float) -> None:
        place = self.place
        loss = float(place.loss) / place.tokens
        if not math.isfinite(loss):
            raise SetupError(
                f"the loss is no number any more at step {place.step}; begin again in another folder with a lower --rate"
            )
        passed = self._passed()
        speed = self._tokens_since / passed if passed else 0.0
        self._tell(Report(place.step, round(epochs, 4), loss, learning, round(speed, 1), place.seconds + passed))
        place.loss, place.tokens = 0.0, 0
        self._settle_time()

    def _rate(self, step: int, done: float) -> float:
        place = self.place
        height = self.recipe.rate * SLOWER**place.restarts
        return rate(height, self.recipe.warmup, step - place.begun, done, place.begun_done)

    def _begin_again(self, done: float, held_out: HeldOut) -> None:
        """Go back to the first weights, with a lower rate for what is left of the training."""
        place = self.place
        place.restarts, place.begun, place.begun_done = place.restarts + 1, place.step, done
        self.model.load_state_dict(self._first)
        self._optimizer = _optimizer(self.model)
        self._snapshots.clear()
        self._patience = Patience(self.recipe.patience)
        place.best, place.best_step, place.waited = self._patience.best, 0, 0
        height = self.recipe.rate * SLOWER**place.restarts
        self._tell(Restart(place.step, height, held_out.use_of_source or 0.0, place.seconds + self._passed()))

    def _check(self) -> HeldOut:
        self.model.settle()
        place = self.place
        held_out = self._feed.held_out_loss(self.model, self.recipe.batch)
        best = self._patience.seen(place.step, held_out.loss)
        place.checked, place.best, place.waited = place.step, self._patience.best, self._patience.waited
        place.best_step = self._patience.best_step or place.step
        self._snapshots.add(place.step, place.best_step, _weights(self.model))
        passed = place.seconds + self._passed()
        self._tell(Check(place.step, held_out.loss, best, passed, held_out.use_of_source))
        return held_out

    def _save(self) -> None:
        self._settle_time()
        if not self.recipe.resumable:
            return
        self.place.loss = float(self.place.loss)
        checkpoints.save(self.folder, self.place, self.model, self._optimizer)

    def _tell(self, entry: Entry) -> None:
        self._journal.write(entry)
        for listener in self._listeners:
            listener.told(entry)

    def _passed(self) -> float:
        return time.monotonic() - self._mark

    def _settle_time(self) -> None:
        self.place.seconds += self._passed()
        self._mark, self._tokens_since = time.monotonic(), 0


def _optimizer(model: Marian) -> Any:
    groups = [
        {"params": [p for p in model.parameters() if (p.dim() == 2) == matrices], "weight_decay": decay}
        for matrices, decay in ((True, _DECAY), (False, 0.0))
    ]
    return torch.optim.AdamW(groups, lr=0.0, betas=_BETAS, eps=_EPSILON, fused=True)


def _weights(model: Marian) -> Weights:
    return {name: value.detach().cpu().clone() for name, value in model.state_dict().items()}
