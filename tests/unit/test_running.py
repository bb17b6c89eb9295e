"""Batches of bulk work are short, and all cores have one."""

import asyncio
import threading
import time
from collections.abc import Sequence

from tests.unit.engines import UpperEngine
from tests.waiting import eventually
from translator.engines import USUAL, Decoding, Hypothesis, Tokens
from translator.running import BULK_SECONDS, Job, Runner
from translator.scheduler import Scheduler


class SlowEngine(UpperEngine):
    """Takes its time for each token."""

    batch_tokens = 1_000
    per_token = 0.002

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Translate a batch, and note how large it is."""
        size = len(batch) * max(map(len, batch))
        self.sizes.append(size)
        time.sleep(size * self.per_token)
        return [Hypothesis("x") for _ in batch]


async def run(*, urgent: bool) -> list[int]:
    engine = SlowEngine()
    scheduler = Scheduler(1)
    scheduler.start()
    runner = Runner(engine, scheduler, urgent=urgent)
    await runner.run([Job(["token"] * 10, lambda: False)], USUAL)
    await runner.run([Job(["token"] * 10, lambda: False)] * 100, USUAL)
    await scheduler.stop()
    return engine.sizes[1:]


async def test_a_batch_of_bulk_work_takes_no_longer_than_a_note_may_wait() -> None:
    assert max(await run(urgent=False)) * SlowEngine.per_token <= 1.2 * BULK_SECONDS


async def test_urgent_work_is_not_cut() -> None:
    assert await run(urgent=True) == [1_000]


class CoresEngine(UpperEngine):
    """Has two cores, and room for one batch that waits."""

    device, workers = "cpu", 3

    def __init__(self) -> None:
        super().__init__()
        self.release = threading.Event()

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Translate a batch when it is let go."""
        self.batches.append(list(batch))
        self.release.wait(5)
        return [Hypothesis(" ".join(map(str, tokens))) for tokens in batch]


async def begun(engine: CoresEngine, count: int) -> None:
    async def check() -> bool:
        return len(engine.batches) == count

    await eventually(check)


async def test_a_batch_alone_is_dealt_to_all_cores_and_one_beside_others_is_not() -> None:
    engine, scheduler = CoresEngine(), Scheduler(3)
    scheduler.start()
    runner = Runner(engine, scheduler, urgent=True)
    jobs = [Job([f"w{number}"] * size, lambda: False) for number, size in enumerate((1, 4, 2, 3, 1))]
    alone = asyncio.create_task(runner.run(jobs, USUAL))
    await begun(engine, 2)
    assert sorted([len(tokens) for tokens in batch] for batch in engine.batches) == [[3, 1], [4, 2, 1]]
    beside = asyncio.create_task(runner.run(jobs, USUAL))
    await begun(engine, 3)
    engine.release.set()
    for found in await asyncio.gather(alone, beside):
        assert [one.text for one in found] == [" ".join(job.tokens) for job in jobs]
    await scheduler.stop()
    assert [len(tokens) for tokens in engine.batches[2]] == [4, 3, 2, 1, 1]
