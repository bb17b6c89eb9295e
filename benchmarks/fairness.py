"""A note while a book of 100,000 sentences is queued, against a note in an idle pipeline: p95."""

import time

from benchmarks.pipelines import finish, pipeline
from benchmarks.recorder import Recorder, most, quantiles
from benchmarks.texts import NOTE, STORY
from satzstrom import Client

_QUEUED = 100_000
_OFTEN = 0.003
_NOTES = 30
_WITHIN = 180.0


def run(recorder: Recorder, rounds: int = 2) -> None:
    """Measure with the bundled model; each round has a pipeline of its own, idle first, then with the book."""
    idle, queued = [], []
    for _ in range(rounds):
        with pipeline("ctranslate2") as (client, _):
            _times(client, 10)
            idle.append(quantiles(_times(client, _NOTES)))
            book = _queue(client)
            queued.append(quantiles(_times(client, _NOTES)))
            assert client.status(book).sentences.total >= _QUEUED
            client.cancel(book)
    ratios = [busy[95] / free[95] for busy, free in zip(queued, idle, strict=True)]
    recorder.add("note while 100,000 sentences are queued ÷ idle, p95", ratios, aim=most(2))
    for name, found in (("idle", idle), ("while they are queued", queued)):
        for share in (50, 95):
            recorder.add(f"note {name}, p{share}", [one[share] for one in found], "ms")


def _times(client: Client, count: int) -> list[float]:
    found = []
    for _ in range(count):
        begin = time.perf_counter()
        finish(client, client.submit(NOTE), _OFTEN)
        found.append(1000 * (time.perf_counter() - begin))
    return found


def _queue(client: Client) -> str:
    """Send a book, and return its id when all of its sentences are found."""
    begin = client.status(client.submit(STORY))
    finish(client, begin.id)
    copies = _QUEUED // client.status(begin.id).sentences.total + 1
    book = client.submit(iter([STORY.encode()] * copies))
    deadline = time.monotonic() + _WITHIN
    while client.status(book).sentences.total < _QUEUED:
        assert time.monotonic() < deadline, "not all sentences of the book were found in time"
        time.sleep(0.5)
    return book
