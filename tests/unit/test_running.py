"""Batches of bulk work are short."""

import time
from collections.abc import Sequence

from tests.unit.engines import UpperEngine
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
