"""Train for a number of seconds on a machine that is there for as long, with numpy, PyTorch and SentencePiece alone.

    python3 -m trainer.timed --data pairs.tsv.xz --vocabulary joint.model --parts parts.tsv --out OUT --seconds 575

`--seconds` is the time of the whole process, in which it reads, trains and writes. OUT has files of at most 15 MB: the
weights at 60 % and 85 % of the training and at its end, `report.json`, `held-out.tsv` and the journal. `satzstrom train
assemble` makes a model of them elsewhere.

The pairs are taken as they are: clean them beforehand, and take the sentences of test sets out.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import SetupError
from trainer.recipe import BATCHES, RATES


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    begin = time.monotonic()
    parser = argparse.ArgumentParser(
        prog="python3 -m trainer.timed", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--data", type=Path, nargs="+", required=True, help="pairs: .tsv or .tmx, also .gz and .xz")
    add("--vocabulary", type=Path, required=True, help="SentencePiece model for both languages, as source.spm")
    add("--out", type=Path, required=True)
    add("--seconds", type=float, default=575, help="time of the whole process (default: 575)")
    add("--reserve", type=float, help="seconds of them for scoring and writing (default: 3 %%, at least 15)")
    add("--steps", type=int, help="end after so many steps, if that is earlier")
    add("--source", default="de")
    add("--target", default="en")
    add("--turned", action="store_true", help="the target stands first in files that do not say which does")
    add("--parts", type=Path, help="table: part, licence, weight")
    add("--licence", default="not stated", help="licence of what the table does not name")
    add("--name", help="name of the model (default: de-en and so on)")
    add("--size", choices=RATES, default="base")
    add("--batch", type=int, help=f"tokens a step (default: {BATCHES['cuda']:,} on a GPU, {BATCHES['cpu']:,} on a CPU)")
    add("--rate", type=float, help=f"learning rate (default: {RATES})")
    add("--dropout", type=float, default=0.1)
    add("--longest", type=int, default=160, help="longest sentence in tokens")
    add("--held-out", type=int, default=1000, help="pairs kept aside for the held-out loss, a twentieth at most")
    add("--limit", type=int, help="use so many pairs only, for a trial")
    add("--check-every", type=int, help="steps between checks (default: 400 on a GPU, 50 on a CPU)")
    add("--threads", type=int, help="CPU threads")
    add("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    # Importing PyTorch takes seconds, which count.
    import torch

    from trainer.machine import keep_memory
    from trainer.sprint import Sprint

    if options.threads:
        torch.set_num_threads(options.threads)
    keep_memory()
    try:
        Sprint(options, begin).run()
    except SetupError as error:
        sys.exit(f"{parser.prog}: {error}")


if __name__ == "__main__":
    main()
