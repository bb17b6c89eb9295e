"""How long a status takes while many read live events and many upload."""

import asyncio
import statistics
import time
from collections.abc import Iterator

from benchmarks.pipelines import ROOT, pipeline
from pipeline.errors import SatzstromError
from producer import AsyncClient
from producer.results import Status

_BOOK = (ROOT / "examples" / "immensee.txt").read_text(encoding="utf-8")
_AIM_MS = 100


def run(readers: int = 200, uploads: int = 50) -> None:
    """Print the time of a status while so many read events and upload a book each; the aim is a p95 of 100 ms.

    Every reader has to get every sentence, and every book has to come back as it was.
    """
    with pipeline("identity") as (_, state):
        times = asyncio.run(_measure(state["api"], readers, uploads))
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[18]
    print(f"{readers} readers of live events, {uploads} uploads of {len(_BOOK) // 1000} thousand characters")
    print(f"  status of a document: p50 {p50:.0f} ms, p95 {p95:.0f} ms of {len(times)} (aim p95 {_AIM_MS} ms)")


async def _measure(address: str, readers: int, uploads: int) -> list[float]:
    names = [f"book-{number}" for number in range(uploads)]
    times: list[float] = []
    finished = asyncio.Event()
    async with AsyncClient(address, timeout=120) as client:
        await client.submit(_BOOK, document=names[0])

        async def ask() -> None:
            while not finished.is_set():
                begin = time.perf_counter()
                await client.status(names[0])
                times.append((time.perf_counter() - begin) * 1000)
                await asyncio.sleep(0.05)

        asking = asyncio.create_task(ask())
        sent = asyncio.gather(*(client.submit(_BOOK, document=name) for name in names))
        await sent
        read = [_read(client, name) for name, _ in zip(_around(names), range(readers), strict=False)]
        totals = await asyncio.gather(*read)
        statuses = [await client.wait(name) for name in names]
        finished.set()
        await asking
        _check(statuses, totals)
        for name in names:
            if b"".join([chunk async for chunk in client.text(name)]).decode() != _BOOK:
                raise SatzstromError(f"{name} is not what it was")
    return times


def _around(names: list[str]) -> Iterator[str]:
    while True:
        yield from names


async def _read(client: AsyncClient, document: str) -> int:
    return len({sentence.position async for sentence in client.live(document)})


def _check(statuses: list[Status], totals: list[int]) -> None:
    wanted = {status.sentences.total for status in statuses}
    if len(wanted) != 1 or set(totals) != wanted:
        raise SatzstromError(f"readers got {sorted(set(totals))} sentences, the books have {sorted(wanted)}")
