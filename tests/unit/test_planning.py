"""What documents take, reckoned and simulated."""

from dataclasses import replace

import pytest

from benchmarks.planning import BUSIEST, DAY, FULL, Cost, fit, needs, partitions, stored
from benchmarks.services import different_texts, documents_of
from benchmarks.simulation import Arrival, Machines, simulate


@pytest.mark.parametrize("cost", [Cost(0.02, 0.0003), Cost(0, 0.0003), Cost(0.02, 0), Cost(1200.5, 784)])
def test_costs_are_found_again_from_runs(cost: Cost) -> None:
    runs = [
        (documents, sentences, cost.of(documents, sentences))
        for documents, sentences in ((1, 5000), (200, 600), (30, 1900))
    ]
    found = fit(runs)
    assert (found.document, found.sentence) == pytest.approx((cost.document, cost.sentence), abs=1e-9)


def test_nothing_costs_less_than_nothing() -> None:
    # As after noise: many documents took less than their sentences alone do in the long one.
    found = fit([(1, 1000, 1.0), (100, 1000, 0.9)])
    assert found.document == 0
    assert 0.0009 < found.sentence < 0.001
    assert fit([(1, 1000, 0), (100, 1000, 0)]) == Cost(0, 0)
    alone = fit([(10, 600, 6.0)])
    assert [alone.document, alone.sentence] == pytest.approx([0, 0.01]), "one run tells no two costs apart"


def test_a_service_has_cores_and_processes_for_the_busiest_half_hour() -> None:
    found = needs({"sink": Cost(0.01, 0.0001), "api": Cost(0, 0)}, 1_000_000, 60)
    assert found["sink"].cores == pytest.approx(1_000_000 * BUSIEST / DAY * (0.01 + 60 * 0.0001))
    assert found["sink"].processes * FULL >= found["sink"].cores > (found["sink"].processes - 1) * FULL
    assert found["api"].processes == 1
    assert [partitions(number, 8) for number in (1, 4, 5, 17)] == [8, 8, 16, 64]
    assert stored(Cost(0, 10), 100, 5).a_day == 5_000


def test_a_slow_sink_keeps_documents_waiting_and_another_one_helps() -> None:
    machines = Machines(4, 16, 0.01, stored_per_second=100, sink_seconds=0.5)
    arrivals = [Arrival(0, 64) for _ in range(8)]
    slow, better, fast = (
        simulate(one, arrivals).quantile(0.99)
        for one in (machines, replace(machines, sinks=4), replace(machines, stored_per_second=1e9, sink_seconds=0))
    )
    # 512 sentences at 100 a second, and eight ends of half a second.
    assert slow == pytest.approx(5.12 + 4, abs=0.2)
    assert better < slow / 3
    assert fast < 0.5


def test_documents_of_a_benchmark_are_cut_at_paragraphs_and_no_two_texts_are_alike() -> None:
    texts = different_texts()
    one, other = next(texts), next(texts)
    assert len(one) == len(other)
    assert one != other
    found = documents_of(one, 1_500, 10)
    assert len(found) == 10
    assert one.startswith("".join(found))
