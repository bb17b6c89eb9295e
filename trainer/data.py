"""The data of a training: read, cleaned, cut into tokens, and kept in its folder."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from pipeline.errors import SetupError
from trainer.cleaning import Cleaner, teller
from trainer.cutting import cut
from trainer.files import replaced, write_whole
from trainer.pairs import Pair
from trainer.plan import Plan
from trainer.reading import read_pairs
from trainer.report import DataReport, checksum, reports
from trainer.testsets import read_test
from trainer.vocabulary import Vocabulary

REPORT, TOKENS, HELD_OUT = "data.json", "data.npz", "held-out.tsv"
_LEAST_PAIRS = 20
# Telling languages, that is a minute.
_SAID_EVERY = 100_000


@dataclass(frozen=True)
class Chosen:
    """Pairs that were let through, before they are cut into tokens."""

    training: list[Pair]
    held_out: list[Pair]
    dropped: Counter[str]


def choose(plan: Plan, paths: Sequence[Path], say: Callable[[str], None]) -> Chosen:
    """Read and clean all files, and keep some pairs aside for the held-out loss; `say` hears how far it is.

    Raises `SetupError`.
    """
    excluded = [text for test in plan.tests for pair in read_test(test, plan.languages) for text in pair[:2]]
    cleaner = Cleaner(plan.languages, excluded, teller() if plan.check_languages else None)
    used = _counted((pair for path in paths for pair in read_pairs(path, plan.languages)), say)
    left_out = {name for name, part in plan.parts.items() if part.weight == 0}
    pairs = list(cleaner.clean(pair for pair in used if pair.part not in left_out))
    if len(pairs) < _LEAST_PAIRS:
        told = ", ".join(f"{reason} {count}" for reason, count in cleaner.dropped.most_common()) or "nothing left out"
        raise SetupError(f"{len(pairs)} pairs are left to train on ({told}); at least {_LEAST_PAIRS} are needed")
    random.Random(plan.seed).shuffle(pairs)  # noqa: S311 (nobody may guess it wrong or right)
    aside = max(1, min(plan.held_out, len(pairs) // 20))
    held_out = pairs[:aside]
    # What is like a held-out sentence would make its loss look better than it is.
    again = Cleaner(plan.languages, [text for pair in held_out for text in pair[:2]])
    training = list(again.clean(pairs[aside:]))
    return Chosen(training, held_out, cleaner.dropped + again.dropped)


def _counted(pairs: Iterable[Pair], say: Callable[[str], None]) -> Iterator[Pair]:
    for number, pair in enumerate(pairs, 1):
        yield pair
        if number % _SAID_EVERY == 0:
            say(f"{number:,} pairs were read")


def store(plan: Plan, chosen: Chosen, vocabulary: Vocabulary, folder: Path) -> DataReport:
    """Cut the pairs into tokens and write them with their report, which is written last. Raises `SetupError`."""
    pairs = {"training": chosen.training, "held_out": chosen.held_out}
    before = sum(map(len, pairs.values()))
    arrays = cut(pairs, vocabulary, plan.longest, plan.parts)
    dropped = chosen.dropped + Counter(tokens=before - sum(map(len, pairs.values())))
    report = DataReport(
        checksum=checksum(chosen.training),
        files=plan.data,
        parts=reports(chosen.training, plan.parts, plan.licence),
        pairs=len(chosen.training),
        held_out=len(chosen.held_out),
        dropped={reason: count for reason, count in dropped.most_common() if count},
        tests={test.name: checksum(read_test(test, plan.languages)) for test in plan.tests},
    )
    write_whole(folder / HELD_OUT, "".join(f"{p.source}\t{p.target}\n" for p in chosen.held_out).encode())
    replaced(folder / TOKENS, lambda file: np.savez(file, **arrays))  # type: ignore[arg-type]  # names are no settings of it
    write_whole(folder / REPORT, msgspec.json.format(msgspec.json.encode(report), indent=1))
    return report


def read_report(folder: Path) -> DataReport:
    """Return the report of data that is stored. Raises `SetupError`."""
    try:
        return msgspec.json.decode((folder / REPORT).read_bytes(), type=DataReport)
    except (OSError, msgspec.DecodeError) as error:
        raise SetupError(f"{folder / REPORT}: {error}") from None


def read_tokens(folder: Path) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays that `store` wrote. Raises `SetupError`."""
    try:
        with np.load(folder / TOKENS, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError) as error:
        raise SetupError(f"{folder / TOKENS}: {error}; remove {folder} and begin again") from None
