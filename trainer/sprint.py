"""A training that ends in time, and what it leaves in its folder."""

import argparse
import random
import shutil
import tempfile
import time
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

import torch

from pipeline.errors import SetupError
from trainer import journal, packing, vocabulary
from trainer.cutting import cut
from trainer.files import sha256, write_whole
from trainer.journal import Check, Entry, Report
from trainer.lines import check_line, report_line, restart_line
from trainer.machine import chosen_device, name_of
from trainer.network import SIZES, Marian
from trainer.pairs import Languages, Pair
from trainer.parts import read_parts
from trainer.reading import read_pairs
from trainer.recipe import BATCHES, RATES, Recipe
from trainer.report import DataReport, checksum, reports
from trainer.schedule import Limits
from trainer.training import Training

_LEAST_PAIRS = 20
_WRITTEN_AT = (0.6, 0.85)
# Evaluating and writing the result takes so much of the time, and so many seconds at the least.
_RESERVE, _LEAST_RESERVE = 0.03, 15.0


class Sprint:
    """From pairs to packed weights within `options.seconds` from `begin` on; trainer/timed.py has the options."""

    def __init__(self, options: argparse.Namespace, begin: float) -> None:
        self._options, self._begin = options, begin
        self._last: Report | None = None
        self._next = list(_WRITTEN_AT)
        options.out.mkdir(parents=True, exist_ok=True)

    def say(self, text: str) -> None:
        """Print a line with the seconds since the process began."""
        print(f"{time.monotonic() - self._begin:6.1f} s  {text}", flush=True)  # noqa: T201 (what it prints is its log)

    def run(self) -> None:
        """Do all of it. Raises `SetupError`."""
        options = self._options
        with tempfile.TemporaryDirectory() as room:
            folder = Path(room)
            pieces = vocabulary.adopt(options.vocabulary, folder)
            pairs = self._pairs()
            arrays = cut(pairs, pieces, options.longest, self._parts)
            self._data = self._reported(pairs)
            tokens = int(arrays["training_targets_lengths"].sum())
            self.say(
                f"{len(pairs['training']):,} pairs, {tokens:,} tokens of translations; {len(pairs['held_out']):,} held out"
            )
            torch.manual_seed(options.seed)
            self._model = Marian(SIZES[options.size], pieces, options.dropout)
            self._size = pieces.size
            self._recipe = self._chosen_recipe()
            self._training = Training(self._recipe, folder, self._model, arrays, [self])
            millions = sum(parameter.numel() for parameter in self._model.parameters()) / 1e6
            self.say(f"{millions:.1f} million parameters on {name_of(chosen_device())}, PyTorch {torch.__version__}")
            self._training.run()
            shutil.copyfile(folder / journal.FILE, options.out / journal.FILE)
            self._write()

    def told(self, entry: Entry) -> None:
        """Print an entry of the journal, and write the weights where it is time for that."""
        match entry:
            case Report():
                self._last = entry
                self.say(report_line(entry, self._recipe.limits.done(entry.step, entry.epoch, entry.seconds)))
            case Check():
                self.say(check_line(entry, None))
                done = self._recipe.limits.done(entry.step, 0.0, entry.seconds)
                if self._next and done >= self._next[0]:
                    self._next = [part for part in self._next if part > done]
                    try:
                        self._write()
                    except SetupError as error:
                        # It may still learn to.
                        self.say(f"no weights are written yet: {error}")
            case _:
                self.say(restart_line(entry))

    def _chosen_recipe(self) -> Recipe:
        options, gpu = self._options, chosen_device().type == "cuda"
        left = options.seconds - (time.monotonic() - self._begin)
        seconds = left - (options.reserve or max(_LEAST_RESERVE, _RESERVE * options.seconds))
        if seconds <= 0:
            raise SetupError(f"--seconds {options.seconds:g} is too little: reading the data took longer; give it more")
        return Recipe(
            limits=Limits(steps=options.steps, seconds=seconds),
            rate=options.rate or RATES[options.size],
            batch=options.batch or BATCHES[chosen_device().type],
            seed=options.seed,
            check_every=options.check_every or (400 if gpu else 50),
            report_every=100 if gpu else 10,
            average=3,
            resumable=False,
        )

    def _pairs(self) -> dict[str, list[Pair]]:
        options = self._options
        self._parts = read_parts(options.parts) if options.parts else {}
        left_out = {name for name, part in self._parts.items() if part.weight == 0}
        columns = Languages(options.source, options.target)
        if options.turned:
            columns = Languages(options.target, options.source)
        read = chain.from_iterable(read_pairs(path, columns) for path in options.data)
        pairs = [_tidy(pair, turned=options.turned) for pair in read if pair.part not in left_out]
        pairs = [pair for pair in pairs if pair.source and pair.target]
        if len(pairs) < _LEAST_PAIRS:
            raise SetupError(f"there are {len(pairs)} pairs with two sides; at least {_LEAST_PAIRS} are needed")
        random.Random(options.seed).shuffle(pairs)  # noqa: S311 (nobody may guess it wrong or right)
        pairs = pairs[: options.limit]
        aside = max(1, min(options.held_out, len(pairs) // 20))
        self.say(f"{len(pairs):,} pairs were read")
        return {"held_out": pairs[:aside], "training": pairs[aside:]}

    def _reported(self, pairs: dict[str, list[Pair]]) -> DataReport:
        options = self._options
        lines = (f"{pair.source}\t{pair.target}\n" for pair in pairs["held_out"])
        write_whole(options.out / packing.HELD_OUT, "".join(lines).encode())
        return DataReport(
            checksum=checksum(pairs["training"]),
            files={path.name: sha256(path) for path in options.data},
            parts=reports(pairs["training"], self._parts, options.licence),
            pairs=len(pairs["training"]),
            held_out=len(pairs["held_out"]),
            dropped={},
            tests={},
        )

    def _write(self) -> None:
        """Write the weights as they are, then their report. Raises `SetupError` if the model does not use its source."""
        result = self._training.result()
        place, out = self._training.place, self._options.out
        arrays = {name: value.float().cpu().numpy() for name, value in result.weights.items()}
        report = {
            "vocabulary": sha256(self._options.vocabulary),
            "held_out": result.held_out._asdict(),
            "plan": self._plan(),
            "data": asdict(self._data),
            "facts": {
                "device": name_of(chosen_device()),
                "steps": place.step,
                "began again": place.restarts,
                "epochs": round(self._training.epochs, 2),
                "seconds": round(time.monotonic() - self._begin),
                "weights": f"{result.which}, as int8 rows",
                "data": "taken as it was: nothing was left out, sentences of test sets neither",
            },
        }
        packing.write(out, arrays, report)
        self.say(f"weights written: held-out loss {result.held_out.loss:.4f}, {result.which}")

    def _plan(self) -> dict[str, Any]:
        """Return the settings in the form of `plan.json`."""
        options, recipe = self._options, asdict(self._recipe)
        del recipe["resumable"], recipe["limits"]
        return {
            **recipe,
            "seconds": options.seconds,
            "steps": options.steps,
            "source": options.source,
            "target": options.target,
            "name": options.name or f"{options.source}-{options.target}",
            "data": self._data.files,
            "parts": {name: asdict(part) for name, part in self._parts.items()},
            "licence": options.licence,
            "size": options.size,
            "pieces": self._size,
            "dropout": options.dropout,
            "longest": options.longest,
            "held_out": options.held_out,
            "check_languages": False,
        }


def _tidy(pair: Pair, *, turned: bool) -> Pair:
    first, second = (" ".join(text.split()) for text in pair[:2])
    return Pair(second, first, pair.part) if turned else Pair(first, second, pair.part)
