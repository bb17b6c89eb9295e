"""How long a status takes while many read live events and many upload."""

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from http import HTTPStatus

from benchmarks.pipelines import ROOT, pipeline
from benchmarks.recorder import Recorder, most, quantiles
from pipeline.errors import SatzstromError
from satzstrom import AsyncClient, Client, RefusedError
from satzstrom.results import Status

_BOOK = (ROOT / "examples" / "immensee.txt").read_text(encoding="utf-8")


def run(recorder: Recorder, readers: int = 200, uploads: int = 50) -> None:
    """Measure the time of a status while so many read events and upload a book each.

    All uploads begin at once, and readers come to each book as soon as it is accepted. Every reader has to get every
    sentence, and every book has to come back as it was. Whoever asks for statuses is a process of its own, so that what the
    readers take in does not count as time of the API.
    """
    names = [f"book-{number}" for number in range(uploads)]
    times: list[float] = []
    spawn = multiprocessing.get_context("spawn")
    with pipeline("identity") as (client, state), ProcessPoolExecutor(1, mp_context=spawn) as pool:
        pool.submit(_ready).result()
        began = time.perf_counter()
        loading = pool.submit(_load, state["api"], names, readers)
        while not loading.done():
            times.append(_ask(client, names[len(times) % len(names)]))
            time.sleep(0.02)
        loading.result()
        took = time.perf_counter() - began
    found = quantiles(times)
    note = f"{len(times)} questions, {readers} readers of live events, {uploads} uploads of {len(_BOOK):,} characters"
    recorder.add("status of a document, p50", found[50], "ms")
    recorder.add("status of a document, p95", found[95], "ms", aim=most(100), note=note)
    recorder.add("until all was read", took, "s")


def _ask(client: Client, document: str) -> float:
    """Return the milliseconds that a status takes; of a document that is not there yet, that the answer takes."""
    begin = time.perf_counter()
    try:
        client.status(document)
    except RefusedError as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
    return (time.perf_counter() - begin) * 1000


def _ready() -> None:
    """Do nothing; a process that has done it has loaded what it needs."""


def _load(address: str, names: list[str], readers: int) -> None:
    asyncio.run(_upload_and_read(address, names, readers))


async def _upload_and_read(address: str, names: list[str], readers: int) -> None:
    each = dict.fromkeys(names, 0)
    for name, _ in zip(_around(names), range(readers), strict=False):
        each[name] += 1
    async with AsyncClient(address, timeout=120) as client:

        async def one(name: str) -> None:
            await client.submit(_BOOK, document=name)
            totals = await asyncio.gather(*(_read(client, name) for _ in range(each[name])))
            _check(await client.wait(name), totals)
            if b"".join([chunk async for chunk in client.text(name)]).decode() != _BOOK:
                raise SatzstromError(f"{name} is not what it was")

        await asyncio.gather(*map(one, names))


def _around(names: list[str]) -> Iterator[str]:
    while True:
        yield from names


async def _read(client: AsyncClient, document: str) -> int:
    return len({sentence.position async for sentence in client.live(document)})


def _check(status: Status, totals: list[int]) -> None:
    if set(totals) - {status.sentences.total}:
        raise SatzstromError(f"readers of {status.id} got {totals} sentences of {status.sentences.total}")
