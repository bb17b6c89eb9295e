"""What the search costs: speed of the pipeline while finished documents are made searchable, over the speed without."""

import statistics
import time

from benchmarks.pipelines import finish, pipeline
from benchmarks.recorder import Recorder, least
from benchmarks.texts import STORY


def run(recorder: Recorder, rounds: int = 2, copies: int = 10) -> None:
    """Measure by turns, with the identity engine, which leaves the search more to do than any model."""
    speeds: dict[str, list[float]] = {"true": [], "false": []}
    # The first pipeline of all is slower than those that follow.
    _speeds(STORY, "false")
    for _ in range(rounds):
        for wanted, found in speeds.items():
            found.append(statistics.median(_speeds(STORY * copies, wanted)))
    ratios = [on / off for on, off in zip(speeds["true"], speeds["false"], strict=True)]
    recorder.add("with search ÷ without", ratios, aim=least(0.9))
    recorder.add("with search", speeds["true"], "sentences/s")
    recorder.add("without", speeds["false"], "sentences/s")


def _speeds(text: str, search: str) -> list[float]:
    found = []
    with pipeline("identity", settings={"SATZSTROM_SEARCH": search}) as (client, _):
        # While the others go through, this one is made searchable.
        finish(client, client.submit(iter([text.encode()])))
        for _ in range(3):
            begin = time.perf_counter()
            status = finish(client, client.submit(iter([text.encode()])))
            found.append(status.sentences.total / (time.perf_counter() - begin))
    return found
