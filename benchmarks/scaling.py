"""Throughput from one translator to eight, each taking 50 ms a batch, beside what the simulator says."""

import os
import time

from benchmarks.pipelines import pipeline
from benchmarks.simulation import Arrival, Machines, simulate
from benchmarks.speed import STORY, finish

BATCH, BATCH_SECONDS = 16, 0.05


def run() -> None:
    """Print sentences/s, the share of linear, and the simulator's error."""
    os.environ["SATZSTROM_IDENTITY_BATCH_SECONDS"] = str(BATCH_SECONDS)
    try:
        alone = 0.0
        for translators in (1, 2, 4, 8):
            text = STORY * (3 * translators)
            with pipeline("identity", translators=translators) as (client, _):
                finish(client, client.submit(STORY))
                begin = time.perf_counter()
                status = finish(client, client.submit(iter([text.encode()])), 0.05)
                seconds = time.perf_counter() - begin
            total = status.sentences.total
            alone = alone or total / seconds
            linear = total / seconds / translators / alone
            modelled = simulate(Machines(translators, BATCH, BATCH_SECONDS), [Arrival(0, total)]).seconds[0]
            print(
                f"{translators} translators, 50 ms a batch   {total / seconds:.0f} sentences/s,"
                f" {linear:.2f} of linear (aim 0.85);"
                f" {seconds:.1f} s, simulated {modelled:.1f} s ({modelled / seconds - 1:+.0%})"
            )
    finally:
        del os.environ["SATZSTROM_IDENTITY_BATCH_SECONDS"]
