"""Seconds from `satzstrom up` to the first translated sentence, with new data and with those of an earlier run."""

import tempfile
import time
from pathlib import Path

from benchmarks.pipelines import finish, pipeline
from benchmarks.recorder import Recorder, most


def run(recorder: Recorder, rounds: int = 3) -> None:
    """Measure both by turns."""
    first, second = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="satzstrom-bench-") as made:
            first.append(_seconds(Path(made)))
            second.append(_seconds(Path(made)))
    recorder.add("start to the first sentence, with earlier data", second, "s", aim=most(15))
    recorder.add("start to the first sentence, with no data", first, "s")


def _seconds(data: Path) -> float:
    begin = time.perf_counter()
    with pipeline("ctranslate2", data) as (client, _):
        finish(client, client.submit("Guten Morgen."), 0.02)
        return time.perf_counter() - begin
