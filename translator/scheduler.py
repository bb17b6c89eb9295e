"""Batches of all lanes on one engine: what is read live goes first."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

BULK_MAY_WAIT = 3.0
"""Seconds after which one bulk batch goes before interactive ones, so that a flood of notes cannot stop a book."""


class _Job(NamedTuple):
    work: Callable[[], Any]
    result: asyncio.Future[Any]
    came: float


class Scheduler:
    """Runs jobs on as many threads as the engine works on batches at once, and urgent ones on `spare` threads more.

    Urgent jobs go first, in their order. While there are any, a bulk job has its turn when it has waited for
    `BULK_MAY_WAIT` and no other bulk job has begun for as long. So an urgent job waits for what runs, where there is no
    spare thread, and seldom for one bulk job more, however many of them are there.
    """

    def __init__(self, workers: int, spare: int = 0) -> None:
        self._workers = workers
        self._spare = spare
        self._pool = ThreadPoolExecutor(workers + spare, thread_name_prefix="engine")
        self._urgent: deque[_Job] = deque()
        self._bulk: deque[_Job] = deque()
        self._bulk_began = 0.0
        # Of a job that somebody else took a turn is left over here, which finds nothing.
        self._waiting = asyncio.Semaphore(0)
        self._urgent_waiting = asyncio.Semaphore(0)
        self._alone = asyncio.Lock()
        self._open = asyncio.Event()
        self._open.set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._running = 0
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to work."""
        self._tasks = [
            *(asyncio.create_task(self._work(self._waiting, self._next)) for _ in range(self._workers)),
            *(asyncio.create_task(self._work(self._urgent_waiting, self._next_urgent)) for _ in range(self._spare)),
        ]

    async def stop(self) -> None:
        """Stop after the jobs that are running."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._pool.shutdown()

    @property
    def busy(self) -> int:
        """How many jobs run or wait."""
        return self._running + len(self._urgent) + len(self._bulk)

    async def run(self, job: Callable[[], T], *, urgent: bool) -> T:
        """Run `job` in a thread and return what it returns, or raise what it raises."""
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        (self._urgent if urgent else self._bulk).append(_Job(job, result, time.monotonic()))
        self._waiting.release()
        if urgent and self._spare:
            self._urgent_waiting.release()
        return await result

    def _next(self) -> _Job | None:
        now = time.monotonic()
        if self._bulk and (not self._urgent or now - max(self._bulk_began, self._bulk[0].came) >= BULK_MAY_WAIT):
            self._bulk_began = now
            return self._bulk.popleft()
        return self._next_urgent()

    def _next_urgent(self) -> _Job | None:
        return self._urgent.popleft() if self._urgent else None

    async def run_alone(self, job: Callable[[], T]) -> T:
        """Run `job` while nothing else runs, so that what goes wrong meanwhile is its doing."""
        async with self._alone:
            self._open.clear()
            try:
                await self._idle.wait()
                return await asyncio.get_running_loop().run_in_executor(self._pool, job)
            finally:
                self._open.set()

    async def _work(self, waiting: asyncio.Semaphore, choose: Callable[[], _Job | None]) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await waiting.acquire()
            await self._open.wait()
            found = choose()
            if found is None or found.result.cancelled():
                continue
            job, result, _ = found
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
