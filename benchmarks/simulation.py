"""A simulator of the pipeline: how long documents take with so many processes, without running any.

The model: a document arrives, is segmented by one of the segmenters (a time for each document, one for each sentence), and
its sentences go to two queues, the first 32 to the interactive one. Each translator takes a batch, interactive first, and
works on it for a constant time. One of the sinks stores what is translated (a time for each sentence, one for each end of a
document). Kafka, MongoDB and the API are constant delays; whether they hold is reckoned from what they cost
(`benchmarks.planning`). `benchmarks.scaling` compares the model with the pipeline.
"""

import heapq
import itertools
import random
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

FIRST_SENTENCES = 32


@dataclass(frozen=True)
class Machines:
    """What runs, and how fast one of each is."""

    translators: int
    batch: int
    """Sentences in a batch."""
    batch_seconds: float
    """Time of a batch in one translator."""
    segmenters: int = 1
    segmented_per_second: float = 8_000.0
    segmenter_seconds: float = 0.0
    """Time that a document takes a segmenter beside its sentences."""
    sinks: int = 1
    stored_per_second: float = 10_000.0
    sink_seconds: float = 0.0
    """Time that the end of a document takes a sink."""
    delay: float = 0.04
    """Time on the way: four topics and the store."""


@dataclass(frozen=True)
class Arrival:
    """A document: when it comes, and how many sentences it has."""

    at: float
    sentences: int


@dataclass(frozen=True)
class Outcome:
    """What came of a simulation: seconds that each document took, and the share of the translators' time that was used."""

    seconds: list[float]
    utilisation: float

    def quantile(self, share: float) -> float:
        """Return how long the slowest document of that share took."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(share * len(self.seconds)))]


def simulate(machines: Machines, arrivals: Iterable[Arrival]) -> Outcome:
    """Run documents through the model."""
    documents = sorted(arrivals, key=lambda arrival: arrival.at)
    left = [document.sentences for document in documents]
    done = [document.at for document in documents]
    # Events: (time, number, what, document, sentences); a translator that becomes free has no document.
    events: list[tuple[float, int, str, int, int]] = []
    numbers = itertools.count()
    segmenters = [0.0] * machines.segmenters
    for place, document in enumerate(documents):
        start = max(document.at, heapq.heappop(segmenters))
        start += machines.segmenter_seconds
        heapq.heappush(segmenters, start + document.sentences / machines.segmented_per_second)
        first = min(FIRST_SENTENCES, document.sentences)
        chunks = [(first, "interactive")]
        chunks += [(min(500, document.sentences - begin), "bulk") for begin in range(first, document.sentences, 500)]
        segmented = 0
        for size, lane in chunks:
            segmented += size
            ready = start + segmented / machines.segmented_per_second
            heapq.heappush(events, (ready, next(numbers), lane, place, size))
    lanes: dict[str, deque[list[int]]] = {"interactive": deque(), "bulk": deque()}
    sinks = [0.0] * machines.sinks
    free = machines.translators
    busy = 0.0
    now = 0.0
    while events:
        now, _, what, place, size = heapq.heappop(events)
        if what in lanes:
            lanes[what].append([place, size])
        else:
            free += 1
        while free and (lanes["interactive"] or lanes["bulk"]):
            taken = _take(lanes["interactive"] or lanes["bulk"], machines.batch)
            free -= 1
            busy += machines.batch_seconds
            heapq.heappush(events, (now + machines.batch_seconds, next(numbers), "free", -1, 0))
            for number, count in taken:
                left[number] -= count
                stored = max(now + machines.batch_seconds, heapq.heappop(sinks)) + count / machines.stored_per_second
                if left[number] == 0:
                    stored += machines.sink_seconds
                    done[number] = stored + machines.delay
                heapq.heappush(sinks, stored)
    seconds = [end - document.at for end, document in zip(done, documents, strict=True)]
    return Outcome(seconds, busy / (machines.translators * now) if now else 0.0)


def _take(lane: deque[list[int]], size: int) -> list[tuple[int, int]]:
    """Take up to `size` sentences from the front of a lane."""
    taken = []
    while lane and size:
        place, count = lane[0]
        used = min(count, size)
        taken.append((place, used))
        size -= used
        lane[0][1] -= used
        if lane[0][1] == 0:
            lane.popleft()
    return taken


def day(documents: int, sentences: float, *, busiest: float = 3.0, minutes: int = 30, seed: int = 1) -> list[Arrival]:
    """Return the arrivals of the busiest minutes of a day.

    `documents` come in 24 hours, `busiest` times as many as on average in the minutes simulated. Lengths are exponential
    around `sentences`: mostly notes, now and then a book.
    """
    chance = random.Random(seed)  # noqa: S311 (a simulation that can be repeated)
    rate = documents * busiest / 86_400
    arrivals = []
    at = 0.0
    while (at := at + chance.expovariate(rate)) < minutes * 60:
        arrivals.append(Arrival(at, 1 + int(chance.expovariate(1 / sentences))))
    return arrivals
