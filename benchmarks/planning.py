"""What documents take of every service and both servers, reckoned from what one document and one sentence take.

The model: a service works so many CPU seconds for each document and so many for each sentence, whatever else goes on. So do
Kafka and MongoDB, which also keep so many bytes of each. `benchmarks.services` measures these figures and holds the model
against other runs; docs/capacity.md has what it says for a day.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

BUSIEST = 3.0
"""Work of the busiest half hour of a day ÷ that of half an hour on average."""
FULL = 0.7
"""Share of a core that a process should be busy at most, or what comes together waits for each other."""
DAY = 86_400
KEPT_DAYS = 7
COPIES = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """What each document takes, and beside it each of its sentences: CPU seconds, or bytes."""

    document: float
    sentence: float

    def of(self, documents: float, sentences: float) -> float:
        """Return what so many documents take that have so many sentences together."""
        return self.document * documents + self.sentence * sentences

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.document + other.document, self.sentence + other.sentence)


def fit(runs: Sequence[tuple[float, float, float]]) -> Cost:
    """Return what fits runs best: (documents, sentences, what they took) each, the share by which it is off counts.

    It takes a run of few long documents and another of many short ones to tell the two apart; where there is but one, its
    sentences stand for all of it. Nothing costs less than nothing.
    """
    # Least squares of (document·d + sentence·s) ÷ took - 1.
    rows = [(documents / took, sentences / took) for documents, sentences, took in runs if took > 0]
    if not rows:
        return Cost(0, 0)
    dd, ds, ss = (sum(row[one] * row[two] for row in rows) for one, two in ((0, 0), (0, 1), (1, 1)))
    d, s = sum(row[0] for row in rows), sum(row[1] for row in rows)
    determinant = dd * ss - ds * ds
    if len(rows) == 1 or not determinant:
        return Cost(0, s / ss)
    document, sentence = (d * ss - s * ds) / determinant, (s * dd - d * ds) / determinant
    if document < 0:
        return Cost(0, s / ss)
    return Cost(document, sentence) if sentence >= 0 else Cost(d / dd, 0)


@dataclass(frozen=True, slots=True)
class Need:
    """What a service needs in the busiest half hour."""

    cores: float
    """Cores that are busy all the time."""
    processes: int
    """Of one core each, none busier than `FULL`; partitions of its topics have to be as many."""


def needs(costs: Mapping[str, Cost], documents_a_day: float, sentences: float) -> dict[str, Need]:
    """Return what each service needs for so many documents a day of so many sentences on average."""
    a_second = documents_a_day * BUSIEST / DAY
    found = {}
    for name, cost in costs.items():
        cores = cost.of(a_second, a_second * sentences)
        found[name] = Need(cores, max(1, math.ceil(cores / FULL)))
    return found


def partitions(processes: int, least: int) -> int:
    """Return how many partitions a topic should have for so many readers: twice as many, so that one may die, or be added.

    `least`: how many it is made with.
    """
    return max(least, 1 << math.ceil(math.log2(2 * processes)))


@dataclass(frozen=True, slots=True)
class Stored:
    """What a server keeps."""

    a_second: float
    """Bytes a second at the busiest, all copies together."""
    a_day: float
    """Bytes that a day adds to each copy."""


def stored(cost: Cost, documents_a_day: float, sentences: float) -> Stored:
    """Return what a day's documents are in a server, of which there are `COPIES`."""
    a_day = cost.of(documents_a_day, documents_a_day * sentences)
    return Stored(a_day / DAY * BUSIEST * COPIES, a_day)
