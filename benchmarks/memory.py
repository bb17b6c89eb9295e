"""How much every process of a pipeline grows while a long text goes through it, and comes back byte for byte."""

import os
import random
import threading
import time
from collections.abc import Iterator
from typing import Self

import psutil

from benchmarks.pipelines import finish, pipeline
from benchmarks.recorder import Recorder, most
from benchmarks.texts import BOOK

_MEGABYTE = 1_000_000


def chunks(size: int) -> Iterator[bytes]:
    """Yield `size` bytes of text without holding them."""
    book = BOOK.encode()
    while size > 0:
        yield book[:size] if size < len(book) else book
        size -= len(book)


def new_words(size: int, seed: int) -> Iterator[bytes]:
    """Yield about `size` bytes of sentences whose words are ever new: order lines with names, numbers and ids."""
    chance = random.Random(seed)  # noqa: S311 (the same text every time)
    while size > 0:
        lines = []
        for _ in range(1000):
            first, second, order = (f"{chance.getrandbits(40):x}" for _ in range(3))
            letters = "".join(chr(97 + int(digit, 16)) for digit in first)
            lines.append(f"Bestellung {order} von {letters.title()} wird an {second} geliefert.\n")
        block = "".join(lines).encode()
        yield block
        size -= len(block)


class Sampler:
    """Notes the largest resident memory of processes."""

    def __init__(self, pids: dict[str, int]) -> None:
        self.peaks = dict.fromkeys(pids, 0)
        self._processes = {name: psutil.Process(pid) for name, pid in pids.items()}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.2):
            for name, process in self._processes.items():
                self.peaks[name] = max(self.peaks[name], process.memory_info().rss)


def run(recorder: Recorder, warm: int = 20) -> None:
    """Measure the growth between a short text and one of MEGABYTES (200): a book again and again, then ever new words."""
    megabytes = int(os.environ.get("MEGABYTES", "200"))
    with pipeline("identity") as (client, state):
        pids = {process["name"]: process["pid"] for process in state["processes"]}
        pids |= {"supervisor": state["supervisor"], "client": os.getpid()}
        with Sampler(pids) as before:
            finish(client, client.submit(chunks(warm * _MEGABYTE)))
            finish(client, client.submit(new_words(warm * _MEGABYTE, 0)))
        begin = time.perf_counter()
        with Sampler(pids) as during:
            document = client.submit(chunks(megabytes * _MEGABYTE))
            status = finish(client, document)
            for expected, found in zip(
                _blocks(chunks(megabytes * _MEGABYTE)), _blocks(client.text(document)), strict=True
            ):
                assert expected == found
            finish(client, client.submit(new_words(megabytes * _MEGABYTE, 1)))
        seconds = time.perf_counter() - begin
    note = f"{megabytes} MB, {status.sentences.total:,} sentences, and as much of ever new words"
    for name in pids:
        growth = (during.peaks[name] - before.peaks[name]) / _MEGABYTE
        given = name.startswith(("kafka", "mongodb"))
        recorder.add(f"{name}, growth", growth, "MB", aim=None if given else most(64), note="" if given else note)
        recorder.add(f"{name}, at most", during.peaks[name] / _MEGABYTE, "MB")
    recorder.add("both texts there and back", seconds, "s", note=note)


def _blocks(pieces: Iterator[bytes], size: int = 1 << 20) -> Iterator[bytes]:
    """Yield the same bytes in blocks of one size."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= size:
            yield bytes(waiting[:size])
            del waiting[:size]
    yield bytes(waiting)
