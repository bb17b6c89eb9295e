"""Everything but a model: the identity engine, which returns what it is given, through the whole pipeline."""

import asyncio
import itertools
import time
from typing import Any

import httpx
from aiokafka import TopicPartition

from benchmarks.pipelines import finish, pipeline
from benchmarks.recorder import Recorder, least
from benchmarks.texts import NOTE, STORY
from pipeline.consumers import started
from pipeline.kafka import KafkaClients
from pipeline.topics import Topics

_COMPLETED = Topics()["documents.completed"]
_AT_ONCE = 16
_WITHIN = 120.0
_SECONDS = 4.0
"""That a round of small documents takes about."""


def run(recorder: Recorder) -> None:
    """Measure a long document, and very many small ones, which come by Kafka and over HTTP."""
    with pipeline("identity", settings={"SATZSTROM_MEMORY": "all"}) as (client, state):
        finish(client, client.submit(STORY))
        recorder.add("a long document, identity engine", _long(client), "sentences/s", aim=least(15_000))
        asyncio.run(_small(recorder, state))


def _long(client: Any, rounds: int = 3, copies: int = 70) -> list[float]:
    text = (STORY * copies).encode()
    speeds = []
    for _ in range(rounds):
        begin = time.perf_counter()
        status = finish(client, client.submit(iter([text])))
        speeds.append(status.sentences.total / (time.perf_counter() - begin))
    return speeds


async def _small(recorder: Recorder, state: dict[str, Any], rounds: int = 3) -> None:
    clients = KafkaClients(state["kafka"])
    names = (f"small-{number}" for number in itertools.count())
    kafka: list[float] = []
    http: list[float] = []
    consumer, producer = clients.consumer(), clients.producer()
    async with (
        started(consumer),
        started(producer),
        httpx.AsyncClient(base_url=state["api"], timeout=60, limits=httpx.Limits(keepalive_expiry=1)) as api,
    ):
        consumer.assign([TopicPartition(_COMPLETED.name, number) for number in range(_COMPLETED.partitions)])
        await consumer.seek_to_end()

        async def by_kafka(name: str) -> None:
            await producer.send("documents", value=b'{"id": "%s", "text": "%s"}' % (name.encode(), NOTE.encode()))

        async def by_http(name: str) -> None:
            body = {"id": name, "text": NOTE, "source": "de", "target": "en"}
            (await api.post("/v1/documents", json=body)).raise_for_status()

        ways = ((by_kafka, kafka), (by_http, http))
        counts = [max(100, round(_SECONDS * await _speed(consumer, send, names, 100))) for send, _ in ways]
        for _ in range(rounds):
            for (send, found), count in zip(ways, counts, strict=True):
                found.append(await _speed(consumer, send, names, count))
    recorder.add(
        "small documents by Kafka, identity engine",
        kafka,
        "documents/s",
        aim=least(1500),
        note="one sentence each, until their completion is on the topic",
    )
    recorder.add(
        "small documents over HTTP, identity engine",
        http,
        "documents/s",
        note=f"a request each, {_AT_ONCE} at once; the sender is a process of the same machine",
    )


async def _speed(consumer: Any, send: Any, names: Any, count: int) -> float:
    """Return documents a second from the first that is sent to the last that is done."""
    waiting = {next(names) for _ in range(count)}
    left = iter(list(waiting))
    begin = time.perf_counter()

    async def work() -> None:
        for name in left:
            await send(name)

    async with asyncio.timeout(_WITHIN), asyncio.TaskGroup() as tasks:
        for _ in range(_AT_ONCE):
            tasks.create_task(work())
        while waiting:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                waiting -= {record.key.decode() for record in records}
    return count / (time.perf_counter() - begin)
