"""Batches of all lanes on one engine: what is read live goes first."""

import asyncio
import itertools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

BULK_MAY_WAIT = 3.0
"""Seconds for which interactive batches go before a bulk batch that came earlier; after that it is its turn, so that a
flood of notes cannot stop a book."""


class Scheduler:
    """Runs jobs on as many threads as the engine works on batches at once, the most urgent first.

    A job's deadline is its arrival, plus `BULK_MAY_WAIT` in the bulk lane; the earliest deadline goes first.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="engine")
        self._jobs: asyncio.PriorityQueue[tuple[float, int, Callable[[], Any], asyncio.Future[Any]]] = (
            asyncio.PriorityQueue()
        )
        self._number = itertools.count()
        self._alone = asyncio.Lock()
        self._open = asyncio.Event()
        self._open.set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._running = 0
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to work."""
        self._tasks = [asyncio.create_task(self._work()) for _ in range(self._workers)]

    async def stop(self) -> None:
        """Stop after the jobs that are running."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._pool.shutdown()

    async def run(self, job: Callable[[], T], *, urgent: bool) -> T:
        """Run `job` in a thread and return what it returns, or raise what it raises."""
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        deadline = time.monotonic() + (0.0 if urgent else BULK_MAY_WAIT)
        self._jobs.put_nowait((deadline, next(self._number), job, result))
        return await result

    async def run_alone(self, job: Callable[[], T]) -> T:
        """Run `job` while nothing else runs, so that what goes wrong meanwhile is its doing."""
        async with self._alone:
            self._open.clear()
            try:
                await self._idle.wait()
                return await asyncio.get_running_loop().run_in_executor(self._pool, job)
            finally:
                self._open.set()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            *_, job, result = await self._jobs.get()
            await self._open.wait()
            if result.cancelled():
                continue
            self._running += 1
            self._idle.clear()
            try:
                outcome = await loop.run_in_executor(self._pool, job)
            except Exception as error:  # noqa: BLE001 (it belongs to whoever waits for the job)
                if not result.done():
                    result.set_exception(error)
            else:
                if not result.done():
                    result.set_result(outcome)
            finally:
                self._running -= 1
                if self._running == 0:
                    self._idle.set()
