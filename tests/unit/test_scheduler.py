"""Which batch goes first."""

import asyncio
import threading
from functools import partial

from translator.scheduler import Scheduler


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
