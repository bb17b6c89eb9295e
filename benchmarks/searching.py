"""What the search costs: speed of the pipeline while finished documents are made searchable, over the speed without."""

import os
import statistics
import time

from benchmarks.pipelines import pipeline
from benchmarks.speed import STORY, finish


def run(rounds: int = 2, copies: int = 10) -> None:
    """Print the ratio, with the identity engine, which leaves the search more to do than any model."""
    speeds: dict[str, list[float]] = {"true": [], "false": []}
    # The first pipeline of all is slower than those that follow.
    _speeds(STORY)
    for _ in range(rounds):
        for wanted, found in speeds.items():
            os.environ["SATZSTROM_SEARCH"] = wanted
            found.extend(_speeds(STORY * copies))
    del os.environ["SATZSTROM_SEARCH"]
    on, off = (statistics.median(speeds[wanted]) for wanted in ("true", "false"))
    print(f"with search / without      {on / off:.2f}   (aim 0.9; {on:.0f} and {off:.0f} sentences/s)")


def _speeds(text: str) -> list[float]:
    found = []
    with pipeline("identity") as (client, _):
        # While the others go through, this one is made searchable.
        finish(client, client.submit(iter([text.encode()])))
        for _ in range(3):
            begin = time.perf_counter()
            status = finish(client, client.submit(iter([text.encode()])))
            found.append(status.sentences.total / (time.perf_counter() - begin))
    return found


if __name__ == "__main__":
    run()
