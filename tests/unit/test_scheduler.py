"""Which batch goes first."""

import asyncio
import threading
from functools import partial

import pytest

from translator.scheduler import BULK_MAY_WAIT, Scheduler


async def test_urgent_jobs_go_before_others_that_came_earlier() -> None:
    scheduler = Scheduler(1)
    order: list[str] = []
    gate = threading.Event()
    waiting: list[asyncio.Task[object]] = [asyncio.create_task(scheduler.run(gate.wait, urgent=False))]
    scheduler.start()
    await asyncio.sleep(0)
    for name, urgent in (("book", False), ("book too", False), ("note", True)):
        waiting.append(asyncio.create_task(scheduler.run(partial(order.append, name), urgent=urgent)))
    await asyncio.sleep(0.01)
    gate.set()
    await asyncio.gather(*waiting)
    await scheduler.stop()
    assert order == ["note", "book", "book too"]


async def test_a_job_nobody_waits_for_any_more_is_left_out() -> None:
    scheduler = Scheduler(1)
    ran: list[int] = []
    task = asyncio.create_task(scheduler.run(lambda: ran.append(1), urgent=True))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    scheduler.start()
    await scheduler.run(lambda: None, urgent=True)
    await scheduler.stop()
    assert ran == []


async def test_an_urgent_job_does_not_wait_for_bulk_jobs_that_have_waited_long(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [100.0]
    monkeypatch.setattr("translator.scheduler.time.monotonic", lambda: seconds[0])
    scheduler = Scheduler(1)
    order: list[str] = []
    waiting = [asyncio.create_task(scheduler.run(partial(order.append, f"book {n}"), urgent=False)) for n in range(5)]
    await asyncio.sleep(0)
    seconds[0] += 10 * BULK_MAY_WAIT
    waiting += [asyncio.create_task(scheduler.run(partial(order.append, f"note {n}"), urgent=True)) for n in range(3)]
    await asyncio.sleep(0)
    scheduler.start()
    await asyncio.gather(*waiting)
    await scheduler.stop()
    assert order[:4] == ["book 0", "note 0", "note 1", "note 2"], "one of the book has its turn, and no more"
