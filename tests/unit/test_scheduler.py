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


async def test_an_urgent_job_has_a_thread_of_its_own_where_there_is_a_spare_one_and_bulk_jobs_have_none_of_it() -> None:
    scheduler = Scheduler(2, spare=1)
    scheduler.start()
    gate = threading.Event()
    running: list[str] = []

    def book(name: str) -> None:
        running.append(name)
        gate.wait(10)

    books = [asyncio.create_task(scheduler.run(partial(book, f"book {n}"), urgent=False)) for n in range(4)]
    try:
        for number in range(3):
            note = scheduler.run(partial(running.append, f"note {number}"), urgent=True)
            await asyncio.wait_for(note, 5)
        assert sorted(running) == ["book 0", "book 1", "note 0", "note 1", "note 2"]
    finally:
        gate.set()
        await asyncio.gather(*books)
    # What is left over of a job that the spare thread took is no job.
    await asyncio.wait_for(scheduler.run(partial(running.append, "last"), urgent=False), 5)
    await scheduler.stop()
    assert sorted(running)[:4] == [f"book {number}" for number in range(4)]


async def test_no_urgent_job_is_done_twice_or_left_out_whoever_does_it() -> None:
    scheduler = Scheduler(1, spare=1)
    began: list[int] = []
    notes = [asyncio.create_task(scheduler.run(partial(began.append, number), urgent=True)) for number in range(50)]
    scheduler.start()
    await asyncio.wait_for(asyncio.gather(*notes), 10)
    await scheduler.stop()
    assert sorted(began) == list(range(50))
